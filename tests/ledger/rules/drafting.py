"""A draft batch, right or wrong: its lines, its boxes, and packing it."""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import func, select

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Lot
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import FEW, KINDS, LATER, PICK, TERMS


class Drafting(Ledger):
    """A batch is put together."""

    @rule(kind=KINDS, later=LATER, start=PICK, end=PICK, terms=TERMS)
    def draft(self, kind: str, later: int, start: int, end: int, terms: str) -> None:
        day = self.on(later)
        new = batches.NewBatch(kind, day, *self.ends_of(kind, start, end), terms=terms)
        self.do("draft", {}, lambda: {"id": batches.draft(self.act, new).id})

    @precondition(lambda self: self.there & {"draft", "empty draft"})
    @rule(pick=PICK, lots=st.lists(st.tuples(PICK, st.integers(1, 5)), min_size=1, max_size=5), box=PICK)
    def add_lines(self, pick: int, lots: list[tuple[int, int]], box: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        held = self._held_at(db.session.get_one(Batch, batch_id).from_place_id)
        if not held:
            return
        if box % 3 == 0:
            self.do("box", {"batch": batch_id}, lambda: {"id": batches.open_box(self.act, batch_id).id})
        chosen = {held[number % len(held)]: quantity for number, quantity in lots}
        boxes = db.session.scalar(select(func.count()).select_from(Box).where(Box.batch_id == batch_id)) or 0
        db.session.rollback()
        number = (box % (boxes + 1)) or None
        lines = [
            batches.NewLine(lot_id, 1 if serial else quantity, number) for (lot_id, serial), quantity in chosen.items()
        ]
        self.do("add", {"batch": batch_id}, lambda: {"copies": batches.add_lines(self.act, batch_id, lines)})

    @precondition(lambda self: self.there & {"draft", "empty draft"})
    @rule(pick=PICK, lots=st.lists(PICK, max_size=4), quantity=FEW, how=st.sampled_from(["scan", "list", "counted"]))
    def pick_books(self, pick: int, lots: list[int], quantity: int, how: str) -> None:
        """As the picking page does it: by a barcode, by a pasted column, by the title of a counted lot."""
        batch_id = self.some(Batch, pick, Batch.state == "draft")
        ids = [self.some(Lot, lot, Lot.serial) for lot in lots]
        codes = [db.session.get_one(Lot, lot_id).barcode or "" for lot_id in ids if lot_id] + ["4408-unknown"]
        db.session.rollback()
        ways: dict[str, Callable[[], Any]] = {
            "scan": lambda: batches.add_copy(self.act, batch_id, codes[0]),
            "list": lambda: batches.add_list(self.act, batch_id, codes),
            "counted": lambda: batches.add_counted(self.act, batch_id, "故事", quantity),
        }
        self.step(f"pick {how}", ways[how])

    @precondition(lambda self: "draft" in self.there)
    @rule(pick=PICK, box=st.integers(0, 3))
    def move_line(self, pick: int, box: int) -> None:
        line_id = self.some(BatchLine, pick)
        batch_id = db.session.scalar(select(BatchLine.batch_id).where(BatchLine.id == line_id)) or 0
        self.step("move line", lambda: batches.move_line(self.act, batch_id, line_id, box or None))

    @precondition(lambda self: "draft" in self.there)
    @rule(pick=PICK)
    def remove_line(self, pick: int) -> None:
        line_id = self.some(BatchLine, pick)
        batch_id = db.session.scalar(select(BatchLine.batch_id).where(BatchLine.id == line_id)) or 0
        self.step("remove", lambda: batches.remove_line(self.act, batch_id, line_id))

    @precondition(lambda self: self.there & {"draft", "packed"})
    @rule(pick=PICK, later=LATER)
    def pack_or_unpack(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed"]))
        verb = "unpack" if db.session.get_one(Batch, batch_id).state == "packed" else "pack"
        self.step(verb, lambda: getattr(batches, verb)(self.act, batch_id, self.on(later)))
