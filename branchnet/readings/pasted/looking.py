"""A pasted text with what the books know: which points its lines mean, and what is reported there already."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds
from branchnet.errors import Invalid
from branchnet.points.queries import Point, points_on
from branchnet.readings.openness import open_to_community
from branchnet.readings.pasted.names import bare, meant, names_of
from branchnet.readings.pasted.rules import Line, lines_of
from branchnet.readings.queries import Held, current
from branchnet.readings.rules import COMMUNITY, months_open


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
    found = [(line, [by_id[point_id] for point_id in meant(line.name, names)]) for line in lines]
    times = Counter(points[0].id for _line, points in found if len(points) == 1)
    matched = [
        _matched(line, points, times, len(points) == 1 and was_open(points[0].id, last)) for line, points in found
    ]
    rows = current([act.network_id], list(by_id), month, month)
    return Pasted(month, matched, points, {row.point_id: row for row in rows if row.window_kind == "month"})


def _matched(line: Line, points: Sequence[Point], times: Counter[int], neighbours: bool) -> Matched:
    """What is doubtful only once the point is known: two lines for it, numbers of neighbours it is not open to."""
    if line.problem is None and len(points) == 1:
        if times[points[0].id] > 1:
            return Matched(replace(line, problem="point_twice"), tuple(points), sure=False)
        if not neighbours and any(getattr(line.report, name) is not None for name in COMMUNITY):
            return Matched(replace(line, problem="no_neighbours"), tuple(points), sure=False)
    return Matched(line, tuple(points), sure=line.problem is None and len(points) == 1)
