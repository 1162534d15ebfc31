"""Facts of points by month, recomputed by delete and insert: safe to run twice, and only for what changed.

Copies, book-days and days come from the moves; visits and loans from the revisions that hold now; batches from the
batches. A delivery's stay belongs whole to the month of its collection: its batch and its reading count there and
nowhere else, while its copies are on site on the days on which they are. What a point was is told as of the last day
that the fact covers, and so is how long its copies have stood there.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, delete, func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds, month_of, months
from branchnet.calendar.stale import EVER
from branchnet.coverage.dimensions import Dimensions, dimensions
from branchnet.coverage.history import Numbers, batches_in, changes, readings
from branchnet.coverage.rules import Change, Leg, MonthSum, copies_on, last_arrival, month_sums, old_copies
from branchnet.coverage.standing import arrivals, legs
from branchnet.extensions import db
from branchnet.models import PointMonth, ServicePoint, StaleFact
from branchnet.points.life.rules import Pause
from branchnet.points.queries import pauses_of

# Points whose histories are held in memory at a time.
AT_A_TIME = 500
_FACTS: Any = PointMonth.__table__


@dataclass(frozen=True, slots=True)
class _Point:
    id: int
    place_id: int
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class _Past:
    """What is known of a point, by month where it has one."""

    changes: list[Change] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    readings: dict[str, Numbers] = field(default_factory=dict)
    batches_in: dict[str, int] = field(default_factory=dict)
    arrivals: list[Leg] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    dimensions: Dimensions = field(default_factory=Dimensions)

    def first_month(self, point: _Point) -> str | None:
        """The month in which anything began here; None where nothing has."""
        days = [change.on for change in self.changes]
        if point.opened_on is not None:
            days.append(point.opened_on)
        begun = [month_of(min(days))] if days else []
        return min([*begun, *self.readings, *self.batches_in], default=None)


def refresh(act: Act) -> int:
    """Recompute what was marked stale in this network. Returns how many facts were written.

    The marks go first: what is marked while this runs waits, and is marked again.
    """
    marks = db.session.execute(
        delete(StaleFact)
        .where(StaleFact.network_id == act.network_id)
        .returning(StaleFact.place_id, StaleFact.month)
        .execution_options(synchronize_session=False)
    ).all()
    since: dict[int, str] = {}
    for place_id, month in marks:
        since[place_id] = min(month, since.get(place_id, month))
    for place_id, month in _batches_elsewhere(act, sorted(since)):
        since[place_id] = min(month, since[place_id])
    by_month: dict[str, list[int]] = defaultdict(list)
    for place_id, month in since.items():
        by_month[month].append(place_id)
    return sum(_recompute(act, ServicePoint.place_id, places, month) for month, places in sorted(by_month.items()))


def _batches_elsewhere(act: Act, places: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Of these places the months whose batches are not those of their facts.

    What marks a place marks it from the month in which copies moved. A step that is taken back later may change the
    month of which its batch was, long before.
    """
    for start in range(0, len(places), AT_A_TIME):
        some = places[start : start + AT_A_TIME]
        kept = db.session.execute(
            select(ServicePoint.place_id, PointMonth.month, PointMonth.batches_in)
            .join(
                PointMonth,
                (PointMonth.network_id == ServicePoint.network_id) & (PointMonth.point_id == ServicePoint.id),
            )
            .where(
                ServicePoint.network_id == act.network_id,
                ServicePoint.place_id.in_(some),
                PointMonth.batches_in > 0,
            )
        )
        then = {(place_id, month, number) for place_id, month, number in kept}
        for place_id, month, _number in then ^ set(batches_in(act.network_id, some)):
            yield place_id, month


def catch_up(act: Act) -> int:
    """Bring every point's running month up to today, finish months that ended since, begin points without facts.

    Facts of an earlier version, which do not say what the point was, are made anew. For once a day. Returns how many
    facts were written.
    """
    of_old = func.min(case((PointMonth.kind.is_(None), PointMonth.month)))
    latest = db.session.execute(
        select(ServicePoint.id, func.coalesce(of_old, func.max(PointMonth.month)))
        .outerjoin(
            PointMonth,
            (PointMonth.network_id == ServicePoint.network_id) & (PointMonth.point_id == ServicePoint.id),
        )
        .where(ServicePoint.network_id == act.network_id)
        .group_by(ServicePoint.id)
    )
    by_month: dict[str, list[int]] = defaultdict(list)
    for point_id, month in latest:
        by_month[month or EVER].append(point_id)
    return sum(recompute(act, points, month) for month, points in sorted(by_month.items()))


