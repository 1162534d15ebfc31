"""Put lines in a draft and take them out: what is meant to go, in boxes or loose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import batch_for
from branchnet.errors import Conflict, CopiesElsewhere, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Holding, Lot
from branchnet.stock.posting import NAMED_AT_MOST
from branchnet.stock.queries import AT_ONCE, whereabouts


@dataclass(frozen=True, slots=True)
class NewLine:
    """So many copies (册) of a lot, in the box of this number or loose."""

    lot_id: int
    quantity: int = 1
    box: int | None = None


def add_lines(act: Act, batch_id: int, lines: Sequence[NewLine]) -> int:
    """Add lines, whatever their number in a few statements. Returns the copies (册) added.

    Only the lots that are asked for are looked at, however many lines there are already. Raises Invalid for a number
    that is not positive, CopiesElsewhere where the batch's starting place does not hold what its lines would then ask
    for (checked again, and finally, when it is sent).
    """
    batch = open_for_lines(act, batch_id)
    if any(line.quantity < 1 for line in lines):
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    boxes = box_ids(act, batch, {line.box for line in lines if line.box is not None})
    lot_ids = sorted({line.lot_id for line in lines})
    serial = _serial_of(act, lot_ids)
    write_lines(act, batch, _without_listed(act, batch, lines, boxes), boxes, serial)
    _check_held(act, batch, lot_ids)
    return sum(line.quantity for line in lines)


def write_lines(
    act: Act, batch: Batch, lines: Iterable[NewLine], boxes: Mapping[int, int], serial: Mapping[int, bool]
) -> None:
    """Write the rows, in the order given; whoever calls has looked at every one."""
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
        for line in lines
    ]
    if rows:
        db.session.execute(insert(BatchLine), rows)


def remove_line(act: Act, batch_id: int, line_id: int, lot_id: int | None = None) -> None:
    """Take a line out again (the undo of a scan). A line that is gone already is no error.

    With ``lot_id`` only the line of that lot: an engine may give the number of a line that is gone to the next one.
    """
    open_for_lines(act, batch_id)
    line = _line(act, batch_id, line_id)
    if line is not None and lot_id in (None, line.lot_id):
        db.session.delete(line)


def move_line(act: Act, batch_id: int, line_id: int, box: int | None) -> Lot:
    """Put a copy into another box of its batch, or loose. Returns the copy. Raises NotFound for what is not there."""
    batch = open_for_lines(act, batch_id)
    boxes = box_ids(act, batch, set() if box is None else {box})
    line = _line(act, batch_id, line_id)
    if line is None or not line.serial:
        raise NotFound("line_gone", number=batch.number)
    line.box_id = None if box is None else boxes[box]
    return db.session.scalars(select(Lot).where(Lot.network_id == act.network_id, Lot.id == line.lot_id)).one()


def open_for_lines(act: Act, batch_id: int) -> Batch:
    """The batch under lock, while lines may still be added or taken out. Raises Conflict("not_from_here")."""
    batch = batch_for(act, batch_id)
    if batch.state != "draft":
        raise Conflict("not_from_here", step="add", state=batch.state, number=batch.number)
    return batch


def box_ids(act: Act, batch: Batch, numbers: set[int]) -> dict[int, int]:
    """The boxes of a batch by these numbers. Raises NotFound("box_unknown") for the first that is not there."""
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


def _line(act: Act, batch_id: int, line_id: int) -> BatchLine | None:
    return db.session.scalars(
        select(BatchLine).where(
            BatchLine.network_id == act.network_id, BatchLine.batch_id == batch_id, BatchLine.id == line_id
        )
    ).one_or_none()


def _without_listed(act: Act, batch: Batch, lines: Sequence[NewLine], boxes: dict[int, int]) -> list[NewLine]:
    """What needs a line of its own: more of a counted lot in the same box makes its line larger.

    Raises Conflict("in_this_batch") for a copy that is listed already.
    """
    mine = select(BatchLine).where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
    asked = sorted({line.lot_id for line in lines})
    rows = [row for part in _parts(asked) for row in db.session.scalars(mine.where(BatchLine.lot_id.in_(part)))]
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


def _serial_of(act: Act, lot_ids: Sequence[int]) -> dict[int, bool]:
    query = select(Lot.id, Lot.serial).where(Lot.network_id == act.network_id)
    found = {
        row.id: row.serial for part in _parts(lot_ids) for row in db.session.execute(query.where(Lot.id.in_(part)))
    }
    if missing := [lot_id for lot_id in lot_ids if lot_id not in found]:
        raise NotFound("lot_unknown", lot_id=missing[0])
    return found


def _check_held(act: Act, batch: Batch, lot_ids: Sequence[int]) -> None:
    """Whether the starting place holds what the lines of these lots ask for in all."""
    missing = [row for part in _parts(lot_ids) for row in _not_held(act, batch, part)][:NAMED_AT_MOST]
    if missing:
        now = whereabouts(act.network_id, [row["lot_id"] for row in missing])
        raise CopiesElsewhere(
            lots=[
                {**row, "asked": int(row["asked"]), "place_id": batch.from_place_id, "now": now[row["lot_id"]]}
                for row in missing
            ]
        )


def _not_held(act: Act, batch: Batch, lot_ids: Sequence[int]) -> list[Mapping[str, Any]]:
    asked = (
        select(BatchLine.lot_id, func.sum(BatchLine.quantity).label("asked"))
        .where(
            BatchLine.network_id == act.network_id,
            BatchLine.batch_id == batch.id,
            BatchLine.lot_id.in_(lot_ids),
        )
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
    rows = db.session.execute(
        select(asked.c.lot_id, asked.c.asked, there.label("there"))
        .where(there < asked.c.asked)
        .order_by(asked.c.lot_id)
        .limit(NAMED_AT_MOST)
    )
    return [dict(row) for row in rows.mappings()]


def _parts(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
