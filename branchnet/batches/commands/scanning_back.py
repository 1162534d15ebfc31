"""Scanning back: every book that came back is held in the hand once, by several clerks and over several days.

A return that is still made up gets a line for each copy. One on the road has its lines: there a scan moves nothing,
until one press says that all of it was scanned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, case, cast, delete, func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.candidates import Copy
from branchnet.batches.coming import look_back
from branchnet.batches.commands.bringing_back import return_for
from branchnet.batches.commands.coming_back import counted_off, not_counted_yet, open_off, return_in, scanned_in
from branchnet.batches.commands.lines import NewLine, open_for_lines, write_lines
from branchnet.batches.commands.picking import add_counted
from branchnet.batches.commands.receiving import open_cases
from branchnet.batches.commands.road import dispatch
from branchnet.batches.commands.shared import batch_for, not_before_sending
from branchnet.batches.counted import counted_on, one_name
from branchnet.database import Rows
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, BatchScan, Holding, Lot, Place
from branchnet.stock.rules import barcode_of, repeated

_SCANS: Any = BatchScan.__table__

BACK = frozenset({"draft", "dispatched"})
"""The states in which copies are scanned back."""


@dataclass(frozen=True, slots=True)
class ListScanned:
    """What became of a list of barcodes: 册 scanned, which were not, and what stood in it more than once."""

    copies: int
    refused: tuple[str, ...]
    repeated: tuple[str, ...]


def scan_back(act: Act, batch_id: int, barcode: str) -> Copy:
    """One copy that came back, by its barcode as the scanner reads it.

    Raises Conflict("not_from_here") for a return that is neither made up nor on the road, and what is wrong with this
    very copy: see `look_back`.
    """
    batch = _coming(act, batch_id)
    asked = barcode_of(barcode)
    if not asked:
        raise Invalid("barcode_missing", fields={"barcode": "required"})
    found = look_back(batch, [asked])
    for error in found.refused.values():
        raise error
    _take(act, batch, found.good.values())
    return found.good[asked]


def scan_list_back(act: Act, batch_id: int, barcodes: Iterable[str]) -> ListScanned:
    """Every copy of a list that came back; the others are named. A few statements, however long."""
    batch = _coming(act, batch_id)
    asked = [barcode for barcode in map(barcode_of, barcodes) if barcode]
    found = look_back(batch, asked)
    _take(act, batch, found.good.values())
    return ListScanned(len(found.good), tuple(found.refused), tuple(repeated(asked)))


def count_back(act: Act, batch_id: int, text: str, quantity: int) -> str:
    """So many copies (册) of a counted lot came back, by its title or category, besides those counted already.

    More than the return holds is kept as it was counted, and becomes a difference. Returns the name. Raises
    NotFound("counted_unknown"), Conflict("counted_several").
    """
    batch = _coming(act, batch_id)
    if batch.state == "draft":
        return add_counted(act, batch.id, text, quantity)
    if quantity < 1:
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    lots = one_name(counted_on(batch, text), text)
    left = quantity
    for place, lot in enumerate(lots, start=1):
        taken = left if place == len(lots) else min(lot.free, left)
        left -= taken
        if taken:
            _count(act, batch, lot.lot_id, lot.listed + taken)
    return lots[0].name


def take_out(act: Act, batch_id: int, lot_id: int) -> None:
    """Undo the scan of a copy, or the count of a counted lot. One that is gone already is no error."""
    batch = _coming(act, batch_id)
    table = BatchLine if batch.state == "draft" else BatchScan
    db.session.execute(
        delete(table).where(table.network_id == act.network_id, table.batch_id == batch.id, table.lot_id == lot_id)
    )


def bring_along(act: Act, lot_id: int, happened_on: date) -> Batch:
    """A copy that was found among others' books goes onto the return from the point where the books have it.

    That is the return that is made up there, or a new one. Raises NotFound("lot_unknown"),
    Conflict("not_at_a_point") for a copy that stands at none.
    """
    place = db.session.execute(
        select(Holding.place_id, Place.kind, Lot.title, Lot.barcode)
        .join(Place, and_(Place.network_id == Holding.network_id, Place.id == Holding.place_id))
        .join(Lot, and_(Lot.network_id == Holding.network_id, Lot.id == Holding.lot_id))
        .where(Holding.network_id == act.network_id, Holding.lot_id == lot_id, Holding.quantity > 0, Holding.serial)
    ).one_or_none()
    if place is None:
        raise NotFound("lot_unknown", lot_id=lot_id)
    if place.kind != "point":
        raise Conflict("not_at_a_point", title=place.title, barcode=place.barcode, kind=place.kind)
    back = return_for(act, place.place_id, happened_on)
    found = look_back(back, [place.barcode])
    for error in found.refused.values():
        raise error
    _take(act, back, found.good.values())
    return back


def finish_scanning(act: Act, batch_id: int, happened_on: date, note: str | None = None) -> list[int]:
    """What was scanned is in the workroom (过电脑完成); what was not is missing by name. dispatched → received.

    Each missing copy stays on the road as a difference that names it, of a counted lot as many as are missing; what
    was counted beyond the lines is a difference too, and so is what was counted in at the door and neither scanned
    nor missing. A return that is still made up leaves its point first: its lines are what was scanned. Returns the
    ids of differences. Raises Invalid("nothing_scanned"), Conflict("counted_already"), and what `dispatch` raises.
    """
    if _coming(act, batch_id).state == "draft":
        dispatch(act, batch_id, happened_on)
        _scanned_as_listed(act, batch_id)
    batch = return_in(act, batch_id, "scan")
    not_counted_yet(act, batch)
    day = not_before_sending(act, batch, happened_on)
    rows = db.session.execute(_off_the_lines(batch)).all()
    mine = (BatchScan.network_id == act.network_id, BatchScan.batch_id == batch.id)
    if db.session.execute(select(BatchScan.lot_id).where(*mine).limit(1)).first() is None:
        raise Invalid("nothing_scanned")
    entry_id, copies = scanned_in(act, batch, day, _scans(batch))
    opened = open_cases(act, batch, [_difference(row) for row in rows], day, entry_id, note)
    missing = sum(row.off for row in rows if row.off > 0)
    more = sum(-row.off for row in rows if row.off < 0)
    off = counted_off(act, batch, copies + more, missing, one_by_one=True)
    return opened + open_off(act, batch, off, day, entry_id)


def _scanned_as_listed(act: Act, batch_id: int) -> None:
    """Every line was added with the book in the hand."""
    mine = (BatchLine.network_id == act.network_id, BatchLine.batch_id == batch_id)
    names = ("network_id", "batch_id", "lot_id", "serial", "quantity", "scanned_at", "scanned_by")
    of_lines = (
        select(
            BatchLine.network_id,
            BatchLine.batch_id,
            BatchLine.lot_id,
            BatchLine.serial,
            func.sum(BatchLine.quantity),
            func.max(BatchLine.added_at),
            func.max(BatchLine.added_by),
        )
        .where(*mine)
        .group_by(BatchLine.network_id, BatchLine.batch_id, BatchLine.lot_id, BatchLine.serial)
    )
    db.session.execute(insert(BatchScan).from_select(names, of_lines))


def _coming(act: Act, batch_id: int) -> Batch:
    """The return under lock, while copies can be scanned back."""
    batch = batch_for(act, batch_id)
    if batch.kind != "return":
        raise Conflict("not_a_return", number=batch.number)
    if batch.state not in BACK:
        raise Conflict("not_from_here", step="scan", state=batch.state, number=batch.number)
    return batch


def _take(act: Act, batch: Batch, copies: Iterable[Copy]) -> None:
    """A line of a draft, or a scan of what is on the road, for each copy."""
    lots = [copy.lot_id for copy in copies]
    if not lots:
        return
    if batch.state == "draft":
        open_for_lines(act, batch.id)
        write_lines(act, batch, [NewLine(lot_id) for lot_id in lots], {}, dict.fromkeys(lots, True))
        return
    _write(act, batch, dict.fromkeys(lots, 1), serial=True)


def _count(act: Act, batch: Batch, lot_id: int, quantity: int) -> None:
    mine = (BatchScan.network_id == act.network_id, BatchScan.batch_id == batch.id, BatchScan.lot_id == lot_id)
    db.session.execute(delete(BatchScan).where(*mine))
    _write(act, batch, {lot_id: quantity}, serial=False)


def _write(act: Act, batch: Batch, quantities: Mapping[int, int], *, serial: bool) -> None:
    """Write the scans of these lots: the rows alone, for a column of barcodes may be thousands."""
    common = {
        "network_id": act.network_id,
        "batch_id": batch.id,
        "serial": serial,
        "scanned_at": clock.now(),
        "scanned_by": act.person_id,
    }
    rows = [{**common, "lot_id": lot_id, "quantity": quantity} for lot_id, quantity in quantities.items()]
    db.session.execute(insert(_SCANS), rows)


def _lines(batch: Batch) -> Any:
    """By lot what is on the lines (册), and in which box a copy went."""
    return (
        select(
            BatchLine.lot_id,
            BatchLine.serial,
            func.min(BatchLine.box_id).label("box_id"),
            cast(func.sum(BatchLine.quantity), Integer).label("quantity"),
        )
        .where(BatchLine.network_id == batch.network_id, BatchLine.batch_id == batch.id)
        .group_by(BatchLine.lot_id, BatchLine.serial)
        .subquery()
    )


def _scan_of(batch: Batch, lines: Any) -> Any:
    return and_(
        BatchScan.network_id == batch.network_id,
        BatchScan.batch_id == batch.id,
        BatchScan.lot_id == lines.c.lot_id,
    )


def _scans(batch: Batch) -> Rows:
    """By lot what was scanned of the lines: never more than they hold, for no more is on the road."""
    lines = _lines(batch)
    of_it = case((BatchScan.quantity < lines.c.quantity, BatchScan.quantity), else_=lines.c.quantity)
    return (
        select(lines.c.lot_id, lines.c.serial, of_it.label("quantity"))
        .join(BatchScan, _scan_of(batch, lines))
        .order_by(lines.c.lot_id)
    )


def _off_the_lines(batch: Batch) -> Rows:
    """By lot the copies (册) missing of the lines; less than none where more were counted than went."""
    lines = _lines(batch)
    off = lines.c.quantity - func.coalesce(BatchScan.quantity, 0)
    return (
        select(lines.c.lot_id, lines.c.serial, lines.c.box_id, off.label("off"))
        .outerjoin(BatchScan, _scan_of(batch, lines))
        .where(off != 0)
        .order_by(lines.c.lot_id)
    )


def _difference(row: Any) -> rules.Difference:
    # Copies of a counted lot may have gone in several boxes: which box misses them nobody can tell.
    box_id = row.box_id if row.serial else None
    if row.off > 0:
        return rules.Difference("short", row.off, box_id, row.lot_id, in_transit=True)
    return rules.Difference("over", -row.off, box_id, row.lot_id)
