"""The whole life of a point on one line of time: its steps, batches, stocktakes, readings and differences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds, month_of
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Discrepancy, Reading, ReadingRevision, Stocktake
from branchnet.points.life.queries import Called, LifeEvent, life_of, names_of
from branchnet.points.queries import Point, names_of_places
from branchnet.readings.queries import states_by_month

LANES = ("life", "in", "out", "stocktake", "reading", "difference")
PAGE = 30
"""Happenings on one page of the list."""
_SHOWN_STATES = frozenset({"received", "overdue", "held", "question", "not_open"})


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a point on a day, in one of the `LANES`.

    ``what``: a step of its life; what a batch did: dispatched, received, collected; begun, closed or cancelled; the
    state of a month, or stay, term or year; short, over or damaged, and how it ended. ``note``: what was said with it;
    of a return the deliveries that it carried away.
    ``number``: of the batch or stocktake. ``until``: the day it was over (a difference), None while it is not.
    """

    on: date
    lane: str
    what: str
    kind: str | None = None
    note: str | None = None
    number: str | None = None
    month: str | None = None
    other: str | None = None
    """The point at the other end of a batch; None for the central library."""
    copies: int | None = None
    """册, as the batch's lines or the difference say."""
    until: date | None = None
    ended: str | None = None
    id: int | None = None


def timeline(point: Point, today: date) -> list[Happening]:
    """All of it, the newest first. A fixed number of statements."""
    found = [
        *_life(point, life_of(point.network_id, point.id), names_of(point.network_id, point.id)),
        *_batches(point, today),
        *_stocktakes(point),
        *_differences(point),
        *_windows(point),
        *_months(point, today),
    ]
    return sorted(found, key=lambda one: (one.on, LANES.index(one.lane), one.number or ""), reverse=True)


def _life(point: Point, steps: Sequence[LifeEvent], names: Sequence[Called]) -> Iterator[Happening]:
    """The steps that somebody recorded; and what was known when the point was registered, which is none of them."""
    for event in steps:
        yield Happening(event.happened_on, "life", event.step, note=event.note)
    known = [
        ("opened", point.opened_on, None),
        ("unveiled", point.unveiled_on, None),
        ("closed", point.closed_on, None),
        *(("paused", pause.begins_on, pause.reason) for pause in point.pauses),
        *(("renamed", called.valid_from, called.name) for called in names[:-1]),
    ]
    told = {"closed" if event.step == "merged" else event.step for event in steps}
    for what, day, note in known:
        if day is not None and what not in told:
            yield Happening(day, "life", what, note=note)


def _batches(point: Point, today: date) -> Iterator[Happening]:
    """What was sent here or from here: each batch once when it left, once when it came, once when it was fetched.

    Where a return carried a delivery away, the return alone is the step, and names the delivery.
    """
    copies = (
        select(func.sum(BatchLine.quantity))
        .where(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Batch, copies).where(
            Batch.network_id == point.network_id,
            or_(Batch.to_place_id == point.place_id, Batch.from_place_id == point.place_id),
            Batch.state != "cancelled",
            or_(Batch.dispatched_on.is_not(None), Batch.received_on.is_not(None)),
        )
    ).all()
    ends = {place for batch, _copies in rows for place in (batch.from_place_id, batch.to_place_id)} - {point.place_id}
    names = names_of_places(point.network_id, ends, today) if ends else {}
    carried = _carried([batch for batch, _copies in rows], point.place_id)
    fetched = {delivery for deliveries in carried.values() for delivery in deliveries}
    for batch, number in rows:
        came = batch.to_place_id == point.place_id
        other = names.get(batch.from_place_id if came else batch.to_place_id)
        collected = None if batch.number in fetched else batch.collected_on
        days = {"received": batch.received_on or batch.dispatched_on, "collected": collected}
        if not came:
            days = {"dispatched": batch.dispatched_on or batch.received_on}
        elif batch.received_on is None:
            days = {"dispatched": batch.dispatched_on}
        for what, day in days.items():
            if day is not None:
                lane = "out" if not came or what == "collected" else "in"
                with_it = ", ".join(carried.get(batch.id, ())) or None
                copies_of = int(number or 0)
                yield Happening(day, lane, what, batch.kind, with_it, batch.number, other=other, copies=copies_of)


def _carried(found: Sequence[Batch], place_id: int) -> dict[int, list[str]]:
    """By return from a place the numbers of the deliveries that it carried off: the one it settles, else that day's."""
    returns = [one for one in found if one.kind == "return" and one.from_place_id == place_id]
    return {
        back.id: [
            one.number
            for one in found
            if one.kind == "delivery"
            and one.collected_on is not None
            and (one.id == back.settles_id if back.settles_id else one.collected_on == back.dispatched_on)
        ]
        for back in returns
    }


def _stocktakes(point: Point) -> Iterator[Happening]:
    rows = db.session.execute(
        select(Stocktake.number, Stocktake.state, Stocktake.begun_on, Stocktake.ended_on).where(
            Stocktake.network_id == point.network_id, Stocktake.place_id == point.place_id
        )
    )
    for number, state, begun_on, ended_on in rows:
        yield Happening(ended_on or begun_on, "stocktake", state, number=number)


def _differences(point: Point) -> Iterator[Happening]:
    """Found here: in a batch that came, in a stocktake, or reported."""
    rows = db.session.execute(
        select(Discrepancy)
        .outerjoin(Batch, and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id))
        .where(
            Discrepancy.network_id == point.network_id,
            or_(
                Discrepancy.place_id == point.place_id,
                and_(Discrepancy.place_id.is_(None), Batch.to_place_id == point.place_id),
            ),
        )
    ).scalars()
    for case in rows:
        yield Happening(
            case.opened_on,
            "difference",
            case.kind,
            copies=case.quantity,
            until=case.closed_on,
            ended=case.resolution,
            id=case.id,
        )


def _windows(point: Point) -> Iterator[Happening]:
    """Stays, and earlier terms and years, that were reported."""
    rows = db.session.execute(
        select(Reading.window_kind, Reading.last_on, Batch.number)
        .join(
            ReadingRevision,
            and_(ReadingRevision.network_id == Reading.network_id, ReadingRevision.id == Reading.current_id),
        )
        .outerjoin(Batch, and_(Batch.network_id == Reading.network_id, Batch.id == Reading.batch_id))
        .where(Reading.network_id == point.network_id, Reading.point_id == point.id, Reading.window_kind != "month")
    )
    for kind, last_on, number in rows:
        yield Happening(last_on, "reading", kind, number=number)


def _months(point: Point, today: date) -> Iterator[Happening]:
    """Months that were reported, are late, wait for staff, or were answered with *not open*: on their last day."""
    first = db.session.scalar(
        select(func.min(Reading.month)).where(Reading.network_id == point.network_id, Reading.point_id == point.id)
    )
    begun = [month for month in (first, point.opened_on and month_of(point.opened_on)) if month]
    if not begun:
        return
    minimum = Act(point.network_id).network.min_open_days
    states = states_by_month([point], min(begun), month_of(today), today, minimum)
    for (_point, month), state in states.items():
        if state in _SHOWN_STATES:
            yield Happening(min(bounds(month)[1], today), "reading", state, month=month)
