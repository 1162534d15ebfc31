"""Which months are owed: by the days a point was open, and by its kind and host at the end of each month."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy import func, select

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds, months
from branchnet.extensions import db
from branchnet.models import Batch, CalendarPeriod, PointKind
from branchnet.points.life.rules import Pause
from branchnet.points.queries import Point
from branchnet.readings import rules


class Was(NamedTuple):
    """A point's kind and host at the end of a month."""

    kind: str
    host: str | None

    @property
    def by_stay(self) -> bool:
        """Whether it reported each delivery's stay, and owed no month."""
        return self.kind in rules.REPORTS_BY_STAY


KindsIn = Callable[[int, str], Was]
"""What a point was in a month."""


def owed_months(
    points: Sequence[Point], first: str, last: str, minimum: Mapping[int, int], was: KindsIn | None = None
) -> set[tuple[int, str]]:
    """The points and months of which a reading is owed, reported or not. Three statements, two where `kinds_in` ran.

    ``minimum``: by network, of how many open days on a month is owed.
    """
    networks, was = {point.network_id for point in points}, was or kinds_in(points)
    holidays = holidays_between(networks, bounds(first)[0], bounds(last)[1])
    begun = _begun(networks, [point.place_id for point in points])
    return {
        (point.id, month)
        for month in months(first, last)
        for point in points
        if is_owed(point, was(point.id, month), month, holidays, minimum[point.network_id], begun.get(point.place_id))
    }


def kinds_in(points: Sequence[Point]) -> KindsIn:
    """What each of these points was in a month; before its first kind began, that one. One statement."""
    query = select(PointKind.point_id, PointKind.valid_from, PointKind.kind, PointKind.host).where(
        PointKind.point_id.in_([point.id for point in points])
    )
    found: dict[int, list[tuple[date, Was]]] = {}
    rows = db.session.execute(
        within(query.order_by(PointKind.valid_from), PointKind, {point.network_id for point in points})
    )
    for point_id, since, kind, host in rows:
        found.setdefault(point_id, []).append((since, Was(kind, host)))

    def was(point_id: int, month: str) -> Was:
        begun, last = found[point_id], bounds(month)[1]
        return next((one for since, one in reversed(begun) if since <= last), begun[0][1])

    return was


class OpenWhen(Protocol):
    """What says when a point was open."""

    @property
    def network_id(self) -> int: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def pauses(self) -> Sequence[Pause]: ...


def is_owed(
    point: OpenWhen, was: Was, month: str, holidays: Sequence[CalendarPeriod], minimum: int, begun: date | None
) -> bool:
    """Whether a month is owed of a point whose records began on a day, if they began with books that stood there."""
    first, last = bounds(month)
    opened_on = point.opened_on if point.opened_on is None or begun is None else max(point.opened_on, begun)
    away = [
        Pause(holiday.first_on, holiday.last_on + timedelta(days=1))
        for holiday in holidays
        if holiday.network_id == point.network_id and rules.has_holiday(was.host, holiday.host)
    ]
    return not was.by_stay and rules.is_due(
        opened_on=opened_on,
        closed_on=point.closed_on,
        first=first,
        last=last,
        minimum=minimum,
        pauses=[*point.pauses, *away],
    )


def _begun(networks: Iterable[int], place_ids: Sequence[int]) -> dict[int, date]:
    """By place the day on which its records began with books that stood there already: nothing is owed before it."""
    rows = db.session.execute(
        select(Batch.to_place_id, func.min(Batch.received_on))
        .where(
            Batch.network_id.in_(sorted(networks)),
            Batch.kind == "opening",
            Batch.state == "closed",
            Batch.to_place_id.in_(place_ids),
        )
        .group_by(Batch.to_place_id)
    )
    return {place_id: day for place_id, day in rows if day is not None}


def holidays_between(networks: Iterable[int], first: date, last: date) -> Sequence[CalendarPeriod]:
    """Holidays (寒暑假) that touch these days, of any host."""
    return db.session.scalars(
        select(CalendarPeriod).where(
            CalendarPeriod.network_id.in_(sorted(networks)),
            CalendarPeriod.kind == "holiday",
            CalendarPeriod.first_on <= last,
            CalendarPeriod.last_on >= first,
        )
    ).all()
