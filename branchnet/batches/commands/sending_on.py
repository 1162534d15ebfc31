"""A batch that cannot go where it was meant to go is called back, and what was in it is sent somewhere else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.boxes import on_its_way
from branchnet.batches.commands.drafting import NewBatch, draft, open_boxes
from branchnet.batches.commands.lines import NewLine, add_lines
from branchnet.batches.commands.recalling import recall
from branchnet.batches.commands.road import cancel, dispatch, pack
from branchnet.batches.commands.shared import batch_for, copies_of, not_before_sending, on_the_road
from branchnet.extensions import db
from branchnet.models import Batch, BatchGoods, BatchLine, Box


@dataclass(frozen=True, slots=True)
class _Content:
    """What has not come yet: copies (册) by box number, and the goods that go along, where nothing came at all."""

    lines: tuple[NewLine, ...]
    goods: tuple[dict[str, object], ...]


def send_on(act: Act, batch_id: int, place_id: int, day: date, why: str) -> tuple[Batch, Batch | None]:
    """Call a batch back that was meant for another place, and send what had not come to this one the same day.

    Nothing is edited: a batch of which nothing came is cancelled, else its rest is recalled; a new one of the same
    kind, terms and day due back has the same boxes under new labels, and stands where the old one stood (draft,
    packed, dispatched). Returns both; no new one where it came from that very place, or had nothing left. Raises
    TooEarly where it was sent after that day.
    """
    batch = batch_for(act, batch_id)
    state, copies = batch.state, copies_of(act, batch_id)
    untouched = state in rules.OPEN or on_the_road(act, batch) == copies
    content = _content(act, batch, untouched=untouched)
    if untouched:
        cancel(act, batch_id, not_before_sending(act, batch, day), why)
    else:
        recall(act, batch_id, day, why)
    if batch.from_place_id == place_id or not (content.lines or content.goods or state == "draft"):
        return batch, None
    return batch, _again(act, batch, place_id, day, content, state)


def _again(act: Act, batch: Batch, place_id: int, day: date, content: _Content, state: str) -> Batch:
    new = NewBatch(
        batch.kind,
        day,
        place_id,
        batch.from_place_id,
        batch.terms,
        batch.note,
        batch.due_back_on,
        source=batch.source,
    )
    made = draft(act, new)
    if boxes := max((line.box or 0 for line in content.lines), default=0):
        open_boxes(act, made.id, boxes)
    if content.lines:
        add_lines(act, made.id, content.lines)
    if content.goods:
        added = {"batch_id": made.id, "added_at": clock.now(), "added_by": act.person_id}
        db.session.execute(insert(BatchGoods), [{**row, **added} for row in content.goods])
    if state == "packed":
        pack(act, made.id, day)
    if state == "dispatched":
        dispatch(act, made.id, day)
    return made


def _content(act: Act, batch: Batch, *, untouched: bool) -> _Content:
    """Boxes keep their order and are numbered anew from 1: those that came stay with the old batch."""
    query = (
        select(BatchLine.lot_id, BatchLine.quantity, Box.number)
        .outerjoin(Box, (Box.network_id == BatchLine.network_id) & (Box.id == BatchLine.box_id))
        .where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
        .order_by(Box.number, BatchLine.id)
    )
    rows = db.session.execute(query if untouched else query.where(on_its_way())).all()
    numbers = sorted({row.number for row in rows if row.number})
    places = {number: place for place, number in enumerate(numbers, start=1)}
    lines = tuple(NewLine(row.lot_id, row.quantity, places.get(row.number)) for row in rows)
    return _Content(lines, _goods(act, batch) if untouched else ())


def _goods(act: Act, batch: Batch) -> tuple[dict[str, object], ...]:
    columns = (BatchGoods.network_id, BatchGoods.kind, BatchGoods.name, BatchGoods.number, BatchGoods.unit)
    rows = db.session.execute(
        select(*columns)
        .where(BatchGoods.network_id == act.network_id, BatchGoods.batch_id == batch.id)
        .order_by(BatchGoods.id)
    )
    return tuple(dict(row) for row in rows.mappings())
