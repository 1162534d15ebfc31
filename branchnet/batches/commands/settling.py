"""What leaves a point settles what earlier batches brought there, in the same transaction, and ends their stays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Integer, case, cast, delete, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from branchnet.access.acts import Act
from branchnet.batches.brought import came_with, counted_out, standing_at
from branchnet.batches.commands.leaving import follow_stays
from branchnet.batches.commands.shared import batch_for, log, not_ahead
from branchnet.batches.settlements import By, open_to_settle, settlements_of
from branchnet.batches.settling import SETTLES, resettle_problems, settled_by, trimmed
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Entry, Holding, Lot, Move, Settlement, StayEnd

NOTE_LENGTH = 200


def settle_up(act: Act, batch: Batch, day: date, first: Collection[int] = ()) -> None:
    """Bring what a return or rotation settles to what of it has left its point by now.

    What came back there settles nothing any more; what left and settles nothing yet settles ``first`` the batches it
    was fetched for, then the oldest open one. A delivery with nothing left there has ended its stay, whatever took the
    last of it; one that has something again goes on. Runs after the moves, whose posting holds the rows of the place
    locked. Writes down what is settled otherwise than before.
    """
    if batch.kind in SETTLES:
        _settle_own(act, batch, day, first)
    follow_stays(act, batch.from_place_id if batch.kind in SETTLES else batch.to_place_id)


def _settle_own(act: Act, batch: Batch, day: date, first: Collection[int]) -> None:
    taken, before = _taken(act, batch), settlements_of(act.network_id, batch.id)
    after = {lot_id: trimmed(list(by.items()), taken.get(lot_id, 0)) for lot_id, by in before.items()}
    more = {lot_id: copies - sum(after.get(lot_id, {}).values()) for lot_id, copies in taken.items()}
    wanting = {lot_id: copies for lot_id, copies in more.items() if copies > 0}
    _write(act, batch, {lot_id: by for lot_id, by in after.items() if by != before[lot_id]})
    if wanting:
        _write(act, batch, _settled_anew(act, batch, wanting, after, first or _carried_on(act, batch)))
    if any(after[lot_id] != by for lot_id, by in before.items()):
        log(act, batch, "resettled", day, note=_told(before, settlements_of(act.network_id, batch.id)))
    reopen_stays(act, batch)
    end_stays(act, batch, day)


def _carried_on(act: Act, batch: Batch) -> Collection[int]:
    """What a rotation takes first: what came to stay, on its own terms. A delivery waits to be fetched."""
    if batch.kind != "rotation":
        return ()
    return db.session.scalars(
        select(Batch.id).where(
            Batch.network_id == act.network_id,
            Batch.to_place_id == batch.from_place_id,
            Batch.kind != "delivery",
            Batch.terms == batch.terms,
        )
    ).all()


def resettle(act: Act, batch_id: int, happened_on: date, asked: By) -> None:
    """Say anew what a return or rotation settles of counted lots: by lot and batch the copies (册).

    What is asked replaces what was settled of these lots. Raises Conflict("settles_nothing") for a batch that has not
    left a point, Invalid("settled_beyond_line" / "settled_beyond_brought") by field ``settles-<lot>-<batch>``.
    """
    batch = batch_for(act, batch_id)
    taken = _taken(act, batch) if batch.kind in SETTLES and batch.dispatched_on is not None else {}
    if not taken:
        raise Conflict("settles_nothing", number=batch.number)
    day = not_ahead(act, happened_on)
    before, free = settlements_of(act.network_id, batch.id), open_to_settle(act.network_id, batch)
    problems = {
        f"settles-{lot_id}-{one}": problem
        for lot_id, by in asked.items()
        for one, problem in resettle_problems(by, taken.get(lot_id, 0), free.get(lot_id, {})).items()
    }
    if problems:
        raise Invalid("resettle", fields=problems)
    _write(act, batch, asked)
    after = settlements_of(act.network_id, batch.id)
    if after != before:
        log(act, batch, "resettled", day, note=_told(before, after))
    reopen_stays(act, batch)
    end_stays(act, batch, day)


def check_settled(act: Act, batch: Batch) -> None:
    """Nothing more is settled of a batch than it brought. Raises Conflict("later_moves") with what settled it since."""
    settled = (
        select(Settlement.lot_id, func.sum(Settlement.quantity).label("copies"))
        .where(Settlement.network_id == act.network_id, Settlement.settles_id == batch.id)
        .group_by(Settlement.lot_id)
        .subquery()
    )
    place = batch.to_place_id
    brought = (
        select(came_with(place))
        .where(Move.network_id == act.network_id, Move.batch_id == batch.id, Move.lot_id == settled.c.lot_id)
        .correlate(settled)
        .scalar_subquery()
    )
    beyond = select(settled.c.lot_id).where(settled.c.copies > func.coalesce(brought, 0)).limit(1)
    if db.session.execute(beyond).first() is None:
        return
    undone = select(Entry.reverses_id).where(Entry.network_id == act.network_id, Entry.reverses_id.is_not(None))
    later = select(Entry.id).where(
        Entry.network_id == act.network_id,
        Entry.verb == "dispatch",
        Entry.id.not_in(undone),
        Entry.batch_id.in_(
            select(Settlement.batch_id).where(
                Settlement.network_id == act.network_id, Settlement.settles_id == batch.id
            )
        ),
    )
    raise Conflict("later_moves", entries=list(db.session.scalars(later.order_by(Entry.id.desc()))))


def _taken(act: Act, batch: Batch) -> dict[int, int]:
    """By counted lot the copies (册) of a batch that have left the place it starts from and did not come back there."""
    change = case((Move.from_place_id == batch.from_place_id, Move.quantity), else_=-Move.quantity)
    rows = db.session.execute(
        select(Move.lot_id, cast(func.sum(change), Integer))
        .where(
            Move.network_id == act.network_id,
            Move.batch_id == batch.id,
            Move.serial.is_(False),
            or_(Move.from_place_id == batch.from_place_id, Move.to_place_id == batch.from_place_id),
        )
        .group_by(Move.lot_id)
        .having(func.sum(change) > 0)
        .order_by(Move.lot_id)
    )
    return dict(rows.all())


def _settled_anew(act: Act, batch: Batch, wanting: Mapping[int, int], settled: By, first: Collection[int]) -> By:
    """What is settled with what still settles nothing: it stood there a moment ago, and counts as if it still did."""
    held = db.session.execute(
        select(Holding.lot_id, Holding.quantity).where(
            Holding.network_id == act.network_id,
            Holding.place_id == batch.from_place_id,
            Holding.lot_id.in_(wanting),
        )
    )
    left = dict(held.all())
    stood = {lot_id: left.get(lot_id, 0) + copies for lot_id, copies in wanting.items()}
    out = counted_out(act.network_id, batch.from_place_id, stood, wanting)
    wanted = {*first, batch.settles_id or 0}
    anew: By = {}
    for lot_id, copies in wanting.items():
        for settles_id, number in settled_by(out.get(lot_id, {}), copies, wanted).items():
            by = anew.setdefault(lot_id, dict(settled.get(lot_id, {})))
            by[settles_id] = by.get(settles_id, 0) + number
    return anew


def _write(act: Act, batch: Batch, settled: Mapping[int, Mapping[int, int]]) -> None:
    """Write what a batch settles of these lots in place of what stood there."""
    if not settled:
        return
    db.session.execute(
        delete(Settlement).where(
            Settlement.network_id == act.network_id,
            Settlement.batch_id == batch.id,
            Settlement.lot_id.in_(settled),
        )
    )
    rows = [
        {
            "network_id": act.network_id,
            "batch_id": batch.id,
            "lot_id": lot_id,
            "settles_id": settles_id,
            "quantity": copies,
        }
        for lot_id, by in settled.items()
        for settles_id, copies in by.items()
        if copies
    ]
    if rows:
        db.session.execute(insert(Settlement), rows)


def _told(before: By, after: By) -> str:
    """What changed, for the batch's events: 故事书 25-017 30→20."""
    lots = {lot_id for lot_id in before.keys() | after.keys() if before.get(lot_id) != after.get(lot_id)}
    titles = dict(db.session.execute(select(Lot.id, Lot.title).where(Lot.id.in_(lots))).all())
    batch_ids = {one for by in (*before.values(), *after.values()) for one in by}
    numbers = dict(db.session.execute(select(Batch.id, Batch.number).where(Batch.id.in_(batch_ids))).all())
    said = [
        f"{titles[lot_id]} {numbers[one]} {was}→{now}"
        for lot_id in sorted(lots)
        for one in sorted(before.get(lot_id, {}).keys() | after.get(lot_id, {}).keys())
        if (was := before.get(lot_id, {}).get(one, 0)) != (now := after.get(lot_id, {}).get(one, 0))
    ]
    return "；".join(said)[:NOTE_LENGTH]


