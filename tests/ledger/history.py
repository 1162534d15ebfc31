"""Random histories of every command of the ledger, with refusals, replays and another network looking in."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
from flask import Flask
from hypothesis.stateful import precondition, rule

from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.errors import BranchNetError, NotFound, SameIdOtherBody
from branchnet.extensions import db, transaction
from branchnet.models import Batch
from tests.ledger.rules.afterwards import LoggingAfterwards
from tests.ledger.rules.asking import Asking
from tests.ledger.rules.correcting import Correcting
from tests.ledger.rules.drafting import Drafting
from tests.ledger.rules.drawn import PICK
from tests.ledger.rules.exchanging import Exchanging
from tests.ledger.rules.handing_over import HandingOver
from tests.ledger.rules.lists import Lists
from tests.ledger.rules.mid_life import StartingMidLife
from tests.ledger.rules.points import Living
from tests.ledger.rules.rehearsing import Rehearsing
from tests.ledger.rules.returning import Returning
from tests.ledger.rules.scanning_back import ScanningBack
from tests.ledger.rules.sending import Sending
from tests.ledger.rules.stocktaking import Stocktaking
from tests.ledger.rules.stories import Stories
from tests.ledger.rules.taking_in import TakingIn


class History(
    TakingIn,
    Drafting,
    Sending,
    Returning,
    ScanningBack,
    Correcting,
    LoggingAfterwards,
    Lists,
    StartingMidLife,
    Stocktaking,
    Stories,
    Living,
    Rehearsing,
    Exchanging,
    Asking,
    HandingOver,
):
    """One network's life: what people do, in any order, right or wrong."""

    # What phones and strangers do.

    @precondition(lambda self: self.done)
    @rule(pick=PICK, who=st.sampled_from(["again", "other body", "stranger"]))
    def outside(self, pick: int, who: str) -> None:
        """A phone sends again, the same or something else; another network reaches for a batch."""
        before = self.count()
        key, verb, body, outcome = self.done[pick % len(self.done)]
        if who == "again":
            assert perform(self.act, key, verb, body, self._never) == outcome
        elif who == "other body":
            self.refused(SameIdOtherBody, lambda: perform(self.act, key, verb, {**body, "other": 1}, self._never))
        else:
            batch_id = self.some(Batch, pick)
            self.refused(NotFound, lambda: self._as_stranger(batch_id))
        assert self.count() == before, f"{verb} {who} changed something"

    def _as_stranger(self, batch_id: int) -> None:
        with transaction():
            batches.dispatch(self.stranger, batch_id, self.today)

    @staticmethod
    def refused(error: type[BranchNetError], attempt: Callable[[], Any]) -> None:
        try:
            attempt()
        except error:
            db.session.rollback()
        else:
            raise AssertionError(f"{error.__name__} was expected")

    @staticmethod
    def _never() -> dict[str, Any]:
        raise AssertionError("a replayed operation was done again")


def run(app: Flask, tally: Counter[str]) -> None:
    """Search for a history that breaks the ledger. The tally counts what was checked, done and refused on the way."""
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - a test's own tool

    run_state_machine_as_test(lambda: History(app, tally))
