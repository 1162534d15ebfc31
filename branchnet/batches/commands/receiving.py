"""Receiving: the boxes came, and what was counted in them."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Integer, case, cast, exists, func, insert, literal, select, update

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.boxes import on_its_way
from branchnet.batches.commands.shared import batch_for, close_if_settled, log, not_before_sending
from branchnet.database import Day, Key, Rows
from branchnet.errors import Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Discrepancy
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting, Transfer


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
    damaged: Mapping[int, int] | None = None,
) -> list[int]:
    """Count what came: per box number (0: what was loose) the copies found; without counts, all as sent.

    Boxes not named stay on the road. dispatched → received when the last part is counted, → closed where nothing is
    open. A count above or below what was sent is recorded, never refused; ``damaged`` says by box how many of the
    copies found are broken (破损). Returns the ids of differences opened.
    """
    batch = batch_for(act, batch_id, "receive")
    day = not_before_sending(act, batch, happened_on)
    parts = parts_on_the_road(act, batch)
    if counts is not None and (unknown := counts.keys() - parts.keys()):
        raise NotFound("box_unknown", box=min(unknown), number=batch.number)
    if any(count < 0 for count in (counts or {}).values()):
        raise Invalid("quantity_not_positive", fields={"copies": "quantity_not_positive"})
    chosen = {number: parts[number] for number in counts} if counts is not None else parts
    found = {number: part.copies if counts is None else counts[number] for number, part in chosen.items()}
    broken = _broken(batch, chosen, found, damaged or {})
    arrivals = {number: rules.arrive(part, found[number]) for number, part in chosen.items()}
    differences: list[rules.Difference] = []
    for number, arrival in arrivals.items():
        differences += [*arrival.differences, *broken.get(number, ())]
    together: dict[int, int] = {}
    for arrival in arrivals.values():
        for lot_id, quantity in arrival.moves.items():
            together[lot_id] = together.get(lot_id, 0) + quantity
    came = [number for number, arrival in arrivals.items() if arrival.moves]
    as_listed = all(arrivals[number].moves == chosen[number].sent for number in came)
    return take(
        act,
        batch,
        day,
        {part.box_id: found[number] for number, part in chosen.items()},
        rules.Arrival(together, differences),
        note,
        [chosen[number].box_id for number in came] if as_listed else None,
    )


def take(
    act: Act,
    batch: Batch,
    day: date,
    counted: Mapping[int, int],
    arrival: rules.Arrival,
    note: str | None,
    as_listed: Sequence[int] | None = None,
) -> list[int]:
    """Record what was found by box id: its copies leave the road, its differences are opened, the batch goes on.

    ``as_listed`` names the boxes, where all that came is what stands on the lines of these: then nothing has to be
    counted here. A box in which nothing was found has not come. Returns the ids of the differences.
    """
    entry_id = _post_arrival(act, batch, arrival.moves, day, as_listed)
    _count_boxes(act, {box_id: copies for box_id, copies in counted.items() if copies}, day, entry_id)
    opened = open_cases(act, batch, arrival.differences, day, entry_id, note)
    log(act, batch, "received", day, entry_id, sum(counted.values()) if counted else None, note)
    _received_if_counted(act, batch, day)
    return opened


def _broken(
    batch: Batch, parts: Mapping[int, rules.Part], found: Mapping[int, int], damaged: Mapping[int, int]
) -> dict[int, list[rules.Difference]]:
    """By box number the damage found in it; never more than was found. None of it is a case of its own."""
    if unknown := damaged.keys() - parts.keys():
        raise NotFound("box_unknown", box=min(unknown), number=batch.number)
    if any(not 0 <= broken <= found[number] for number, broken in damaged.items()):
        raise Invalid("damaged", fields={"damaged": "more_damaged"})
    return {
        number: [rules.Difference("damaged", broken, parts[number].box_id, parts[number].only_lot)]
        for number, broken in damaged.items()
        if broken
    }


def _received_if_counted(act: Act, batch: Batch, day: date) -> None:
    lines = exists().where(BatchLine.network_id == Box.network_id, BatchLine.box_id == Box.id)
    left = select(Box.id).where(Box.network_id == act.network_id, Box.batch_id == batch.id, on_its_way(), lines)
    if db.session.execute(left.limit(1)).first() is not None:
        return
    batch.state, batch.received_on = "received", day
    close_if_settled(act, batch, day)


def _post_arrival(
    act: Act, batch: Batch, moves: Mapping[int, int], day: date, as_listed: Sequence[int] | None
) -> int | None:
    """Move what came from the road to the place. Returns the entry's id; None where nothing came."""
    if not moves or batch.transit_place_id is None:
        return None
    transfers = _as_counted(act, batch, moves) if as_listed is None else _as_listed(act, batch, as_listed)
    return post(act, Posting("receive", day, "receive", batch.id), transfers)


def _as_listed(act: Act, batch: Batch, box_ids: Sequence[int]) -> Rows:
    """What the lines of these boxes say, for the database to move without our counting it."""
    return (
        select(
            BatchLine.lot_id,
            BatchLine.serial,
            literal(batch.transit_place_id, Key).label("from_place_id"),
            literal(batch.to_place_id, Key).label("to_place_id"),
            cast(func.sum(BatchLine.quantity), Integer).label("quantity"),
        )
        .where(BatchLine.network_id == act.network_id, BatchLine.box_id.in_(box_ids))
        .group_by(BatchLine.lot_id, BatchLine.serial)
    )


def _as_counted(act: Act, batch: Batch, moves: Mapping[int, int]) -> list[Transfer]:
    serial = dict(
        db.session.execute(
            select(BatchLine.lot_id, BatchLine.serial)
            .where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id)
            .distinct()
        ).all()
    )
    return [
        Transfer(lot_id, serial[lot_id], batch.transit_place_id or 0, batch.to_place_id, quantity)
        for lot_id, quantity in sorted(moves.items())
    ]


def parts_on_the_road(act: Act, batch: Batch) -> dict[int, rules.Part]:
    """By box number (0: loose) what was sent and is neither counted nor recalled."""
    rows = db.session.execute(
        select(Box.number, Box.id, BatchLine.lot_id, BatchLine.serial, BatchLine.quantity)
        .join(BatchLine, (BatchLine.network_id == Box.network_id) & (BatchLine.box_id == Box.id))
        .where(Box.network_id == act.network_id, Box.batch_id == batch.id, on_its_way())
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


def open_cases(
    act: Act,
    batch: Batch,
    differences: Sequence[rules.Difference],
    day: date,
    entry_id: int | None,
    note: str | None,
) -> list[int]:
    """Open these differences of a batch, found on a day by the count of an entry. Returns their ids."""
    if not differences:
        return []
    rows = [
        {
            "network_id": act.network_id,
            "batch_id": batch.id,
            "box_id": difference.box_id,
            "lot_id": difference.lot_id,
            "kind": difference.kind,
            "quantity": difference.quantity,
            "in_transit": difference.in_transit,
            "note": note,
            "opened_on": day,
            "opened_by": act.person_id,
            "opened_entry_id": entry_id,
        }
        for difference in differences
    ]
    return sorted(db.session.scalars(insert(Discrepancy).returning(Discrepancy.id), rows))
