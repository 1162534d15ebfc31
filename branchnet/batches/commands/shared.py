"""What every verb needs: the batch under lock, its events, its numbers."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, or_, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, BatchScan, Discrepancy, Holding, Move, Place, ServicePoint
from branchnet.stock.counters import count_up

# Built once: every step of a batch asks for some of these, and building one costs more than running it.
_EVENTS: Any = BatchEvent.__table__
_NEW_EVENT = insert(_EVENTS)
_LOCKED = (
    select(Batch)
    .where(Batch.network_id == bindparam("network"), Batch.id == bindparam("batch"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_CLOSED_BY = select(ServicePoint.code).where(
    ServicePoint.network_id == bindparam("network"),
    ServicePoint.place_id == bindparam("place"),
    ServicePoint.closed_on <= bindparam("day"),
)
_COPIES = select(func.sum(BatchLine.quantity)).where(
    BatchLine.network_id == bindparam("network"), BatchLine.batch_id == bindparam("batch")
)
_HELD = select(func.sum(Holding.quantity)).where(
    Holding.network_id == bindparam("network"), Holding.place_id == bindparam("place")
)
_OPEN = select(func.count(Discrepancy.id)).where(
    Discrepancy.network_id == bindparam("network"),
    Discrepancy.batch_id == bindparam("batch"),
    Discrepancy.closed_on.is_(None),
)
_WORKROOM = select(Place.id).where(Place.network_id == bindparam("network"), Place.kind == "workroom").scalar_subquery()
_WAITING = select(func.sum(case((Move.to_place_id == _WORKROOM, Move.quantity), else_=-Move.quantity))).where(
    Move.network_id == bindparam("network"),
    Move.batch_id == bindparam("batch"),
    Move.reason != "repaired",
    or_(Move.to_place_id == _WORKROOM, Move.from_place_id == _WORKROOM),
)


def batch_for(act: Act, batch_id: int, step: str | None = None) -> Batch:
    """The batch under lock, in a state from which the step is possible.

    Raises NotFound, or Conflict("not_from_here") with the step and the state: somebody else may have been first.
    """
    batch = db.session.scalars(_LOCKED, {"network": act.network_id, "batch": batch_id}).one_or_none()
    if batch is None:
        raise NotFound(batch_id=batch_id)
    if step is not None and not rules.can(step, batch.state):
        raise Conflict("not_from_here", step=step, state=batch.state, number=batch.number)
    return batch


def not_ahead(act: Act, day: date, field: str = "happened_on") -> date:
    """The day itself; what has not happened yet cannot be recorded. ``field``: where the day was written."""
    if day > act.today():
        raise Invalid("in_the_future", fields={field: "in_the_future"})
    return day


def not_before_sending(act: Act, batch: Batch, day: date) -> date:
    """The day itself; nothing comes before it was sent, even where both days lie in a closed month."""
    if batch.dispatched_on is not None and day < batch.dispatched_on:
        raise TooEarly(earliest=batch.dispatched_on)
    return not_ahead(act, day)


def check_open(act: Act, place_id: int, day: date) -> None:
    """Nothing is sent to a point from the day on that it closed. Raises Conflict("point_closed")."""
    code = db.session.scalar(_CLOSED_BY, {"network": act.network_id, "place": place_id, "day": day})
    if code is not None:
        raise Conflict("point_closed", code=code)


def last_day_open(act: Act, place_id: int, day: date) -> date:
    """The day itself, or the last one before the point at this place closed: books there were there by then."""
    closed_on = db.session.scalar(
        select(ServicePoint.closed_on).where(
            ServicePoint.network_id == act.network_id, ServicePoint.place_id == place_id
        )
    )
    return day if closed_on is None or day < closed_on else closed_on - timedelta(days=1)


def log(
    act: Act,
    batch: Batch,
    step: str,
    happened_on: date,
    entry_id: int | None = None,
    copies: int | None = None,
    note: str | None = None,
) -> None:
    """Add an event to the batch's life."""
    row = {
        "network_id": act.network_id,
        "batch_id": batch.id,
        "step": step,
        "happened_on": happened_on,
        "recorded_at": clock.now(),
        "recorded_by": act.person_id,
        "entry_id": entry_id,
        "copies": copies,
        "note": note,
    }
    db.session.execute(_NEW_EVENT, row)


def next_number(act: Act, day: date) -> str:
    """The next batch number of a year: 25-017."""
    return f"{day.year % 100:02d}-{count_up(act, f'batch-{day.year}'):03d}"


def copies_of(act: Act, batch_id: int) -> int:
    """Copies (册) on the lines of a batch."""
    return _number(_COPIES, act, batch=batch_id)


def on_the_road(act: Act, batch: Batch) -> int:
    """Copies (册) of a batch that are still in transit."""
    return _number(_HELD, act, place=batch.transit_place_id)


def in_the_workroom(act: Act, batch: Batch) -> int:
    """Copies (册) of a return that were scanned and are not restocked yet; one that is mended there is none of them."""
    return _number(_WAITING, act, batch=batch.id)


def open_differences(act: Act, batch_id: int) -> int:
    """How many differences of a batch are open."""
    return _number(_OPEN, act, batch=batch_id)


def end_damage_on_the_road(
    act: Act, batch: Batch, day: date, entry_id: int | None = None, box_ids: Collection[int] | None = None
) -> None:
    """Damage told of books that never came is no case between the two ends: its books are back where they came from.

    Of these boxes, or of the whole batch. What ``entry_id`` ended is open again once that is taken back.
    """
    cases = db.session.scalars(
        select(Discrepancy).where(
            Discrepancy.network_id == act.network_id,
            Discrepancy.batch_id == batch.id,
            Discrepancy.kind == "damaged",
            Discrepancy.closed_on.is_(None),
        )
    )
    for one in cases:
        if box_ids is None or one.box_id in box_ids:
            one.closed_on, one.closed_by = max(day, one.opened_on), act.person_id
            one.resolution, one.entry_id = "miscounted", entry_id
    db.session.flush()


def _number(query: Any, act: Act, **asked: int | None) -> int:
    return int(db.session.scalar(query, {"network": act.network_id, **asked}) or 0)


def forget_scans(act: Act, batch: Batch) -> None:
    """A return that is not on the road any more was not scanned."""
    db.session.execute(delete(BatchScan).where(BatchScan.network_id == act.network_id, BatchScan.batch_id == batch.id))


def close_if_settled(act: Act, batch: Batch, day: date) -> None:
    """A received batch with nothing on the road and no open difference closes by itself.

    A return does so once nothing of it waits in the workroom either: only what is on the shelf has come back.
    """
    if batch.state != "received" or on_the_road(act, batch) or open_differences(act, batch.id):
        return
    if batch.kind == "return" and in_the_workroom(act, batch):
        return
    batch.state = "closed"
    log(act, batch, "closed", day)
