"""Facts that are kept up by what changed, against a slow walk through the ledger, over random histories.

Every command of the ledger, points that change, readings that come: whatever changes a fact must have marked it.
"""

import os
from collections import Counter
from datetime import UTC, datetime

import hypothesis.strategies as st
from flask import Flask
from hypothesis import settings
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.calendar.rules import month_of
from branchnet.coverage import facts
from branchnet.extensions import db, transaction
from branchnet.models import Batch, ServicePoint
from branchnet.points.commands import Position
from branchnet.points.life import commands as life
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.coverage.slow_facts import as_kept, walked
from tests.ledger.history import History
from tests.ledger.rules.drawn import LATER, PICK

A_YEAR_ON = datetime(2027, 4, 20, 4, 0, tzinfo=UTC)
"""Then what came first has stood for more than a year."""
STEPS, EXAMPLES = 16, 100
QUICK = {"sqlite": 15, "postgresql": 4}
"""Histories of the everyday run: the search is the same on both, and the queries have tests of their own."""


class FactsHistory(History):
    """A history in which facts are brought up to date now and then."""

    @initialize()
    def begin(self) -> None:
        """Points at which nothing happened have facts from the first night on; at one of them books came."""
        super().begin()
        first = self.some(Batch, 0, Batch.kind == "delivery")
        self.step("receive", lambda: batches.receive(self.act, first, self.on(0)))
        with transaction():
            facts.catch_up(self.act)

    @rule()
    def refresh(self) -> None:
        """What the job does."""
        for act in (self.act, self.stranger):
            with transaction():
                facts.refresh(act)

    @rule(pick=PICK, later=LATER, what=st.sampled_from(["kind", "move", "enrol"]), number=st.integers(0, 400))
    def point_changes(self, pick: int, later: int, what: str, number: int) -> None:
        """A point is another kind of point, stands elsewhere, or has another number of pupils."""
        point, day = self.some(ServicePoint, pick), self.on(later)
        ways = {
            "kind": lambda: life.change_kind(self.act, point, "book_house", "village", day),
            "move": lambda: life.move(self.act, point, day, Position(), f"4408020{number:05}"),
            "enrol": lambda: life.enrol(self.act, point, number, day),
        }
        self.step(what, ways[what])

    @rule(pick=PICK, later=LATER, number=st.none() | st.integers(0, 90))
    def report(self, pick: int, later: int, number: int | None) -> None:
        """A month is reported, for the first time or again."""
        point, month = self.some(ServicePoint, pick), month_of(self.on(later))
        told = Report(in_school_visits=number, community_loans=0, not_open=False)
        sent = Sent("staff", based_on=None, confirmed=True)
        self.step("report", lambda: submit_month(self.act, point, month, told, sent))

    def teardown(self) -> None:
        try:
            if hasattr(self, "act"):
                self.refresh()
                self.same()
                with clock.at(A_YEAR_ON):
                    for act in (self.act, self.stranger):
                        with transaction():
                            facts.catch_up(act)
                    self.same()
        finally:
            super().teardown()

    def same(self) -> None:
        """The facts in the table are those of the walk."""
        for act in (self.act, self.stranger):
            kept, told = as_kept(act.network_id), walked(act.network_id, Act(act.network_id).today())
            for key in sorted(kept.keys() | told.keys()):
                assert kept.get(key) == told.get(key), key
            self.tally["facts"] += len(kept)
            self.tally["old"] += sum(one["old_copies"] for one in kept.values())
            self.tally["batches"] += sum(one["last_batch_on"] is not None for one in kept.values())
        db.session.rollback()

    def ledger_holds(self) -> None:
        """Other tests look at the ledger."""

    def no_copy_is_lost(self) -> None:
        """Other tests look at the copies."""


def test_kept_facts_are_those_of_a_walk_through_the_ledger(app: Flask, engine_name: str) -> None:
    tally: Counter[str] = Counter()
    examples = EXAMPLES if os.environ.get("BRANCHNET_FULL") else QUICK[engine_name]
    run_state_machine_as_test(
        lambda: FactsHistory(app, tally), settings=settings(max_examples=examples, stateful_step_count=STEPS)
    )
    assert min(tally["facts"], tally["old"], tally["batches"], tally["done"]) > 0
