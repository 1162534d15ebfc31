"""A batch on the road, right or wrong: sent, received by count or by scan, recalled, cancelled, closed."""

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import func, select

from branchnet.batches import commands as batches
from branchnet.batches.boxes import on_its_way
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Lot
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import FEW, KINDS, LATER, PICK


class Sending(Ledger):
    """A batch goes out and comes to its place."""

    @rule(
        kind=KINDS,
        later=LATER,
        ends=st.tuples(PICK, PICK),
        lots=st.lists(st.tuples(PICK, st.integers(1, 5)), min_size=1, max_size=5),
        boxes=st.integers(0, 2),
    )
    def send(self, kind: str, later: int, ends: tuple[int, int], lots: list[tuple[int, int]], boxes: int) -> None:
        self.send_batch(kind, later, ends, lots, boxes)

    def send_batch(self, kind: str, later: int, ends: tuple[int, int], lots: list[tuple[int, int]], boxes: int) -> None:
        """A whole batch at once, as people log it afterwards: most histories need books on the road."""
        end, start = self.ends_of(kind, *ends)
        held = self._held_at(start)
        if not held:
            return
        day = self.on(later)
        terms = "gift" if kind in ("allocation", "rotation") and ends[0] % 3 == 0 else "deposit"
        chosen = {held[number % len(held)]: quantity for number, quantity in lots}

        def effect() -> dict[str, Any]:
            batch = batches.draft(self.act, batches.NewBatch(kind, day, end, start, terms))
            for _ in range(boxes):
                batches.open_box(self.act, batch.id)
            lines = [
                batches.NewLine(lot_id, 1 if serial else quantity, (number % (boxes + 1)) or None)
                for number, ((lot_id, serial), quantity) in enumerate(chosen.items())
            ]
            batches.add_lines(self.act, batch.id, lines)
            batches.dispatch(self.act, batch.id, day)
            return {"id": batch.id}

        self.do("send", {"kind": kind}, effect)

    @precondition(lambda self: self.there & {"draft", "packed"})
    @rule(pick=PICK, later=LATER)
    def dispatch(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed"]))
        self.step("dispatch", lambda: batches.dispatch(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER)
    def arrive(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        self.step("arrive", lambda: batches.arrive(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER, off=st.lists(st.integers(-3, 3), max_size=3), all_of_it=st.booleans(), broken=FEW)
    def receive(self, pick: int, later: int, off: list[int], all_of_it: bool, broken: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        sent = db.session.execute(
            select(Box.number, func.sum(BatchLine.quantity))
            .join(BatchLine, BatchLine.box_id == Box.id)
            .where(Box.batch_id == batch_id, on_its_way())
            .group_by(Box.number)
            .order_by(Box.number)
        ).all()
        db.session.rollback()
        counts = {number: max(0, int(copies) + more) for (number, copies), more in zip(sent, off, strict=False)}
        damaged = {number: broken for number, _copies in sent[:1] if broken > 3}
        said = None if all_of_it else counts
        self.step("receive", lambda: batches.receive(self.act, batch_id, self.on(later), said, "清点", damaged))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER, skip=st.integers(0, 3), uncoded=st.integers(0, 6), label=st.booleans())
    def receive_scanned(self, pick: int, later: int, skip: int, uncoded: int, label: bool) -> None:
        """By scan: some copies of it, some of anything, perhaps a whole box by its label."""
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        mine = select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)
        coded = (Lot.network_id == self.act.network_id, Lot.serial)
        codes = [*db.session.scalars(select(Lot.barcode).where(*coded, Lot.id.in_(mine)).order_by(Lot.id))][skip:]
        codes += [*db.session.scalars(select(Lot.barcode).where(*coded).order_by(Lot.id).limit(skip)), "no-such-code"]
        boxes = select(Box.number, Box.label).where(Box.batch_id == batch_id, Box.counted_on.is_(None))
        boxes = boxes.order_by(Box.number)
        counted = boxes.join(BatchLine, (BatchLine.box_id == Box.id) & BatchLine.serial.is_(False)).distinct()
        rest = {number: uncoded for number, _label in db.session.execute(counted)}
        codes += [name for _number, name in db.session.execute(boxes)][:1] if label else []
        rest = {} if label else rest
        db.session.rollback()
        self.step(
            "receive_scanned",
            lambda: batches.receive_scanned(self.act, batch_id, self.on(later), codes, rest, "扫", complete=skip < 3),
        )

    @precondition(lambda self: self.there & {"draft", "packed", "dispatched"})
    @rule(pick=PICK, later=LATER)
    def cancel(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state.in_(["draft", "packed", "dispatched"]))
        self.step("cancel", lambda: batches.cancel(self.act, batch_id, self.on(later), "不送了"))

    @precondition(lambda self: "dispatched" in self.there)
    @rule(pick=PICK, later=LATER, lost=st.integers(0, 2), lot=PICK)
    def recall(self, pick: int, later: int, lost: int, lot: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "dispatched")
        lot_id = self.some(Lot, lot, Lot.id.in_(select(BatchLine.lot_id).where(BatchLine.batch_id == batch_id)))
        gone = {lot_id: lost} if lost else None
        self.step("recall", lambda: batches.recall(self.act, batch_id, self.on(later), "路断了", gone))

    @precondition(lambda self: "received" in self.there)
    @rule(pick=PICK, later=LATER)
    def close(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.state == "received")
        self.step("close", lambda: batches.close(self.act, batch_id, self.on(later)))

    @rule(pick=PICK, photos=st.none() | FEW)
    def file_papers(self, pick: int, photos: int | None) -> None:
        batch_id, photos_at = self.some(Batch, pick), "档案室三柜" if pick % 3 else None
        self.step("file", lambda: batches.file_papers(self.act, batch_id, "2026-8", photos_at, photos))
