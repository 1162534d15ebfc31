"""Who has reported, and in time (上报率、及时率): of the months that were owed, and of nothing else.

A month that was reported without being owed is kept, and stands outside both terms of either rate.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds, months
from branchnet.extensions import db
from branchnet.models import Network, Reading, ReadingRevision
from branchnet.points.queries import Point, points_on
from branchnet.readings import rules
from branchnet.readings.owed import owed_months
from branchnet.readings.queries import current, earlier, months_within, waiting


@dataclass(frozen=True, slots=True)
class PointMonthOwed:
    """A point in a month: whether it owes a reading, has sent one that holds, and whether it came in time."""

    point: Point
    owed: bool
    reported: bool
    in_time: bool
    held: bool
    """What came waits for staff."""
    not_open: bool = False
    """What came and holds says that the point was not open."""

    @property
    def missing(self) -> bool:
        """Owed, and nothing has come, not even what waits for staff."""
        return self.owed and not self.reported and not self.held


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of the owed months were reported, so many of them in time: whole numbers, never more than owed."""

    owed: int
    reported: int
    in_time: int


def reported_between(networks: Iterable[int], first: str, last: str) -> dict[str, list[PointMonthOwed]]:
    """By month how every point of these networks stands, as it was at the end of the last. Ten statements in all."""
    wanted = sorted(networks)
    points = points_on(wanted, bounds(last)[1])
    chosen = {network.id: network for network in db.session.scalars(select(Network).where(Network.id.in_(wanted)))}
    owed = owed_months(points, first, last, {one.id: one.min_open_days for one in chosen.values()})
    ids = [point.id for point in points]
    holds = {
        (held.point_id, held.month): held.not_open
        for held in current(wanted, ids, first, last)
        if held.window_kind == "month"
    }
    waits = {(held.point_id, held.month) for held in waiting(wanted, ids) if held.window_kind == "month"}
    came = _arrived(wanted, first, last)
    return {
        month: [
            PointMonthOwed(
                point,
                owed=key in owed,
                reported=key in holds,
                in_time=key in came and _in_time(came[key], month, chosen[point.network_id]),
                held=key in waits,
                not_open=holds.get(key, False),
            )
            for point in points
            for key in [(point.id, month)]
        ]
        for month in months(first, last)
    }


def rate(found: Iterable[PointMonthOwed]) -> Rate:
    """Completeness and timeliness of these points in a month."""
    owed = [one for one in found if one.owed]
    reported = [one for one in owed if one.reported]
    return Rate(len(owed), len(reported), sum(one.in_time for one in reported))


def rates_by(found: Sequence[PointMonthOwed], of: Callable[[Point], Hashable]) -> dict[Any, Rate]:
    """The same by town, by kind, or by whatever a point has; groups that owed nothing are left out."""
    groups: dict[Any, list[PointMonthOwed]] = {}
    for one in found:
        if one.owed:
            groups.setdefault(of(one.point), []).append(one)
    return {key: rate(ones) for key, ones in groups.items()}


def _arrived(networks: Sequence[int], first: str, last: str) -> dict[tuple[int, str | None], datetime]:
    """By point and month the moment at which the server had the first word: corrections do not make it late."""
    query = (
        select(Reading.point_id, Reading.month, func.min(ReadingRevision.submitted_at))
        .join(
            ReadingRevision,
            (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.reading_id == Reading.id),
        )
        .where(Reading.window_kind == "month", Reading.month.between(first, last))
        .group_by(Reading.point_id, Reading.month)
    )
    return {(point_id, month): at for point_id, month, at in db.session.execute(within(query, Reading, networks))}


def months_missing(points: Sequence[Point], first: str, last: str, today: date) -> dict[int, list[str]]:
    """By point the months that are over, owed, and of which nothing has come, the oldest first. Eight statements."""
    if not points:
        return {}
    networks, ids = sorted({point.network_id for point in points}), [point.id for point in points]
    minimum = dict(db.session.execute(select(Network.id, Network.min_open_days).where(Network.id.in_(networks))).all())
    came = {(one.point_id, one.month) for one in current(networks, ids, first, last) if one.window_kind == "month"}
    came |= {(one.point_id, one.month) for one in waiting(networks, ids) if one.window_kind == "month"}
    came |= months_within(earlier(networks, ids, bounds(first)[0], bounds(last)[1])).keys()
    found: dict[int, list[str]] = {}
    for point_id, month in sorted(owed_months(points, first, last, minimum) - came):
        if bounds(month)[1] < today:
            found.setdefault(point_id, []).append(month)
    return found


def _in_time(arrived: datetime, month: str, network: Network) -> bool:
    return rules.is_in_time(arrived, month, network.report_by_day, network.time_zone)
