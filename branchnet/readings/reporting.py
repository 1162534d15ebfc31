"""How many months were owed and reported (上报率), by network and month, over many points and many years.

The same as `completeness.rate` of each month for itself, counted without looking at every point in every month. A month
in which points were open from its first day to its last is owed by all of one host or by none of them: the database
counts those. Only months in which a point opened or closed, and points that paused or changed their kind, are looked
at one by one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds, month_of, months, previous_month
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, Network, PointKind, Reading, ServicePoint
from branchnet.points.life.rules import Pause, stage
from branchnet.points.queries import pauses_of
from branchnet.readings.owed import Was, holidays_between, is_owed

Alike = tuple[int, str, str | None]
"""A network, a kind and a host."""
Counted = dict[tuple[int, str], "Owed"]
"""By network and month; a month in which nothing is owed may be left out."""


@dataclass(slots=True)
class Owed:
    """Of a network's month how many points owe it, and how many of them reported.

    ``operating``: open on its last day, owed and reported, of ``open_and_owed``.
    """

    owed: int = 0
    reported: int = 0
    open_and_owed: int = 0
    operating: int = 0


@dataclass(frozen=True)
class Reporting:
    """The months that are over, and how many points (个) of each network are open on a day."""

    points: "Sequence[_Point]"
    counted: Counted

    def of(self, network_id: int, month: str) -> Owed:
        """A network's month."""
        return self.counted.get((network_id, month), Owed())

    def open_on(self, day: date) -> Counter[int]:
        """By network."""
        return Counter(
            point.network_id
            for point in self.points
            if stage(day, point.opened_on, point.closed_on, point.pauses) == "open"
        )


@dataclass(frozen=True, slots=True)
class _Point:
    """A point, with all kinds it has had; ``begun``: when its records began with books that stood there."""

    id: int
    network_id: int
    opened_on: date | None
    closed_on: date | None
    begun: date | None
    kinds: tuple[tuple[date, str, str | None], ...]
    pauses: Sequence[Pause] = ()
    day: date = date.max
    """The day it is looked at."""

    @property
    def alike(self) -> Alike:
        """What it has in common with the points that owe the same whole months."""
        return self.network_id, self.kinds[-1][1], self.kinds[-1][2]

    @property
    def steady(self) -> bool:
        """Whether months in which it is open all along are like those of its host."""
        return len(self.kinds) == 1 and not self.pauses

    @property
    def since(self) -> date | None:
        """From when on it may owe."""
        return self.opened_on if self.opened_on is None or self.begun is None else max(self.opened_on, self.begun)

    @property
    def _held(self) -> tuple[date, str, str | None]:
        """The kind that holds on the day: the latest up to it, else the first."""
        return ([one for one in self.kinds if one[0] <= self.day] or self.kinds[:1])[-1]

    @property
    def kind(self) -> str:
        """What kind of point it is then."""
        return self._held[1]

    @property
    def host(self) -> str | None:
        """Who hosts it then."""
        return self._held[2]

    def whole_in(self, month: str) -> bool:
        """Whether it is open, and its records have begun, from the first day of a month to the last."""
        first, last = bounds(month)
        return self.since is not None and self.since <= first and (self.closed_on is None or self.closed_on > last)


def reporting(networks: Iterable[int], first: str, last: str, today: date) -> Reporting:
    """Count the months from the first to the last, as far as they are over. Seven statements at most."""
    wanted = sorted(networks)
    points = _points(wanted)
    shown = list(months(first, min(last, previous_month(month_of(today)))))
    if not shown:
        return Reporting(points, {})
    counted: Counted = {}
    owes = _rule(wanted, shown)
    like = {point.alike: point for point in points if point.steady}
    for alike, month, size, reported in [*_whole(points, shown), *_whole_reported(wanted, points, shown)]:
        point = like.get(alike)
        if point is not None and owes(replace(point, opened_on=bounds(month)[0], closed_on=None, begun=None), month):
            _count(counted, point.network_id, month, size, reported=reported, still_open=True)
    came = _others_reported(wanted, points, shown)
    for point, month in _others(points, shown):
        if owes(replace(point, day=bounds(month)[1]), month):
            still_open = stage(bounds(month)[1], point.opened_on, point.closed_on, point.pauses) == "open"
            _count(counted, point.network_id, month, 1, reported=False, still_open=still_open)
            if (point.id, month) in came:
                _count(counted, point.network_id, month, 1, reported=True, still_open=still_open)
    return Reporting(points, counted)


def _count(counted: Counted, network_id: int, month: str, size: int, *, reported: bool, still_open: bool) -> None:
    """Add points that owed a month or, once more, those of them that reported it."""
    one = counted.setdefault((network_id, month), Owed())
    if reported:
        one.reported += size
        one.operating += size if still_open else 0
    else:
        one.owed += size
        one.open_and_owed += size if still_open else 0


def _rule(networks: Sequence[int], shown: Sequence[str]) -> Callable[[_Point, str], bool]:
    """Whether a point, as it is in a month, owes it. Two statements; what whole months owe is found out once."""
    minimum = dict(db.session.execute(select(Network.id, Network.min_open_days).where(Network.id.in_(networks))).all())
    holidays = holidays_between(networks, bounds(shown[0])[0], bounds(shown[-1])[1])
    known: dict[tuple[Alike, str], bool] = {}

    def asked(point: _Point, month: str) -> bool:
        return is_owed(point, Was(point.kind, point.host), month, holidays, minimum[point.network_id], point.begun)

    def owes(point: _Point, month: str) -> bool:
        key = (point.alike, month)
        if not (point.steady and point.whole_in(month)):
            return asked(point, month)
        if key not in known:
            known[key] = asked(point, month)
        return known[key]

    return owes


