"""Coming back: counted in, scanned, restocked are three facts, at three times, with three counts."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Integer, case, cast, func, literal, select, union_all, update

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.receiving import open_cases
from branchnet.batches.commands.shared import batch_for, close_if_settled, log, not_before_sending
from branchnet.batches.three_counts import Off, restocked_off, scanned_off
from branchnet.database import Key, Rows
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchScan, Box, FoundItem, Holding, Move
from branchnet.points.queries import central_place
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting


def count_in(act: Act, batch_id: int, happened_on: date, copies: int) -> None:
    """Books came back and were counted (归还): an event with its number; no copy has moved yet."""
    batch = return_in(act, batch_id, "scan")
    if copies < 0:
        raise Invalid("quantity_not_positive", fields={"copies": "quantity_not_positive"})
    log(act, batch, "counted_in", not_before_sending(act, batch, happened_on), copies=copies)


def scan(act: Act, batch_id: int, happened_on: date) -> list[int]:
    """Everything on the road was scanned (过电脑) and is in the central library's workroom. dispatched → received.

    Where another number was counted in, that is a difference that names no copy. Returns the ids of differences.
    Raises Conflict("counted_already") once boxes of it were counted onto the shelf: the rest is counted there too;
    Conflict("scans_begun") once copies of it were scanned one by one: then only those have come.
    """
    batch = return_in(act, batch_id, "scan")
    not_counted_yet(act, batch)
    mine = (BatchScan.network_id == act.network_id, BatchScan.batch_id == batch.id)
    if begun := db.session.scalar(select(func.sum(BatchScan.quantity)).where(*mine)):
        raise Conflict("scans_begun", number=batch.number, copies=int(begun))
    day = not_before_sending(act, batch, happened_on)
    # Only its own moves touch a batch's road: what is held there is what is left of it.
    on_its_road = select(Holding.lot_id, Holding.serial, Holding.quantity).where(
        Holding.network_id == act.network_id, Holding.place_id == batch.transit_place_id, Holding.quantity > 0
    )
    entry_id, copies = scanned_in(act, batch, day, on_its_road)
    return open_off(act, batch, counted_off(act, batch, copies, 0, one_by_one=False), day, entry_id)


def restock(
    act: Act,
    batch_id: int,
    happened_on: date,
    copies: int | None = None,
    lots: Collection[int] | None = None,
    counted: Mapping[int, int] | None = None,
) -> list[int]:
    """What was scanned stands on the shelf again (清点入库) and can be picked; of ``lots`` alone, so much of it does.

    ``counted``: of these lots only so many copies (册).

    Where another number was counted onto the shelf, that is a difference that names no copy. Closes the return once
    nothing of it waits in the workroom and no difference is open. Returns the ids of differences.
    """
    batch = return_in(act, batch_id, "restock")
    if copies is not None and copies < 1:
        raise Invalid("quantity_not_positive", fields={"copies": "quantity_not_positive"})
    workroom, shelf = (central_place(act.network_id, kind) for kind in ("workroom", "shelf"))
    day = not_before_sending(act, batch, happened_on)
    some = None if lots is None else [*lots, *(counted or {})]
    waiting = _no_more(brought_by(act, batch, workroom, some), counted or {})
    entry_id, standing = _posted(act, Posting("restock", day, "restock", batch.id), waiting, workroom, shelf)
    log(act, batch, "restocked", day, entry_id, standing if copies is None else copies)
    opened = open_off(act, batch, restocked_off(standing, copies), day, entry_id)
    close_if_settled(act, batch, day)
    return opened


def return_in(act: Act, batch_id: int, step: str) -> Batch:
    """A return under lock, in a state from which the step is possible."""
    batch = batch_for(act, batch_id, step)
    if batch.kind != "return":
        raise Conflict("not_a_return", number=batch.number)
    return batch


def not_counted_yet(act: Act, batch: Batch) -> None:
    """No box of it was counted onto the shelf. Raises Conflict("counted_already")."""
    counted = select(Box.id).where(
        Box.network_id == act.network_id, Box.batch_id == batch.id, Box.counted_on.is_not(None)
    )
    if db.session.execute(counted).first() is not None:
        raise Conflict("counted_already", number=batch.number)


def scanned_in(act: Act, batch: Batch, day: date, came: Rows) -> tuple[int, int]:
    """Move what was scanned from the road to the workroom. dispatched → received. Returns the entry and 册."""
    workroom = central_place(act.network_id, "workroom")
    posting = Posting("scan", day, "scan", batch.id)
    entry_id, copies = _posted(act, posting, came, batch.transit_place_id, workroom)
    db.session.execute(
        update(Box)
        .where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.arrived_on.is_(None))
        .values(arrived_on=day)
    )
    batch.state, batch.received_on = "received", day
    log(act, batch, "scanned", day, entry_id, copies)
    return entry_id, copies


def counted_off(act: Act, batch: Batch, copies: int, missing: int, *, one_by_one: bool) -> Off | None:
    """What differs between the number last counted in and the copies (册) scanned, beyond those missing by name."""
    counted = db.session.scalar(
        select(BatchEvent.copies)
        .where(
            BatchEvent.network_id == act.network_id,
            BatchEvent.batch_id == batch.id,
            BatchEvent.step == "counted_in",
        )
        .order_by(BatchEvent.id.desc())
        .limit(1)
    )
    strangers = db.session.scalar(
        select(func.sum(FoundItem.quantity)).where(
            FoundItem.network_id == act.network_id, FoundItem.batch_id == batch.id
        )
    )
    return scanned_off(counted, copies, missing, int(strangers or 0), one_by_one=one_by_one)


def open_off(act: Act, batch: Batch, off: Off | None, day: date, entry_id: int) -> list[int]:
    """Open the difference between two counts: it names no copy until somebody knows."""
    if off is None:
        return []
    return open_cases(act, batch, [rules.Difference(*off)], day, entry_id, None)


def brought_by(act: Act, batch: Batch, place_id: int | None, lots: Collection[int] | None = None) -> Rows:
    """By lot, what this batch brought to a place and did not take on from there; of these lots alone."""
    # A copy that is mended stands in the workroom for its own sake: it is not what waits to be shelved.
    mine = [Move.network_id == act.network_id, Move.batch_id == batch.id, Move.reason != "repaired"]
    if lots is not None:
        mine.append(Move.lot_id.in_(lots))
    both = union_all(
        select(Move.lot_id, Move.serial, Move.quantity).where(*mine, Move.to_place_id == place_id),
        select(Move.lot_id, Move.serial, -Move.quantity).where(*mine, Move.from_place_id == place_id),
    ).subquery()
    left = cast(func.sum(both.c.quantity), Integer)
    return (
        select(both.c.lot_id, both.c.serial, left.label("quantity"))
        .group_by(both.c.lot_id, both.c.serial)
        .having(func.sum(both.c.quantity) > 0)
        .order_by(both.c.lot_id)
    )


def _no_more(rows: Rows, counted: Mapping[int, int]) -> Rows:
    """The same rows with so many copies (册) of these lots, where that is fewer."""
    if not counted:
        return rows
    there = rows.order_by(None).subquery()
    asked = case(counted, value=there.c.lot_id, else_=there.c.quantity)
    fewer = case((asked < there.c.quantity, asked), else_=there.c.quantity)
    return select(there.c.lot_id, there.c.serial, fewer.label("quantity")).order_by(there.c.lot_id)


def _posted(act: Act, posting: Posting, rows: Rows, from_place_id: int | None, to_place_id: int) -> tuple[int, int]:
    """Post rows of lot, serial and quantity from a place to a place. Returns the entry and the copies (册) that moved.

    Raises Invalid("nothing_to_move") for none.
    """
    there = rows.order_by(None).subquery()
    transfers = select(
        there.c.lot_id,
        there.c.serial,
        literal(from_place_id, Key).label("from_place_id"),
        literal(to_place_id, Key).label("to_place_id"),
        there.c.quantity,
    )
    entry_id = post(act, posting, transfers)
    moved = select(func.sum(Move.quantity)).where(Move.network_id == act.network_id, Move.entry_id == entry_id)
    copies = int(db.session.scalar(moved) or 0)
    if not copies:
        raise Invalid("nothing_to_move")
    return entry_id, copies
