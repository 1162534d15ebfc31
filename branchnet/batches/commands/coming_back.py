"""Coming back: counted in, scanned, restocked are three facts, at three times, with three counts."""

from datetime import date

from sqlalchemy import Integer, cast, func, literal, select, union_all, update

from branchnet.access.acts import Act
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.lines import NewLine, add_lines
from branchnet.batches.commands.road import dispatch
from branchnet.batches.commands.shared import batch_for, close_if_settled, log, not_before_sending
from branchnet.database import Key, Rows
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Holding, Move
from branchnet.points.queries import central_place
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting


def collect(act: Act, delivery_id: int, happened_on: date) -> Batch:
    """Fetch what a delivery brought and still stands at its place: a return of its own, already on the road.

    Ends the delivery's stay. Raises Conflict("collected_already"), Invalid("nothing_to_move") where none is there.
    """
    delivery = batch_for(act, delivery_id)
    if delivery.kind != "delivery":
        raise Invalid("not_a_delivery", number=delivery.number)
    if delivery.collected_on is not None:
        raise Conflict("collected_already", number=delivery.number)
    there = db.session.execute(
        select(Holding.lot_id, Holding.quantity, BatchLine.quantity.label("brought"))
        .join(BatchLine, (BatchLine.network_id == Holding.network_id) & (BatchLine.lot_id == Holding.lot_id))
        .where(
            BatchLine.network_id == act.network_id,
            BatchLine.batch_id == delivery.id,
            Holding.place_id == delivery.to_place_id,
            Holding.quantity > 0,
        )
    ).all()
    if not there:
        raise Invalid("nothing_to_move")
    brought: dict[int, int] = {}
    standing: dict[int, int] = {}
    for row in there:
        brought[row.lot_id] = brought.get(row.lot_id, 0) + row.brought
        standing[row.lot_id] = row.quantity
    back = draft(
        act,
        NewBatch(
            kind="return",
            drafted_on=happened_on,
            from_place_id=delivery.to_place_id,
            settles_id=delivery.id,
            source=delivery.source,
        ),
    )
    add_lines(act, back.id, [NewLine(lot, min(brought[lot], standing[lot])) for lot in sorted(brought)])
    dispatch(act, back.id, happened_on)
    return back


def count_in(act: Act, batch_id: int, happened_on: date, copies: int) -> None:
    """Books came back and were counted (归还): an event with its number; no copy has moved yet."""
    batch = _return(act, batch_id, "scan")
    if copies < 0:
        raise Invalid("quantity_not_positive", fields={"copies": "quantity_not_positive"})
    log(act, batch, "counted_in", not_before_sending(act, batch, happened_on), copies=copies)


def scan(act: Act, batch_id: int, happened_on: date) -> None:
    """Everything on the road was scanned (过电脑) and is in the central library's workroom. dispatched → received.

    Raises Conflict("counted_already") once boxes of it were counted onto the shelf: the rest is counted there too.
    """
    batch = _return(act, batch_id, "scan")
    counted = select(Box.id).where(
        Box.network_id == act.network_id, Box.batch_id == batch.id, Box.counted_on.is_not(None)
    )
    if db.session.execute(counted).first() is not None:
        raise Conflict("counted_already", number=batch.number)
    workroom = central_place(act.network_id, "workroom")
    day = not_before_sending(act, batch, happened_on)
    entry_id, copies = _move_all(act, batch, Posting("scan", day, "scan", batch.id), batch.transit_place_id, workroom)
    db.session.execute(
        update(Box)
        .where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.arrived_on.is_(None))
        .values(arrived_on=day)
    )
    batch.state, batch.received_on = "received", day
    log(act, batch, "scanned", day, entry_id, copies)


def restock(act: Act, batch_id: int, happened_on: date) -> None:
    """What was scanned stands on the shelf again (清点入库) and can be picked. Closes the return."""
    batch = _return(act, batch_id, "restock")
    workroom = central_place(act.network_id, "workroom")
    day = not_before_sending(act, batch, happened_on)
    entry_id, copies = _move_all(
        act,
        batch,
        Posting("restock", day, "restock", batch.id),
        workroom,
        central_place(act.network_id, "shelf"),
    )
    log(act, batch, "restocked", day, entry_id, copies)
    close_if_settled(act, batch, day)


def _return(act: Act, batch_id: int, step: str) -> Batch:
    batch = batch_for(act, batch_id, step)
    if batch.kind != "return":
        raise Conflict("not_a_return", number=batch.number)
    return batch


def _move_all(act: Act, batch: Batch, posting: Posting, from_place_id: int | None, to_place_id: int) -> tuple[int, int]:
    """Move on what this batch brought to a place. Returns the entry and the copies (册)."""
    came = _brought(act, batch, from_place_id)
    copies = sum(row.quantity for row in db.session.execute(came))
    if not copies:
        raise Invalid("nothing_to_move")
    there = came.subquery()
    transfers = select(
        there.c.lot_id,
        there.c.serial,
        literal(from_place_id, Key).label("from_place_id"),
        literal(to_place_id, Key).label("to_place_id"),
        there.c.quantity,
    )
    return post(act, posting, transfers), copies


def _brought(act: Act, batch: Batch, place_id: int | None) -> Rows:
    """By lot, what this batch brought to a place and did not take on from there."""
    mine = (Move.network_id == act.network_id, Move.batch_id == batch.id)
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