def _whole(points: Sequence[_Point], shown: Sequence[str]) -> Iterator[tuple[Alike, str, int, bool]]:
    """How many steady points are open all through each month, of those that are alike: by what begins and what ends."""
    changes: dict[Alike, list[int]] = {}
    for point in points:
        if point.steady and point.since is not None:
            change = changes.setdefault(point.alike, [0] * (len(shown) + 1))
            begin, end = _run(point, shown)
            if begin < end:
                change[begin] += 1
                change[end] -= 1
    for alike, change in changes.items():
        for month, size in zip(shown, accumulate(change), strict=False):
            if size:
                yield alike, month, size, False


def _run(point: _Point, shown: Sequence[str]) -> tuple[int, int]:
    """Of these months the run in which it is open all along: the first, and the one after the last."""
    begin = bisect_left(shown, True, key=lambda month: point.since is not None and point.since <= bounds(month)[0])
    if point.closed_on is None:
        return begin, len(shown)
    return begin, bisect_left(shown, month_of(point.closed_on))


def _others(points: Sequence[_Point], shown: Sequence[str]) -> Iterator[tuple[_Point, str]]:
    """The points and months that are looked at one by one."""
    known = set(shown)
    for point in points:
        if point.since is None:
            continue
        if point.steady:
            turns = {month_of(day) for day in (point.since, point.closed_on) if day is not None}
            candidates: Iterable[str] = sorted(turns & known)
        else:
            candidates = shown
        for month in candidates:
            if not (point.steady and point.whole_in(month)):
                yield point, month


def _points(networks: Sequence[int]) -> list[_Point]:
    """Every point of these networks, with its kinds, its pauses and since when its records go. Three statements."""
    kinds: dict[int, list[tuple[date, str, str | None]]] = {}
    told = select(PointKind.point_id, PointKind.valid_from, PointKind.kind, PointKind.host)
    for point_id, *one in db.session.execute(within(told.order_by(PointKind.valid_from), PointKind, networks)):
        kinds.setdefault(point_id, []).append((one[0], one[1], one[2]))
    begun = _begun(networks)
    query: Rows = select(
        ServicePoint.id, ServicePoint.network_id, ServicePoint.opened_on, ServicePoint.closed_on, begun.c.day
    ).outerjoin(begun, and_(begun.c.network_id == ServicePoint.network_id, begun.c.place_id == ServicePoint.place_id))
    rows = db.session.execute(within(query, ServicePoint, networks)).all()
    paused = pauses_of(networks)
    return [
        _Point(point_id, network_id, opened_on, closed_on, day, tuple(kinds[point_id]), paused.get(point_id, ()))
        for point_id, network_id, opened_on, closed_on, day in rows
        if point_id in kinds
    ]


def _begun(networks: Sequence[int]) -> Subquery:
    """By place the day on which its records began with books that stood there already."""
    return (
        within(
            select(Batch.network_id, Batch.to_place_id.label("place_id"), func.min(Batch.received_on).label("day")),
            Batch,
            networks,
        )
        .where(Batch.kind == "opening", Batch.state == "closed")
        .group_by(Batch.network_id, Batch.to_place_id)
        .subquery()
    )


def _reported(networks: Sequence[int], shown: Sequence[str], *columns: Any) -> tuple[Rows, ColumnElement[bool]]:
    """Months that were reported, and the condition that their point was open all through them."""
    begun = _begun(networks)
    query = (
        within(select(*columns), Reading, networks)
        .join(ServicePoint, and_(ServicePoint.network_id == Reading.network_id, ServicePoint.id == Reading.point_id))
        .outerjoin(
            begun, and_(begun.c.network_id == ServicePoint.network_id, begun.c.place_id == ServicePoint.place_id)
        )
        .where(
            Reading.window_kind == "month",
            Reading.current_id.is_not(None),
            Reading.month.between(shown[0], shown[-1]),
        )
    )
    whole = and_(
        ServicePoint.opened_on <= Reading.first_on,
        or_(begun.c.day.is_(None), begun.c.day <= Reading.first_on),
        or_(ServicePoint.closed_on.is_(None), ServicePoint.closed_on > Reading.last_on),
    )
    return query, whole


def _whole_reported(
    networks: Sequence[int], points: Sequence[_Point], shown: Sequence[str]
) -> Iterator[tuple[Alike, str, int, bool]]:
    """How many steady points reported a month in which they were open all along, of those that are alike."""
    alike = (Reading.network_id, PointKind.kind, PointKind.host)
    query, whole = _reported(networks, shown, *alike, Reading.month, func.count())
    query = query.join(
        PointKind, and_(PointKind.network_id == Reading.network_id, PointKind.point_id == Reading.point_id)
    ).where(whole, Reading.point_id.not_in(_unsteady(points)))
    for network_id, kind, host, month, size in db.session.execute(query.group_by(*alike, Reading.month)):
        yield (network_id, kind, host), month, size, True


def _others_reported(
    networks: Sequence[int], points: Sequence[_Point], shown: Sequence[str]
) -> set[tuple[int, str | None]]:
    """The points and months that were reported, of those that are looked at one by one."""
    query, whole = _reported(networks, shown, Reading.point_id, Reading.month)
    rows = db.session.execute(query.where(or_(~whole, Reading.point_id.in_(_unsteady(points)))))
    return {(point_id, month) for point_id, month in rows}


def _unsteady(points: Sequence[_Point]) -> list[int]:
    return [point.id for point in points if not point.steady]
