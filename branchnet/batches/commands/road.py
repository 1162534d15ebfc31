"""The road: pack, dispatch, close, cancel. What comes at the other end is in ``receiving`` and ``recalling``."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import literal, select, update

from branchnet.access.acts import Act
from branchnet.batches.commands.settling import settle_up
from branchnet.batches.commands.shared import (
    batch_for,
    check_open,
    close_if_settled,
    copies_of,
    end_damage_on_the_road,
    forget_scans,
    log,
    not_ahead,
    not_before_sending,
    on_the_road,
    open_differences,
)
from branchnet.batches.commands.wishing import free_wishes
from branchnet.batches.stays import stay_days
from branchnet.database import Key
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchGoods, BatchLine, Box, Entry
from branchnet.points.commands import new_place
from branchnet.stock.commands import reverse
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting


def pack(act: Act, batch_id: int, happened_on: date) -> None:
    """draft → packed: the lines stand. Raises Invalid("nothing_to_move") for an empty batch."""
    batch = batch_for(act, batch_id, "pack")
    copies = _to_send(act, batch)
    batch.state = "packed"
    log(act, batch, "packed", not_ahead(act, happened_on), copies=copies)


def unpack(act: Act, batch_id: int, happened_on: date) -> None:
    """packed → draft: the lines may change again."""
    batch = batch_for(act, batch_id, "unpack")
    batch.state = "draft"
    log(act, batch, "unpacked", not_ahead(act, happened_on))


def dispatch(act: Act, batch_id: int, happened_on: date, settles: Collection[int] = ()) -> None:
    """draft or packed → dispatched: all its copies leave the starting place for the batch's own road.

    A delivery without a date due back gets the stay of the point's agreement, or the network's. Raises CopiesElsewhere
    naming the copies that are no longer there, TooEarly, Invalid("nothing_to_move"), Conflict("point_closed"). Goods
    may go alone, except with a delivery: they move nothing, so there is no entry. What leaves a point settles what was
    brought there: of counted lots the batches in ``settles`` before the oldest one.
    """
    batch = batch_for(act, batch_id, "dispatch")
    copies = _to_send(act, batch)
    day = not_ahead(act, happened_on)
    check_open(act, batch.to_place_id, day)
    if batch.kind == "delivery" and batch.due_back_on is None:
        batch.due_back_on = day + timedelta(days=stay_days(act.network_id, batch.to_place_id, day))
    entry_id = _onto_the_road(act, batch, day) if copies else None
    batch.state, batch.dispatched_on = "dispatched", day
    _collect(act, batch, day)
    log(act, batch, "dispatched", day, entry_id, copies)
    settle_up(act, batch, day, settles)


def _to_send(act: Act, batch: Batch) -> int:
    """Copies (册) on the lines; there is a copy, or goods that nobody has to fetch again."""
    copies = copies_of(act, batch.id)
    goods = select(BatchGoods.id).where(BatchGoods.network_id == act.network_id, BatchGoods.batch_id == batch.id)
    if not copies and (batch.kind == "delivery" or db.session.execute(goods.limit(1)).first() is None):
        raise Invalid("nothing_to_move")
    return copies


def _onto_the_road(act: Act, batch: Batch, day: date) -> int:
    if batch.transit_place_id is None:
        batch.transit_place_id = new_place(act, "transit")
    _gather_loose(act, batch)
    lines = (
        select(
            BatchLine.lot_id,
            BatchLine.serial,
            literal(batch.from_place_id, Key).label("from_place_id"),
            literal(batch.transit_place_id, Key).label("to_place_id"),
            BatchLine.quantity,
        )
        .where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
        .order_by(BatchLine.lot_id)
    )
    return post(act, Posting("dispatch", day, "dispatch", batch.id), lines)


def _gather_loose(act: Act, batch: Batch) -> None:
    """What goes loose travels as box 0, so that a receipt is always by box."""
    loose = (
        BatchLine.network_id == act.network_id,
        BatchLine.batch_id == batch.id,
        BatchLine.box_id.is_(None),
    )
    if db.session.execute(select(BatchLine.id).where(*loose).limit(1)).first() is None:
        return
    before = select(Box.id).where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.number == 0)
    box_id = db.session.scalar(before)
    if box_id is None:
        box = Box(network_id=act.network_id, batch_id=batch.id, number=0, label=f"{batch.number}-0")
        db.session.add(box)
        db.session.flush()
        box_id = box.id
    db.session.execute(update(BatchLine).where(*loose).values(box_id=box_id))


def _collect(act: Act, batch: Batch, day: date) -> None:
    """A return that collects a delivery ends its stay."""
    if batch.settles_id is not None:
        delivery = batch_for(act, batch.settles_id)
        delivery.collected_on = not_before_sending(act, delivery, day)


def close(act: Act, batch_id: int, happened_on: date) -> None:
    """received → closed. Raises Conflict("not_settled") while copies are on the road or a difference is open."""
    batch = batch_for(act, batch_id, "close")
    close_if_settled(act, batch, not_ahead(act, happened_on))
    if batch.state != "closed":
        raise Conflict("not_settled", road=on_the_road(act, batch), differences=open_differences(act, batch.id))


def cancel(act: Act, batch_id: int, happened_on: date, reason: str) -> None:
    """Cancel a batch of which nothing was received; what is on the road goes back where it came from.

    Damage told of it ends: nobody could settle it any more. A wish that it was made up for is open again.

    Raises Conflict("received_in_part") once anything was received: then the rest is recalled instead.
    """
    batch = batch_for(act, batch_id, "cancel")
    day = not_ahead(act, happened_on)
    entry_id = None
    if batch.state == "dispatched":
        copies = copies_of(act, batch.id)
        if on_the_road(act, batch) != copies:
            raise Conflict("received_in_part", number=batch.number)
        entry_id = reverse(act, _standing_dispatch(act, batch), reason) if copies else None
        if batch.settles_id is not None:
            batch_for(act, batch.settles_id).collected_on = None
    end_damage_on_the_road(act, batch, day)
    free_wishes(act, batch)
    batch.state = "cancelled"
    log(act, batch, "cancelled", day, entry_id, note=reason)
    if entry_id is not None:
        forget_scans(act, batch)
        settle_up(act, batch, day)


def _standing_dispatch(act: Act, batch: Batch) -> int:
    undone = select(Entry.reverses_id).where(Entry.network_id == act.network_id, Entry.reverses_id.is_not(None))
    return int(
        db.session.execute(
            select(Entry.id).where(
                Entry.network_id == act.network_id,
                Entry.batch_id == batch.id,
                Entry.verb == "dispatch",
                Entry.id.not_in(undone),
            )
        ).scalar_one()
    )
