"""Points in their lives, right or wrong: shut for a while, closed, opened again, renamed, merged with their books."""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import ServicePoint
from branchnet.points.life import commands as life
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import LATER, PICK

STEPS = st.sampled_from(["pause", "resume", "rename", "correct", "merge", "merge"])


class Living(Ledger):
    """What becomes of points, whatever stands there and is on the road to them."""

    @rule(step=STEPS, pick=PICK, other=PICK, later=LATER, flag=st.booleans())
    def live(self, step: str, pick: int, other: int, later: int, flag: bool) -> None:
        point, day = self.some(ServicePoint, pick), self.on(later)
        into = self.some(ServicePoint, other, ServicePoint.closed_on.is_(None))
        db.session.rollback()
        ways: dict[str, Callable[[], Any]] = {
            "pause": lambda: life.pause(self.act, point, day, "放假", None if flag else self.on(2)),
            "resume": lambda: life.resume(self.act, point, day),
            "rename": lambda: life.rename(self.act, point, f"校{pick % 5}", day),
            "correct": lambda: life.correct_name(self.act, point, f"校{pick % 5}"),
            "merge": lambda: batches.merge(self.act, point, into, day, "合并", sent=flag),
        }
        self.step(f"point {step}", ways[step])

    @rule(pick=PICK, later=LATER)
    def close_or_reopen(self, pick: int, later: int) -> None:
        """What closed opens again: a network without an open point tells little."""
        closed = self.some(ServicePoint, pick, ServicePoint.closed_on.is_not(None))
        day, point = self.on(later), self.some(ServicePoint, pick)
        if closed:
            self.step("point reopen", lambda: life.reopen(self.act, closed, day, "复办"))
        else:
            self.step("point close", lambda: batches.close_point(self.act, point, day, "撤点"))
