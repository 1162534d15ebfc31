"""What takes several steps one after the other, told in one breath: chance alone seldom comes so far."""

from collections.abc import Callable
from datetime import date

import hypothesis.strategies as st
from hypothesis.stateful import rule

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch, Box, Discrepancy, Disposal, Entry, Repair
from branchnet.points.queries import points_on
from tests.ledger.machine import FIRST
from tests.ledger.rules.drawn import LATER, PICK
from tests.ledger.rules.losses import Losses

STORIES = ("collected", "uncounted", "split", "closed", "mended", "worn", "found", "disposed")
WRONG = "记错了"


class Stories(Losses):
    """Each ends with the step that histories would hardly ever draw; any step on the way may be refused."""

    @rule(what=st.sampled_from(STORIES), pick=PICK, later=LATER)
    def whole_story(self, what: str, pick: int, later: int) -> None:
        at = self.places[0 if what in ("found", "disposed") else 1]
        held = self._held_at(at if what not in ("collected", "uncounted") else self.places[0])
        if held:
            lot_id, serial = held[pick % len(held)]
            tell: dict[str, Callable[[int, int, int, date], None]] = {
                "collected": self._collected,
                "uncounted": self._uncounted,
                "split": self._split,
                "closed": self._closed,
                "mended": self._mended,
                "worn": self._worn,
                "found": self._found,
                "disposed": self._disposed,
            }
            tell[what](at, lot_id, 1 if serial else 2, self.on(later))

    def _collected(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if self._arrived("delivery", at, lot_id, copies, day):
            batch_id = self._newest(Batch)
            self.step("collect", lambda: batches.collect(self.act, batch_id, day))

    def _uncounted(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if self._arrived("allocation", at, lot_id, copies, day):
            box = db.session.get_one(Box, self._newest(Box))
            batch_id, number = box.batch_id, box.number
            db.session.rollback()
            self.step("uncount", lambda: batches.uncount_box(self.act, batch_id, number, WRONG))

    def _arrived(self, kind: str, at: int, lot_id: int, copies: int, day: date) -> bool:
        """A batch in one box that was sent and counted on one day."""

        def effect() -> None:
            batch = batches.draft(self.act, batches.NewBatch(kind, day, at, self.places[0]))
            batches.open_box(self.act, batch.id)
            batches.add_lines(self.act, batch.id, [batches.NewLine(lot_id, copies, 1)])
            batches.dispatch(self.act, batch.id, day)
            batches.receive(self.act, batch.id, day)

        return self.step("send and count", effect) is not None

    def _split(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if case_id := self._reported("short", at, lot_id, copies, day):
            self.step("split off", lambda: batches.split_off(self.act, case_id, 1))

    def _closed(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if case_id := self._ended("short", "lost", at, lot_id, copies, day):
            self.step("take back case", lambda: batches.reverse_closing(self.act, case_id, WRONG))

    def _mended(self, at: int, lot_id: int, copies: int, day: date) -> None:
        """A repair that begins with the case, ends, and was none."""
        if self._ended("damaged", "repaired", at, lot_id, copies, day):
            repair_id, outcome = self._newest(Repair), ("repaired", "beyond_repair")[lot_id % 2]
            self.step("end repair", lambda: batches.end_repair(self.act, repair_id, outcome, day))
            self.step("take back repair", lambda: batches.reverse_repair(self.act, repair_id, WRONG))

    def _worn(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if case_id := self._reported("short", at, lot_id, copies, day):
            points = points_on([self.act.network_id], self.act.today())
            db.session.rollback()
            self.step("worn", lambda: batches.close_worn(self.act, points, FIRST, day, day, [case_id]))

    def _found(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if not self._ended("short", "lost", at, lot_id, copies, day):
            return
        if self.step("find again", lambda: batches.find_again(self.act, lot_id, "lost", at, day, copies)) is not None:
            entry_id = self.some(Entry, -1, Entry.verb == "found_again")
            self.step("take back find", lambda: batches.reverse_find(self.act, entry_id, WRONG))

    def _disposed(self, at: int, lot_id: int, copies: int, day: date) -> None:
        if not self._ended("damaged", "damaged", at, lot_id, copies, day):
            return
        if self.step("draft list", lambda: batches.draft_disposal(self.act, day, None)) is not None:
            disposal_id = self._newest(Disposal)
            self.step("approve list", lambda: batches.approve_disposal(self.act, disposal_id, "7号", day))
            self.step("take back list", lambda: batches.reverse_disposal(self.act, disposal_id, WRONG))

    def _reported(self, kind: str, at: int, lot_id: int, copies: int, day: date) -> int:
        """The case's id, or 0 where it was refused."""
        told = self.step("report", lambda: batches.report(self.act, at, kind, copies, day, lot_id))
        return 0 if told is None else self._newest(Discrepancy)

    def _ended(self, kind: str, end: str, at: int, lot_id: int, copies: int, day: date) -> int:
        case_id = self._reported(kind, at, lot_id, copies, day)
        closed = self.step(f"end {end}", lambda: batches.resolve(self.act, case_id, end, day)) if case_id else None
        return 0 if closed is None else case_id

    def _newest(self, table: type[Batch | Box | Discrepancy | Disposal | Repair]) -> int:
        return int(self.some(table, -1))