def end_stays(act: Act, batch: Batch, day: date) -> None:
    """End the stay of every delivery that this batch took the last copies of, though it was not sent for it alone."""
    mine = aliased(BatchLine)
    shared = (
        select(mine.id)
        .join(BatchLine, (BatchLine.network_id == mine.network_id) & (BatchLine.lot_id == mine.lot_id))
        .where(mine.network_id == act.network_id, mine.batch_id == batch.id, BatchLine.batch_id == Batch.id)
        .correlate(Batch)
    )
    staying = db.session.scalars(
        select(Batch.id)
        .where(
            Batch.network_id == act.network_id,
            Batch.to_place_id == batch.from_place_id,
            Batch.kind == "delivery",
            Batch.state.in_(("received", "closed")),
            Batch.collected_on.is_(None),
            shared.exists(),
        )
        .order_by(Batch.id)
    ).all()
    if not staying or batch.dispatched_on is None or batch.state == "cancelled":
        return
    there = standing_at(act.network_id, batch.from_place_id).totals()
    for delivery_id in staying:
        if delivery_id not in there:
            delivery = batch_for(act, delivery_id)
            delivery.collected_on = max(batch.dispatched_on, delivery.dispatched_on or day)
            db.session.execute(
                insert(StayEnd).values(network_id=act.network_id, delivery_id=delivery_id, return_id=batch.id)
            )


def reopen_stays(act: Act, batch: Batch) -> None:
    """A delivery whose stay ended with this batch, and of which something stands there again, is still out."""
    ended: Sequence[Any] = db.session.scalars(
        select(StayEnd.delivery_id)
        .where(StayEnd.network_id == act.network_id, StayEnd.return_id == batch.id)
        .order_by(StayEnd.delivery_id)
    ).all()
    if not ended:
        return
    there = standing_at(act.network_id, batch.from_place_id).totals()
    again = [delivery_id for delivery_id in ended if delivery_id in there]
    for delivery_id in again:
        batch_for(act, delivery_id)
    db.session.execute(
        update(Batch)
        .where(Batch.network_id == act.network_id, Batch.id.in_(again))
        .values(collected_on=None)
        .execution_options(synchronize_session="fetch")
    )
    db.session.execute(delete(StayEnd).where(StayEnd.network_id == act.network_id, StayEnd.delivery_id.in_(again)))
