"""Coverage of networks at the end of a month: two definitions and what is in operation, side by side, never mixed.

The register of communities is not dated: of a month past it is what is known today. Points, their books and what was
reported are as of that month.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select

from branchnet.calendar.rules import bounds, months, previous_month
from branchnet.coverage.received import records_begin
from branchnet.coverage.register import DIMENSIONS, Listed, points_listed, register_of, towns_unlisted
from branchnet.coverage.rules import (
    Demand,
    Gaps,
    Operation,
    Outcome,
    Reach,
    Share,
    Standing,
    Supply,
    Threshold,
    Unit,
    has_point,
    in_operation,
    reach,
    share,
    shares_by,
)
from branchnet.coverage.view import REACHED_KINDS
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import PointMonth
from branchnet.points.queries import Point, points_on
from branchnet.readings.completeness import reported_between
from branchnet.readings.rules import REPORTS_BY_STAY, SCHOOL_HOSTS

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
class Tally:
    """One definition over one kind of thing: each row with its outcome."""

    definition: str
    of_what: str
    rows: Sequence[Listed]
    outcomes: Sequence[Outcome]

    @property
    def counted(self) -> frozenset[Outcome]:
        """Outcomes of the rows that stand in M: of a point of which no month was due yet nothing is said."""
        told = self.definition != "in_operation"
        return frozenset(one for one in Outcome if told or one is not Outcome.WITHOUT_POSITION)

    @cached_property
    def share(self) -> Share:
        """N of M known."""
        return share((outcome, row.children) for row, outcome in self._pairs())

    @cached_property
    def set_apart(self) -> int:
        """How many rows do not stand in M."""
        return len(self.rows) - self.share.known

    def by(self, dimension: str) -> dict[str, Share]:
        """The same by network, county, town, or urban and rural."""
        group = DIMENSIONS[dimension]
        return shares_by((group(row), outcome, row.children) for row, outcome in self._pairs())

    def _pairs(self) -> Iterator[tuple[Listed, Outcome]]:
        counted = self.counted
        return (pair for pair in zip(self.rows, self.outcomes, strict=True) if pair[1] in counted)

    def picked(self, outcomes: Iterable[Outcome], dimension: str | None = None, group: str = "") -> list[int]:
        """Which rows have one of these outcomes, in all or in one group."""
        wanted = frozenset(outcomes)
        of = DIMENSIONS[dimension] if dimension else None
        return [
            index
            for index, (row, outcome) in enumerate(zip(self.rows, self.outcomes, strict=True))
            if outcome in wanted and (of is None or of(row) == group)
        ]


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
    by_stay: int
    """Delivery schools (个), open or paused: they report by stays and are no matter of what is in operation."""

    @cached_property
    def gaps(self) -> Gaps:
        """Communities out of reach, ranked."""
        return Gaps(self.reach)

    @cached_property
    def by_boxes(self) -> int:
        """Communities (个) that have books within reach at delivery schools alone: once these are fetched, none."""
        return self.reach.only_by({one.id for one in self.points.values() if one.kind in REPORTS_BY_STAY})


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
    tallies = [
        *_administrative(register, [point for point in points if point.open_on(day)]),
        Tally("reach", "community", communities, within.outcomes),
        Tally("in_operation", "point", points_listed(running, names), [one.outcome for one in operations]),
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
        by_stay=sum(one.kind in REPORTS_BY_STAY and one.stage_on(day) in RUNNING for one in points),
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


def _administrative(register: Sequence[Listed], points: Sequence[Point]) -> list[Tally]:
    standing = [Standing(point.area_code, _in_school_at(point)) for point in points]
    tallies = []
    for definition, kind in TALLIES:
        if definition == "administrative":
            rows = [one for one in register if one.kind == kind]
            tallies.append(Tally(definition, kind, rows, has_point([_unit(one) for one in rows], standing)))
    return tallies


def _unit(one: Listed) -> Unit:
    placed = one.exact and one.lat is not None and one.lon is not None
    return Unit(one.kind, one.code, (one.lat, one.lon) if placed else None)  # type: ignore[arg-type]  # placed says so


def _in_school_at(point: Point) -> tuple[float, float] | None:
    """Where a point stands that stands in a school, if that is known exactly."""
    in_school = point.host in SCHOOL_HOSTS or point.kind == "delivery_school"
    if not in_school or point.quality != "exact" or point.lat is None or point.lon is None:
        return None
    return point.lat, point.lon


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
