"""Coverage of networks at the end of a month: two definitions and what is in operation, side by side, never mixed.

The register of communities is not dated: of a month past it is what is known today. Points, their books and what was
reported are as of that month.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select

from branchnet.calendar.rules import bounds, months, previous_month
from branchnet.coverage.counted import Tally
from branchnet.coverage.received import records_begin
from branchnet.coverage.register import Listed, Names, in_school_at, points_listed, register_of, towns_unlisted
from branchnet.coverage.rules import (
    Demand,
    Gaps,
    Operation,
    Outcome,
    Reach,
    Standing,
    Supply,
    Threshold,
    Unit,
    has_point,
    in_operation,
    reach,
)
from branchnet.coverage.view import REACHED_KINDS
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import PointMonth
from branchnet.points.queries import Point, points_on
from branchnet.readings.completeness import reported_between
from branchnet.readings.rules import REPORTS_BY_STAY

TALLIES = (
    ("administrative", "town"),
    ("administrative", "village"),
    ("administrative", "residential"),
    ("administrative", "school"),
    ("reach", "community"),
    ("in_operation", "point"),
)
"""Every definition with what it counts, in the order in which they are shown."""
RUNNING = frozenset({"open", "paused"})
"""Stages of a point that is there: what is planned or closed for good is in no count."""


@dataclass(frozen=True)
class Coverage:
    """Everything of coverage at the end of a month. Rows of a tally are in the order of what it was made from."""

    month: str
    as_of: date
    tallies: Mapping[tuple[str, str], Tally]
    reach: Reach
    operations: Sequence[Operation]
    points: Mapping[int, Listed]
    """All points of the view by id: whose names are shown beside distances."""
    without_area: int
    """Open points (个) that name no area: administrative coverage cannot count them."""
    without_town: int
    """Open points (个) of which no town is registered: they stand in no town, whatever else is known of them."""
    towns_unlisted: Sequence[tuple[str, str]]
    """County and name of towns that are not in the register although places in them are."""

    @cached_property
    def gaps(self) -> Gaps:
        """Communities out of reach, ranked."""
        return Gaps(self.reach)

    @property
    def by_boxes(self) -> int:
        """Communities (个) that have books within reach at delivery schools alone: once these are fetched, none."""
        return len(self.tallies["reach", "community"].boxes)

    @property
    def by_stay(self) -> int:
        """Delivery schools (个), open or paused: they report by stays and are no matter of what is in operation."""
        return len(self.tallies["in_operation", "point"].by_stay)


def coverage_at(networks: Iterable[int], month: str, day: date, threshold: Threshold, today: date) -> Coverage:
    """Work it out for these networks; ``day``: the last of the month, or today while it runs. Sixteen statements.

    Raises Invalid("no_records_yet") for a month before the first books were entered: nobody knows what stood where.
    """
    wanted = sorted(networks)
    begin = records_begin(wanted)
    if begin is None or month < begin:
        raise Invalid("no_records_yet", month=month, begin=begin)
    register, names = register_of(wanted)
    points = points_on(wanted, day)
    within = _reach(register, points, _copies(wanted, month), day, threshold)
    running, operations = _operations(wanted, month, day, points, today)
    communities = [one for one in register if one.kind in REACHED_KINDS]
    boxes = {one.id for one in points if one.kind in REPORTS_BY_STAY}
    stays = [one for one in points if one.id in boxes and one.stage_on(day) in RUNNING]
    operated = [one.outcome for one in operations]
    tallies = [
        *_administrative(register, names, [point for point in points if point.open_on(day)]),
        Tally("reach", "community", communities, within.outcomes, found_by_boxes=lambda: within.only_by(boxes)),
        Tally("in_operation", "point", points_listed(running, names), operated, by_stay=points_listed(stays, names)),
    ]
    return Coverage(
        month=month,
        as_of=day,
        tallies={(one.definition, one.of_what): one for one in tallies},
        reach=within,
        operations=operations,
        points={one.id: one for one in points_listed(points, names)},
        without_town=sum(point.open_on(day) and not names.town(point.area_code) for point in points),
        towns_unlisted=towns_unlisted(register),
        without_area=sum(point.open_on(day) and not point.area_code for point in points),
    )


def _reach(
    register: Sequence[Listed], points: Sequence[Point], copies: Mapping[int, int], day: date, threshold: Threshold
) -> Reach:
    return reach(
        (
            Supply(one.id, one.lat, one.lon, copies.get(one.id, 0), one.open_on(day), one.quality == "exact")
            for one in points
        ),
        [Demand(one.id, one.lat, one.lon, one.children, one.exact) for one in register if one.kind in REACHED_KINDS],
        threshold.within_km,
        threshold.detour_percent,
    )


def _administrative(register: Sequence[Listed], names: Names, points: Sequence[Point]) -> list[Tally]:
    tallies = []
    lost = _lost(register, names, points)
    for definition, kind in TALLIES:
        if definition == "administrative":
            rows = [one for one in register if one.kind == kind]
            found = _standing_in(rows, points)
            boxes = _only_boxes(rows, points, found)
            tallies.append(Tally(definition, kind, rows, found, lost.get(kind, ()), found_by_boxes=boxes))
    return tallies


def _standing_in(rows: Sequence[Listed], points: Iterable[Point]) -> list[Outcome]:
    return has_point([_unit(one) for one in rows], [Standing(one.area_code, in_school_at(one)) for one in points])


def _only_boxes(
    rows: Sequence[Listed], points: Sequence[Point], found: Sequence[Outcome]
) -> Callable[[], Collection[int]]:
    """What works out which rows have delivery schools alone."""

    def only() -> Collection[int]:
        rest = [one for one in points if one.kind not in REPORTS_BY_STAY]
        pairs = enumerate(zip(found, _standing_in(rows, rest), strict=True))
        return frozenset(at for at, (now, without) in pairs if now is Outcome.COVERED and without is not now)

    return only


def _lost(register: Sequence[Listed], names: Names, points: Sequence[Point]) -> dict[str, list[Listed]]:
    """By kind the points that no count of it has, whatever stands in the register: they do not say where they are."""
    places = {one.code for one in register if one.kind in ("village", "residential")}
    listed = points_listed(points, names)
    nowhere = [one for one, point in zip(listed, points, strict=True) if point.area_code not in places]
    return {"town": [one for one in listed if not one.town], "village": nowhere, "residential": nowhere}


def _unit(one: Listed) -> Unit:
    placed = one.exact and one.lat is not None and one.lon is not None
    return Unit(one.kind, one.code, (one.lat, one.lon) if placed else None)  # type: ignore[arg-type]  # placed says so


def _operations(
    networks: Sequence[int], month: str, day: date, points: Sequence[Point], today: date
) -> tuple[list[Point], list[Operation]]:
    """Open and paused points that report by month, and how each ran since January: months count once they are over."""
    last = month if bounds(month)[1] < today else previous_month(month)
    first = f"{month[:4]}-01"
    due: dict[int, list[str]] = {}
    came: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    found = reported_between(networks, first, last) if first <= last else {}
    for one_month in months(first, last) if found else ():
        for one in found[one_month]:
            if one.owed:
                due.setdefault(one.point.id, []).append(one_month)
            if one.reported:
                came.setdefault(one.point.id, []).append(one_month)
            if one.not_open:
                closed.setdefault(one.point.id, []).append(one_month)
    running = [one for one in points if one.kind not in REPORTS_BY_STAY and one.stage_on(day) in RUNNING]
    return running, [
        in_operation(one.stage_on(day), *(months_of.get(one.id, ()) for months_of in (due, came, closed)))
        for one in running
    ]


def _copies(networks: Sequence[int], month: str) -> dict[int, int]:
    """By point the copies (册) of its latest fact up to the month: nothing has changed since."""
    latest = (
        select(PointMonth.network_id, PointMonth.point_id, func.max(PointMonth.month).label("month"))
        .where(PointMonth.network_id.in_(networks), PointMonth.month <= month)
        .group_by(PointMonth.network_id, PointMonth.point_id)
        .subquery()
    )
    rows = db.session.execute(
        select(PointMonth.point_id, PointMonth.copies).join(
            latest,
            (latest.c.network_id == PointMonth.network_id)
            & (latest.c.point_id == PointMonth.point_id)
            & (latest.c.month == PointMonth.month),
        )
    )
    return {row.point_id: row.copies for row in rows}
