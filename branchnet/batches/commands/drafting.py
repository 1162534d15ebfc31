"""Draft a batch and put lines in it: what is meant to go, in boxes or loose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.shared import batch_for, check_open, log, next_number
from branchnet.errors import Conflict, CopiesElsewhere, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Holding, Lot, Place
from branchnet.points.queries import central_place
from branchnet.stock.counters import count_up
from branchnet.stock.posting import NAMED_AT_MOST
from branchnet.stock.queries import lot_by_barcode, whereabouts


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


@dataclass(frozen=True, slots=True)
class NewLine:
    """So many copies (册) of a lot, in the box of this number or loose."""

    lot_id: int
    quantity: int = 1
    box: int | None = None


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


def add_copy(act: Act, batch_id: int, barcode: str, box: int | None = None) -> Lot:
    """Add the copy of a barcode, as the scanner reads it. Returns the copy.

    Raises NotFound("barcode_unknown"), Conflict("in_this_batch" / "in_other_batch"), or CopiesElsewhere with where
    the copy is now and since when.
    """
    batch = open_for_lines(act, batch_id)
    lot = lot_by_barcode(act.network_id, barcode.strip())
    if lot is None:
        raise NotFound("barcode_unknown", barcode=barcode.strip())
    _check_not_listed(act, batch, lot)
    add_lines(act, batch_id, [NewLine(lot.id, 1, box)])
    return lot


def _check_not_listed(act: Act, batch: Batch, lot: Lot) -> None:
    listed = db.session.execute(
        select(Batch.id, Batch.number)
        .join(BatchLine, and_(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id))
        .where(Batch.network_id == act.network_id, BatchLine.lot_id == lot.id, Batch.state.in_(rules.OPEN))
    ).first()
    if listed is not None:
        code = "in_this_batch" if listed.id == batch.id else "in_other_batch"
        raise Conflict(code, barcode=lot.barcode, title=lot.title, number=listed.number)


def add_lines(act: Act, batch_id: int, lines: Sequence[NewLine]) -> int:
    """Add lines, whatever their number in a few statements. Returns the copies (册) added.

    Raises Invalid for a number that is not positive, CopiesElsewhere where the batch's starting place does not hold
    what its lines would then ask for (checked again, and finally, when it is sent).
    """
    batch = open_for_lines(act, batch_id)
    if any(line.quantity < 1 for line in lines):
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    boxes = _boxes(act, batch, {line.box for line in lines if line.box is not None})
    serial = _serial_of(act, {line.lot_id for line in lines})
    now = clock.now()
    rows = [
        {
            "network_id": act.network_id,
            "batch_id": batch.id,
            "box_id": None if line.box is None else boxes[line.box],
            "lot_id": line.lot_id,
            "serial": serial[line.lot_id],
            "quantity": line.quantity,
            "added_at": now,
            "added_by": act.person_id,
        }
        for line in _without_listed(act, batch, lines, boxes)
    ]
    if rows:
        db.session.execute(insert(BatchLine), rows)
    _check_held(act, batch)
    return sum(line.quantity for line in lines)


def _without_listed(act: Act, batch: Batch, lines: Sequence[NewLine], boxes: dict[int, int]) -> list[NewLine]:
    """What needs a line of its own: more of a counted lot in the same box makes its line larger.

    Raises Conflict("in_this_batch") for a copy that is listed already.
    """
    rows = db.session.scalars(
        select(BatchLine).where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
    ).all()
    copies = {row.lot_id for row in rows if row.serial}
    counted = {(row.lot_id, row.box_id): row for row in rows if not row.serial}
    fresh: dict[tuple[int, int | None], NewLine] = {}
    for line in lines:
        if line.lot_id in copies:
            raise _already_listed(act, batch, line.lot_id)
        here = (line.lot_id, None if line.box is None else boxes[line.box])
        if here in counted:
            counted[here].quantity += line.quantity
        elif here in fresh:
            fresh[here] = replace(fresh[here], quantity=fresh[here].quantity + line.quantity)
        else:
            fresh[here] = line
    db.session.flush()
    return list(fresh.values())


def _already_listed(act: Act, batch: Batch, lot_id: int) -> Conflict:
    lot = db.session.scalars(select(Lot).where(Lot.network_id == act.network_id, Lot.id == lot_id)).one()
    return Conflict("in_this_batch", barcode=lot.barcode, title=lot.title, number=batch.number)


def remove_line(act: Act, batch_id: int, line_id: int) -> None:
    """Take a line out again (the undo of a scan). A line that is gone already is no error."""
    open_for_lines(act, batch_id)
    line = db.session.scalars(
        select(BatchLine).where(
            BatchLine.network_id == act.network_id, BatchLine.batch_id == batch_id, BatchLine.id == line_id
        )
    ).one_or_none()
    if line is not None:
        db.session.delete(line)


def open_for_lines(act: Act, batch_id: int) -> Batch:
    """The batch under lock, while lines may still be added or taken out. Raises Conflict("not_from_here")."""
    batch = batch_for(act, batch_id)
    if batch.state != "draft":
        raise Conflict("not_from_here", step="add", state=batch.state, number=batch.number)
    return batch


def _boxes(act: Act, batch: Batch, numbers: set[int]) -> dict[int, int]:
    if not numbers:
        return {}
    found = dict(
        db.session.execute(
            select(Box.number, Box.id).where(Box.network_id == act.network_id, Box.batch_id == batch.id)
        ).all()
    )
    if missing := numbers - found.keys():
        raise NotFound("box_unknown", box=min(missing), number=batch.number)
    return found


def _serial_of(act: Act, lot_ids: set[int]) -> dict[int, bool]:
    wanted = sorted(lot_ids)
    found: dict[int, bool] = {}
    for start in range(0, len(wanted), 10_000):
        rows = db.session.execute(
            select(Lot.id, Lot.serial).where(
                Lot.network_id == act.network_id, Lot.id.in_(wanted[start : start + 10_000])
            )
        )
        found.update((lot_id, serial) for lot_id, serial in rows)
    if missing := lot_ids - found.keys():
        raise NotFound("lot_unknown", lot_id=min(missing))
    return found


def _check_held(act: Act, batch: Batch) -> None:
    asked = (
        select(BatchLine.lot_id, func.sum(BatchLine.quantity).label("asked"))
        .where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
        .group_by(BatchLine.lot_id)
        .subquery()
    )
    # Looked up lot by lot through the unique index: a join is planned for one line where there may be thousands.
    held = select(Holding.quantity).where(
        Holding.network_id == act.network_id,
        Holding.place_id == batch.from_place_id,
        Holding.lot_id == asked.c.lot_id,
    )
    there = func.coalesce(held.scalar_subquery(), 0)
    rows = (
        db.session.execute(
            select(asked.c.lot_id, asked.c.asked, there.label("there"))
            .where(there < asked.c.asked)
            .order_by(asked.c.lot_id)
            .limit(NAMED_AT_MOST)
        )
        .mappings()
        .all()
    )
    if rows:
        now = whereabouts(act.network_id, [row["lot_id"] for row in rows])
        raise CopiesElsewhere(
            lots=[
                {
                    **row,
                    "asked": int(row["asked"]),
                    "place_id": batch.from_place_id,
                    "now": now[row["lot_id"]],
                }
                for row in rows
            ]
        )
