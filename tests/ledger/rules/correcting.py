"""What people put right, or try to: differences, damage, steps that were logged wrongly, months that close."""

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.calendar.commands import end_exception, grant_exception, lock_through
from branchnet.calendar.rules import bounds, month_of
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, Discrepancy, LockException, Lot, ServicePoint
from tests.ledger.machine import FIRST_LOCKABLE, Ledger
from tests.ledger.rules.drawn import FEW, LATER, PICK

REVERSIBLE = ("dispatched", "received", "recalled", "scanned", "restocked", "resolved")


class Correcting(Ledger):
    """What was wrong is put right, and months close."""

    @precondition(lambda self: self.there & {"dispatched", "received"})
    @rule(pick=PICK, later=LATER, quantity=FEW)
    def report_damaged(self, pick: int, later: int, quantity: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["dispatched", "received"]))
        self.step("damaged", lambda: batches.report_damaged(self.act, batch_id, quantity, self.on(later)))

    @precondition(lambda self: "difference" in self.there)
    @rule(
        pick=PICK,
        later=LATER,
        resolution=st.sampled_from(["found", "lost", "damaged", "miscounted", "surplus", "repaired", "worn"]),
        lot=PICK,
    )
    def resolve(self, pick: int, later: int, resolution: str, lot: int) -> None:
        case_id = self.some(Discrepancy, pick, Discrepancy.closed_on.is_(None))
        case = db.session.get(Discrepancy, case_id)
        quantity, batch_id = (case.quantity, case.batch_id) if case else (1, 0)
        db.session.rollback()
        lot_id = self.some(Lot, lot, Lot.id.in_(select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)))
        self.step("resolve", lambda: batches.resolve(self.act, case_id, resolution, self.on(later), {lot_id: quantity}))

    @rule(pick=PICK, newest=st.booleans())
    def reverse(self, pick: int, newest: bool) -> None:
        steps = (BatchEvent.entry_id.is_not(None), BatchEvent.step.in_(REVERSIBLE))
        event_id = self.some(BatchEvent, -1 if newest else pick, *steps)
        batch_id = db.session.scalar(select(BatchEvent.batch_id).where(BatchEvent.id == event_id)) or 0
        self.step("reverse", lambda: batches.reverse_step(self.act, batch_id, event_id, "记错了"))

    @precondition(lambda self: self.today > self.lockable)
    @rule(pick=PICK, all_points=st.booleans(), opened=st.booleans())
    def lock(self, pick: int, all_points: bool, opened: bool) -> None:
        """The month of a quarter ago is closed, once; and opened at once where something was forgotten."""
        month = month_of(self.lockable)
        self.lockable += timedelta(days=31)
        self.step("lock", lambda: lock_through(self.act, month))
        if opened:
            self._come_in_late(month, pick, all_points)

    @precondition(lambda self: self.lockable > FIRST_LOCKABLE)
    @rule(pick=PICK, back=st.integers(0, 2), all_points=st.booleans(), end=st.booleans())
    def open_again(self, pick: int, back: int, all_points: bool, end: bool) -> None:
        """A month that may be closed is opened for a point or for all, and books come in late; or an exception ends."""
        exception_id = self.some(LockException, pick, LockException.ended_at.is_(None))
        if end and exception_id:
            self.step("end exception", lambda: end_exception(self.act, exception_id))
        else:
            self._come_in_late(month_of(self.lockable - timedelta(days=31 * (back + 1))), pick, all_points)

    def _come_in_late(self, month: str, pick: int, all_points: bool) -> None:
        point = None if all_points else self.some(ServicePoint, pick)
        self.step("exception", lambda: grant_exception(self.act, month, point, "补记", self.act.today()))
        day, place = bounds(month)[1] - timedelta(days=pick % 20), self.places[pick % len(self.places)]
        self.do("opening", {}, lambda: self._take_in("opening", day, 1, 5, place))
