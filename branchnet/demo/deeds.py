"""The story's steps and readings, done by the commands that users' work goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date

from branchnet.access.acts import Act
from branchnet.access.operations import Outcome
from branchnet.batches import commands as batches
from branchnet.demo.boxing import boxed, found
from branchnet.demo.events import CENTRAL, Batch, BatchStep, Equipment, Numbers, Reading, Step
from branchnet.demo.picking import lines
from branchnet.demo.recorder import PHONE_HOUR, Recorder
from branchnet.demo.stage import Stage, mark
from branchnet.demo.story import Story
from branchnet.demo.world import Network
from branchnet.points.queries import central_place
from branchnet.readings import commands as readings
from branchnet.readings.rules import Report
from branchnet.stock.rules import NewLot

_PLAIN: Mapping[str, Callable[[Act, int, date], object]] = {
    "pack": batches.pack,
    "dispatch": batches.dispatch,
    "arrive": batches.arrive,
    "scan": batches.scan,
    "restock": batches.restock,
}
"""Verbs that need nothing but the batch and the day."""


class Deeds:
    """Does what happens in one network, in the order it is given."""

    def __init__(self, told: Story, network: Network, stage: Stage, record: Recorder) -> None:
        self.stage = stage
        self.record = record
        self.copies = {barcode: copy for (code, barcode), copy in told.copies.items() if code == network.code}
        self.lots = {key: lot for (code, key), lot in told.lots.items() if code == network.code}
        self.clerk = next(stage.staff[p.login] for p in told.people if p.network == network.code and p.role == "clerk")
        self.batch_ids: dict[str, int] = {}
        self.lot_ids: dict[str, list[int]] = {}

    def do(self, event: BatchStep | Reading) -> None:
        """Do one thing of the story, or take note of what it did before."""
        if isinstance(event, Reading):
            self._report(event)
        else:
            self._step(event)

    def _report(self, reading: Reading) -> None:
        def effect(act: Act) -> Outcome:
            report = Report(**asdict(reading.numbers or Numbers()), not_open=reading.numbers is None)
            sent = readings.Sent("demo")
            if reading.delivery is not None:
                receipt = readings.submit_stay(act, self.batch_ids[reading.delivery], report, sent)
            else:
                point_id = self.stage.points[reading.point]
                receipt = readings.submit_month(act, point_id, f"{reading.first:%Y-%m}", report, sent)
            return {"receipt": receipt.number}

        teacher = self.stage.teachers[reading.point]
        self.record.do(reading.operation, "report", reading.submitted_on, effect, teacher, PHONE_HOUR)

    def _step(self, event: BatchStep) -> None:
        batch, step = event.batch, event.step
        at_point = batch.to_place in self.stage.teachers and step.verb in {"arrive", "receive"}
        person = self.stage.teachers[batch.to_place] if at_point else self.clerk
        effect = self._take_in if step.verb == "post" else self._carry_on
        known = self.record.do(event.operation, step.verb, step.on, lambda act: effect(act, batch, step), person)
        self.batch_ids[batch.key] = known["batch_id"]
        for key, lot_id in known.get("lots", {}).items():
            self.lot_ids.setdefault(key, []).append(lot_id)

    def _carry_on(self, act: Act, batch: Batch, step: Step) -> Outcome:
        return {"batch_id": self._done(act, batch, step)}

    def _done(self, act: Act, batch: Batch, step: Step) -> int:
        """Do a step of a batch. Returns the batch's id."""
        if step.verb == "draft":
            return self._draft(act, batch, step.on)
        if batch.settles and batch.key not in self.batch_ids:
            return batches.collect(act, self.batch_ids[batch.settles], step.on).id
        batch_id = self.batch_ids[batch.key]
        if step.verb == "receive":
            batches.receive(act, batch_id, step.on, found(batch))
        elif step.verb == "count_in":
            batches.count_in(act, batch_id, step.on, batch.copies if step.count is None else step.count)
        else:
            _PLAIN[step.verb](act, batch_id, step.on)
        return batch_id

    def _take_in(self, act: Act, batch: Batch, step: Step) -> Outcome:
        """New lots come in. The outcome keeps the ids of the counted ones by their keys: later lines mean those."""
        new = [self._copy(barcode) for barcode in batch.barcodes]
        for line in batch.counted:
            lot = self.lots[line.lot]
            new.append(NewLot(lot.name, line.quantity, category=lot.category, quality=line.quality))
        to = None if batch.to_place == CENTRAL else self.stage.places[batch.to_place]
        taken = batches.take_in(act, batch.kind, new, step.on, to, batch.note or None, mark(batch.source))
        counted = taken.lot_ids[len(batch.barcodes) :]
        keys = [line.lot for line in batch.counted]
        return {"batch_id": taken.batch.id, "lots": dict(zip(keys, counted, strict=True))}

    def _copy(self, barcode: str) -> NewLot:
        copy = self.copies[barcode]
        return NewLot(
            title=copy.title.title,
            barcode=barcode,
            author=copy.title.author,
            publisher=copy.title.publisher,
            category=copy.title.category,
            call_number=copy.call_number,
            price_fen=copy.title.price_fen,
        )

    def _draft(self, act: Act, batch: Batch, on: date) -> int:
        """Books that come back come loose; all others go in boxes."""
        shelf = central_place(act.network_id, "shelf")
        ends = {CENTRAL: shelf, **self.stage.places}
        new = batches.NewBatch(
            kind=batch.kind,
            drafted_on=on,
            from_place_id=ends[batch.from_place],
            to_place_id=ends[batch.to_place],
            due_back_on=batch.due_back_on,
            note=_note(batch),
            source=mark(batch.source),
        )
        batch_id = batches.draft(act, new).id
        boxes = () if batch.kind == "return" else boxed(batch)
        if boxes:
            batches.open_boxes(act, batch_id, len(boxes))
        batches.add_lines(act, batch_id, lines(act, batch, ends[batch.from_place], self.lot_ids, boxes))
        return batch_id


def _note(batch: Batch) -> str | None:
    """Equipment never moves stock: it goes with the batch as words."""
    parts = [batch.note] if batch.note else []
    return ";".join([*parts, *(_equipment(item) for item in batch.equipment)]) or None


def _equipment(item: Equipment) -> str:
    return f"随附{item.name}{f'{item.number}{item.unit}' if item.number is not None else f'一{item.unit}(数量不详)'}"
