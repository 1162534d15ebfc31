"""Draft a batch, and open its boxes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.shared import batch_for, check_open, log, next_number
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Box, Place
from branchnet.points.queries import central_place
from branchnet.stock.counters import count_up


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a batch is from the start. Without a place of its own an end is the central library's shelf."""

    kind: str
    drafted_on: date
    to_place_id: int | None = None
    from_place_id: int | None = None
    terms: str = "deposit"
    note: str | None = None
    due_back_on: date | None = None
    settles_id: int | None = None
    source: str | None = None
    donors: int | None = None


def draft(act: Act, new: NewBatch) -> Batch:
    """Begin a batch (→ draft).

    Raises Invalid naming the field where a batch of this kind cannot have such ends, terms or a day due back, and
    Conflict("point_closed") where nothing may be sent any more: books still leave from there.
    """
    shelf = central_place(act.network_id, "shelf")
    start, end = new.from_place_id or shelf, new.to_place_id or shelf
    _check_ends(act, new, start, end)
    batch = Batch(
        network_id=act.network_id,
        number=next_number(act, new.drafted_on),
        kind=new.kind,
        state="draft",
        terms=new.terms,
        from_place_id=start,
        to_place_id=end,
        due_back_on=new.due_back_on,
        settles_id=new.settles_id,
        note=new.note,
        source=new.source,
        donors=new.donors,
        created_at=clock.now(),
        created_by=act.person_id,
    )
    db.session.add(batch)
    db.session.flush()
    log(act, batch, "drafted", new.drafted_on)
    return batch


def _check_ends(act: Act, new: NewBatch, start: int, end: int) -> None:
    kinds = dict(
        db.session.execute(
            select(Place.id, Place.kind).where(Place.network_id == act.network_id, Place.id.in_([start, end]))
        ).all()
    )
    if len(kinds) != len({start, end}):
        raise NotFound(place_id=end)
    if problems := rules.draft_problems(new.kind, kinds[start], kinds[end], new.terms, new.due_back_on is not None):
        raise Invalid("batch", fields=problems)
    if start == end:
        raise Invalid("same_place", fields={"to": "same_place"})
    check_open(act, end, new.drafted_on)


def open_box(act: Act, batch_id: int) -> Box:
    """Open the next box of a batch. Its label names it and grants nothing."""
    return open_boxes(act, batch_id, 1)[0]


def open_boxes(act: Act, batch_id: int, boxes: int) -> list[Box]:
    """Open the next so many boxes (个) of a batch, whatever their number in a few statements."""
    batch = batch_for(act, batch_id)
    if batch.state not in rules.OPEN:
        raise Conflict("not_from_here", step="add", state=batch.state, number=batch.number)
    last = count_up(act, f"box-{batch.id}", boxes)
    opened = [
        Box(network_id=act.network_id, batch_id=batch.id, number=number, label=f"{batch.number}-{number}")
        for number in range(last - boxes + 1, last + 1)
    ]
    db.session.add_all(opened)
    db.session.flush()
    return opened