def recompute(act: Act, point_ids: Sequence[int], from_month: str) -> int:
    """Compute the facts of these points again, from a month on to the running one.

    Returns how many facts were written.
    """
    return _recompute(act, ServicePoint.id, point_ids, from_month)


def _recompute(act: Act, named_by: Any, ids: Sequence[int], from_month: str) -> int:
    ordered, today = sorted(set(ids)), act.today()
    return sum(
        _some(act, named_by, ordered[start : start + AT_A_TIME], from_month, today)
        for start in range(0, len(ordered), AT_A_TIME)
    )


def _some(act: Act, named_by: Any, ids: Sequence[int], from_month: str, today: date) -> int:
    points = _lock(act, named_by, ids)
    past = _past(act, points)
    rows = [row for point in points for row in _facts(act, point, past[point.id], from_month, today)]
    db.session.execute(
        delete(PointMonth)
        .where(
            PointMonth.network_id == act.network_id,
            PointMonth.point_id.in_([point.id for point in points]),
            PointMonth.month >= from_month,
        )
        .execution_options(synchronize_session=False)
    )
    if rows:
        # Into the table itself: the ORM would part the rows by which of their columns are empty.
        db.session.execute(insert(_FACTS), rows)
    return len(rows)


def _lock(act: Act, named_by: Any, ids: Sequence[int]) -> list[_Point]:
    """The points, held so that two runs do not write the same facts; nobody who posts has to wait for it."""
    rows = db.session.execute(
        select(ServicePoint.id, ServicePoint.place_id, ServicePoint.opened_on, ServicePoint.closed_on)
        .where(ServicePoint.network_id == act.network_id, named_by.in_(ids))
        .order_by(ServicePoint.id)
        .with_for_update(key_share=True)
    )
    return [_Point(*row) for row in rows]


def _past(act: Act, points: Sequence[_Point]) -> dict[int, _Past]:
    by_place = {point.place_id: point.id for point in points}
    pauses = pauses_of([act.network_id], list(by_place.values()))
    known = dimensions(act.network_id, list(by_place.values()))
    past = {point.id: _Past(pauses=pauses.get(point.id, []), dimensions=known[point.id]) for point in points}
    for place_id, change in changes(act.network_id, list(by_place)):
        past[by_place[place_id]].changes.append(change)
    for point_id, month, numbers in readings(act.network_id, list(past)):
        past[point_id].readings[month] = numbers
    for place_id, month, number in batches_in(act.network_id, list(by_place)):
        past[by_place[place_id]].batches_in[month] = number
    for place_id, leg in arrivals(act.network_id, list(by_place)):
        past[by_place[place_id]].arrivals.append(leg)
    for place_id, leg in legs(act.network_id, list(by_place)):
        past[by_place[place_id]].legs.append(leg)
    return past


def _facts(act: Act, point: _Point, past: _Past, from_month: str, today: date) -> list[dict[str, Any]]:
    first = past.first_month(point)
    if first is None:
        return []
    wanted = months(max(first, from_month), month_of(today))
    sums = month_sums(past.changes, wanted, today, point.opened_on, point.closed_on, past.pauses)
    return [_row(act, point, past, one) for one in sums if _says_something(point, past, one)]


def _says_something(point: _Point, past: _Past, one: MonthSum) -> bool:
    """A closed point without books, readings or batches has no more facts; those of the month in which they went are
    the last: who asks for the latest finds that nothing stands there."""
    first = bounds(one.month)[0]
    if point.closed_on is None or point.closed_on > first:
        return True
    stood = one.copies or copies_on(past.changes, first - timedelta(days=1))[0]
    return bool(stood) or one.month in past.readings or one.month in past.batches_in


def _row(act: Act, point: _Point, past: _Past, one: MonthSum) -> dict[str, Any]:
    return {
        "network_id": act.network_id,
        "point_id": point.id,
        "month": one.month,
        **past.dimensions.on(one.last),
        "last_batch_on": last_arrival(past.arrivals, one.last),
        "old_copies": old_copies(past.legs, one.last, one.copies),
        "book_days": one.book_days,
        "days": one.days,
        "copies": one.copies,
        "copies_quality": one.quality,
        "batches_in": past.batches_in.get(one.month, 0),
        **past.readings.get(one.month, Numbers())._asdict(),
        "computed_at": clock.now(),
    }
