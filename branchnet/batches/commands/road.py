"""The road: pack, dispatch, arrive, receive, close, cancel."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import case, func, insert, literal, select, update

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.shared import (
    batch_for,
    close_if_settled,
    copies_of,
    log,
    not_ahead,
    not_before_sending,
    on_the_road,
    open_differences,
)
from branchnet.database import Day, Key
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Discrepancy, Entry
from branchnet.points.commands import new_place
from branchnet.stock.commands import reverse
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting, Transfer


def pack(act: Act, batch_id: int, happened_on: date) -> None:
    """draft → packed: the lines stand. Raises Invalid("nothing_to_move") for an empty batch."""
    batch = batch_for(act, batch_id, "pack")
    copies = copies_of(act, batch.id)
    if not copies:
        raise Invalid("nothing_to_move")
    batch.state = "packed"
    log(act, batch, "packed", not_ahead(act, happened_on), copies=copies)


def unpack(act: Act, batch_id: int, happened_on: date) -> None:
    """packed → draft: the lines may change again."""
    batch = batch_for(act, batch_id, "unpack")
    batch.state = "draft"
    log(act, batch, "unpacked", not_ahead(act, happened_on))


def dispatch(act: Act, batch_id: int, happened_on: date) -> None:
    """draft or packed → dispatched: all its copies leave the starting place for the batch's own road.

    A delivery without a date due back gets the network's stay. Raises CopiesElsewhere naming the copies that are no
    longer there, TooEarly, Invalid("nothing_to_move").
    """
    batch = batch_for(act, batch_id, "dispatch")
    copies = copies_of(act, batch.id)
    if not copies:
        raise Invalid("nothing_to_move")
    day = not_ahead(act, happened_on)
    if batch.transit_place_id is None:
        batch.transit_place_id = new_place(act, "transit")
    _gather_loose(act, batch)
    if batch.kind == "delivery" and batch.due_back_on is None:
        batch.due_back_on = day + timedelta(days=act.network.stay_days)
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
    entry_id = post(act, Posting("dispatch", day, "dispatch", batch.id), lines)
    batch.state, batch.dispatched_on = "dispatched", day
    _collect(act, batch, day)
    log(act, batch, "dispatched", day, entry_id, copies)


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


def arrive(act: Act, batch_id: int, happened_on: date) -> None:
    """The boxes came and nobody has time to count: a state of the boxes; figures say "not counted" until then."""
    batch = batch_for(act, batch_id, "receive")
    day = not_before_sending(act, batch, happened_on)
    db.session.execute(
        update(Box)
        .where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.arrived_on.is_(None))
        .values(arrived_on=day)
    )
    log(act, batch, "arrived", day)


def receive(
    act: Act,
    batch_id: int,
    happened_on: date,
    counts: Mapping[int, int] | None = None,
    note: str | None = None,
) -> list[int]:
    """Count what came: per box number (0: what was loose) the copies found; without counts, all as sent.

    Boxes not named stay on the road. dispatched → received when the last part is counted, → closed where nothing is
    open. A count above or below what was sent is recorded, never refused. Returns the ids of differences opened.
    """
    batch = batch_for(act, batch_id, "receive")
    day = not_before_sending(act, batch, happened_on)
    parts = _parts_on_the_road(act, batch)
    if counts is not None and (unknown := counts.keys() - parts.keys()):
        raise NotFound("box_unknown", box=min(unknown), number=batch.number)
    if any(count < 0 for count in (counts or {}).values()):
        raise Invalid("quantity_not_positive", fields={"copies": "quantity_not_positive"})
    chosen = {number: parts[number] for number in counts} if counts is not None else parts
    moves: dict[int, int] = {}
    differences: list[rules.Difference] = []
    found = {number: part.copies if counts is None else counts[number] for number, part in chosen.items()}
    for number, part in chosen.items():
        arrival = rules.arrive(part, found[number])
        for lot_id, quantity in arrival.moves.items():
            moves[lot_id] = moves.get(lot_id, 0) + quantity
        differences += arrival.differences
    entry_id = _post_arrival(act, batch, moves, day)
    _count_boxes(act, {part.box_id: found[number] for number, part in chosen.items() if found[number]}, day, entry_id)
    opened = [_open_difference(act, batch, difference, day, entry_id, note) for difference in differences]
    log(act, batch, "received", day, entry_id, sum(found.values()), note)
    _received_if_counted(act, batch, day)
    return opened


def _received_if_counted(act: Act, batch: Batch, day: date) -> None:
    if _parts_on_the_road(act, batch):
        return
    batch.state, batch.received_on = "received", day
    close_if_settled(act, batch, day)


def _post_arrival(act: Act, batch: Batch, moves: Mapping[int, int], day: date) -> int | None:
    if not moves or batch.transit_place_id is None:
        return None
    serial = dict(
        db.session.execute(
            select(BatchLine.lot_id, BatchLine.serial)
            .where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
            .distinct()
        ).all()
    )
    transfers = [
        Transfer(lot_id, serial[lot_id], batch.transit_place_id, batch.to_place_id, quantity)
        for lot_id, quantity in sorted(moves.items())
    ]
    return post(act, Posting("receive", day, "receive", batch.id), transfers)


def _parts_on_the_road(act: Act, batch: Batch) -> dict[int, rules.Part]:
    """By box number (0: loose) what was sent and is not counted yet."""
    rows = db.session.execute(
        select(Box.number, Box.id, BatchLine.lot_id, BatchLine.serial, BatchLine.quantity)
        .join(BatchLine, (BatchLine.network_id == Box.network_id) & (BatchLine.box_id == Box.id))
        .where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.counted_on.is_(None))
        .order_by(Box.number, BatchLine.lot_id)
    ).all()
    sent: dict[int, dict[int, int]] = {}
    counted_lots: dict[int, set[int]] = {}
    ids: dict[int, int] = {}
    for row in rows:
        ids[row.number] = row.id
        sent.setdefault(row.number, {})[row.lot_id] = row.quantity
        counted_lots.setdefault(row.number, set()).update(() if row.serial else (row.lot_id,))
    return {number: rules.Part(ids[number], lots, frozenset(counted_lots[number])) for number, lots in sent.items()}


def _count_boxes(act: Act, copies: Mapping[int, int], day: date, entry_id: int | None) -> None:
    if not copies:
        return
    counts = case(copies, value=Box.id)
    db.session.execute(
        update(Box)
        .where(Box.network_id == act.network_id, Box.id.in_(copies))
        .values(
            arrived_on=func.coalesce(Box.arrived_on, literal(day, Day)),
            counted_on=day,
            copies=counts,
            entry_id=entry_id,
        )
        .execution_options(synchronize_session=False)
    )


def _open_difference(
    act: Act, batch: Batch, difference: rules.Difference, day: date, entry_id: int | None, note: str | None
) -> int:
    return int(
        db.session.execute(
            insert(Discrepancy)
            .values(
                network_id=act.network_id,
                batch_id=batch.id,
                box_id=difference.box_id,
                lot_id=difference.lot_id,
                kind=difference.kind,
                quantity=difference.quantity,
                in_transit=difference.in_transit,
                note=note,
                opened_on=day,
                opened_by=act.person_id,
                opened_entry_id=entry_id,
            )
            .returning(Discrepancy.id)
        ).scalar_one()
    )


def close(act: Act, batch_id: int, happened_on: date) -> None:
    """received → closed. Raises Conflict("not_settled") while copies are on the road or a difference is open."""
    batch = batch_for(act, batch_id, "close")
    close_if_settled(act, batch, not_ahead(act, happened_on))
    if batch.state != "closed":
        raise Conflict("not_settled", road=on_the_road(act, batch), differences=open_differences(act, batch.id))


def cancel(act: Act, batch_id: int, happened_on: date, reason: str) -> None:
    """Cancel a batch of which nothing was received; what is on the road goes back where it came from.

    Raises Conflict("received_in_part") once anything was received: then the rest is recalled instead.
    """
    batch = batch_for(act, batch_id, "cancel")
    day = not_ahead(act, happened_on)
    entry_id = None
    if batch.state == "dispatched":
        if on_the_road(act, batch) != copies_of(act, batch.id):
            raise Conflict("received_in_part", number=batch.number)
        entry_id = reverse(act, _standing_dispatch(act, batch), reason)
        if batch.settles_id is not None:
            batch_for(act, batch.settles_id).collected_on = None
    batch.state = "cancelled"
    log(act, batch, "cancelled", day, entry_id, note=reason)


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
