"""A pasted text with what the books know: which points its lines mean, and what is reported there already."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds, months_before
from branchnet.errors import Invalid
from branchnet.points.queries import Point, points_on
from branchnet.readings.openness import open_to_community
from branchnet.readings.owed import kinds_in
from branchnet.readings.pasted.names import bare, meant, names_of
from branchnet.readings.pasted.rules import Line, lines_of
from branchnet.readings.plausible.queries import MONTHS
from branchnet.readings.plausible.rules import Doubt, Known, doubts, numbers_of, side_of
from branchnet.readings.queries import Held, current
from branchnet.readings.rules import COMMUNITY, IN_SCHOOL, NUMBERS, Report, months_open

KEPT = (*NUMBERS, "days_open", "borrowers", "method", "note")
"""What a line that says nothing of it leaves as it is."""
UNUSUAL = ("far_above", "far_below", "over_numbers", "school_instead", "neighbours_instead", "by_stay")
"""What is asked about before it is entered; what else may be a slip is listed afterwards."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A line with the points that it may mean: one, where that is clear and nothing else is doubtful (``sure``)."""

    line: Line
    candidates: tuple[Point, ...]
    sure: bool


@dataclass(frozen=True)
class Pasted:
    """The lines of a text, the points that may report its month, and by point the reading that holds there."""

    month: str
    lines: Sequence[Matched]
    points: Sequence[Point]
    holds: Mapping[int, Held]
    year: Mapping[int, Sequence[Held]]
    """By point the months of the year before, newest first."""
    neighbours: Collection[int]
    """The points that were open to their neighbours."""
    by_stay: Collection[int]
    """The points that report each delivery's stay, and no month."""

    def report_of(self, line: Line, point: Point) -> Report:
        """What a line says of a point: what it says nothing of stays as it is there.

        Where nobody says whose readers they were, they are those that this point reports: of a branch that only ever
        counted its neighbours nobody means the school's.
        """
        report = line.report
        if report.not_open:
            return report
        if not line.scoped and self._of_neighbours(point):
            own: dict[str, Any] = {
                there: getattr(report, here) for here, there in zip(IN_SCHOOL, COMMUNITY, strict=True)
            }
            report = replace(report, **own, in_school_visits=None, in_school_loans=None)
        held = self.holds.get(point.id)
        if held is None:
            return report
        unsaid: dict[str, Any] = {name: getattr(held, name) for name in KEPT if getattr(report, name) is None}
        return replace(report, **unsaid)

    def doubts_of(self, line: Line, point: Point) -> list[Doubt]:
        """What of it is far from what the point reported in the year before."""
        report, held = self.report_of(line, point), self.holds.get(point.id)
        reported = held is not None and any(getattr(held, name) is not None for name in NUMBERS)
        year = [numbers_of(one) for one in self.year.get(point.id, ())]
        here, by_stay = point.id in self.neighbours, point.id in self.by_stay
        found = doubts(report, Known(year=year, reported=reported, neighbours=here, by_stay=by_stay))
        return [one for one in found if one.code in UNUSUAL]

    def _of_neighbours(self, point: Point) -> bool:
        known = [*self.year.get(point.id, ()), *([self.holds[point.id]] if point.id in self.holds else [])]
        return point.id in self.neighbours and side_of(map(numbers_of, known)) == COMMUNITY

    def seen(self, point: Point) -> int | None:
        """The number of the revision that holds for a point."""
        held = self.holds.get(point.id)
        return held.number if held else None


def look_at(act: Act, month: str, text: str) -> Pasted:
    """Read a text for a month. A fixed number of statements. Raises Invalid naming "month", or "paste_empty"."""
    today = act.today()
    try:
        first, last = bounds(month)
    except ValueError:
        raise Invalid(fields={"month": "month"}) from None
    if first > today:
        raise Invalid(fields={"month": "month"})
    points = [
        point
        for point in points_on([act.network_id], last)
        if month in months_open(point.opened_on, point.closed_on, max(today, last))
    ]
    names = names_of(act.network_id, points)
    lines = lines_of(text, month, [one for called in names.values() for name in called for one in (name, bare(name))])
    if not lines:
        raise Invalid("paste_empty")
    by_id, was_open = {point.id: point for point in points}, open_to_community(act.network_id)
    neighbours = {point.id for point in points if was_open(point.id, last)}
    found = [(line, [by_id[point_id] for point_id in meant(line.name, names)]) for line in lines]
    times = Counter(points[0].id for _line, points in found if len(points) == 1)
    matched = [_matched(line, points, times, neighbours) for line, points in found]
    before = months_before(month, MONTHS)
    rows = [one for one in current([act.network_id], list(by_id), before, month) if one.window_kind == "month"]
    year: dict[int, list[Held]] = {}
    for one in reversed(rows):
        if one.month != month:
            year.setdefault(one.point_id, []).append(one)
    holds, was = {row.point_id: row for row in rows if row.month == month}, kinds_in(points)
    by_stay = {point.id for point in points if was(point.id, month).by_stay}
    return Pasted(month, matched, points, holds, year, neighbours, by_stay)


def _matched(line: Line, points: Sequence[Point], times: Counter[int], neighbours: Collection[int]) -> Matched:
    """What is doubtful only once the point is known: two lines for it, numbers of neighbours it is not open to."""
    if line.problem is None and len(points) == 1:
        if times[points[0].id] > 1:
            return Matched(replace(line, problem="point_twice"), tuple(points), sure=False)
        if points[0].id not in neighbours and any(getattr(line.report, name) is not None for name in COMMUNITY):
            return Matched(replace(line, problem="no_neighbours"), tuple(points), sure=False)
    return Matched(line, tuple(points), sure=line.problem is None and len(points) == 1)
