"""Rows of a file against the books, as a dry run: what is new, what replaces what, what is refused and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from branchnet.access.acts import Act
from branchnet.calendar.queries import exceptions_of
from branchnet.calendar.rules import bounds, month_of, months_before
from branchnet.points.queries import Point, points_on
from branchnet.readings.earlier import Reported, in_the_way, reported_over
from branchnet.readings.files.doubting import doubts_of
from branchnet.readings.files.reading import FileRow, Problem, Window
from branchnet.readings.openness import open_to_community
from branchnet.readings.owed import kinds_in
from branchnet.readings.pasted.names import exactly, names_of
from branchnet.readings.plausible.queries import MONTHS
from branchnet.readings.plausible.rules import Doubt
from branchnet.readings.queries import Held, current, earlier
from branchnet.readings.rules import COMMUNITY, NUMBERS, months_open

EXCEPTIONS = 10_000
SAID = 5
"""So many other rows are named at most."""
Key = tuple[int, Window]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its point, what holds there now, and what is wrong. ``waits``: its month is closed."""

    row: FileRow
    point: Point | None
    there: Held | None
    problems: tuple[Problem, ...]
    waits: bool = False
    doubts: tuple[Doubt, ...] = ()
    """What may be a slip in it, where it would change anything."""

    @property
    def outcome(self) -> str:
        """What entering it would be: refused, new, replaces or same."""
        if self.problems:
            return "refused"
        if self.there is None:
            return "new"
        report = self.row.report
        same = all(getattr(report, name) == getattr(self.there, name) for name in (*NUMBERS, "days_open", "not_open"))
        return "same" if same else "replaces"


def judge(act: Act, rows: Sequence[FileRow]) -> list[Judged]:
    """What would become of each row. A fixed number of statements."""
    return _Judge(act, rows).all()


class _Judge:
    """What is needed to say of each row what would become of it."""

    def __init__(self, act: Act, rows: Sequence[FileRow]) -> None:
        self.rows, self.today = rows, act.today()
        points = points_on([act.network_id], self.today)
        self.points = {point.id: point for point in points}
        self.codes = {point.code.casefold(): point for point in points}
        self.names = names_of(act.network_id, points)
        self.was_open: Callable[[int, date], bool] = open_to_community(act.network_id)
        self.was = kinds_in(points)
        self.through = act.network.locked_through or ""
        self.excepted = {
            (one.month, one.point_id) for one in exceptions_of(act.network_id, EXCEPTIONS) if one.holds_on(self.today)
        }
        first, last = self._span()
        ids = list(self.points)
        self.held = current([act.network_id], ids, months_before(month_of(first), MONTHS), month_of(last))
        held = [*self.held, *earlier([act.network_id], ids, first, last)]
        self.there: Mapping[Key, Held] = {_key(one): one for one in held if one.window_kind != "stay"}
        self.reported: dict[int, list[Reported]] = {}
        for one in reported_over(act.network_id, ids, first, last):
            self.reported.setdefault(one.point_id, []).append(one)

    def _span(self) -> tuple[date, date]:
        spans = [_span(row.window) for row in self.rows if row.window is not None]
        return min((first for first, _last in spans), default=self.today), max(
            (last for _first, last in spans), default=self.today
        )

    def all(self) -> list[Judged]:
        """Every row, in the order of the file: one that was read before is in the way of those after it."""
        return self._doubted(self._apart([self._one(row) for row in self.rows]))

    def _doubted(self, found: list[Judged]) -> list[Judged]:
        """With what may be a slip in a month; an earlier term or year has nothing that it could be compared with."""
        reports = {month: one.row.report for one in found if (month := _changes(one))}
        doubted = doubts_of(reports, self.held, self.was_open, self.was)
        return [replace(one, doubts=tuple(doubted[month])) if (month := _changes(one)) else one for one in found]

    def _apart(self, found: list[Judged]) -> list[Judged]:
        """Of rows for one window nobody can say which is meant: none is taken, and each names the others."""
        rows: dict[Key, list[FileRow]] = {}
        for one in found:
            if one.point is not None and one.row.window is not None:
                rows.setdefault((one.point.id, one.row.window), []).append(one.row)
        return [self._with_others(one, rows) for one in found]

    def _with_others(self, one: Judged, rows: Mapping[Key, Sequence[FileRow]]) -> Judged:
        if one.point is None or one.row.window is None:
            return one
        others = [
            f"{'' if other.sheet == one.row.sheet else other.sheet} {other.number}".strip()
            for other in rows[one.point.id, one.row.window]
            if (other.sheet, other.number) != (one.row.sheet, one.row.number)
        ]
        if not others:
            return one
        field = "month" if isinstance(one.row.window, str) else "last"
        return replace(one, problems=(*one.problems, Problem(field, "window_twice", tuple(others[:SAID]))))

    def _one(self, row: FileRow) -> Judged:
        problems = list(row.problems)
        point = self._point(row, problems)
        if point is None or row.window is None:
            return Judged(row, point, None, tuple(problems))
        self._about_window(row, point, row.window, problems)
        there = self.there.get((point.id, row.window))
        return Judged(self._kept(row, point, there), point, there, tuple(problems), self._closed(point, row.window))

    def _kept(self, row: FileRow, point: Point, there: Held | None) -> FileRow:
        """The row with the numbers that hold where its sheet has no column for them."""
        if there is None or row.report.not_open:
            return row
        unasked = row.unasked if self.was_open(point.id, there.last_on) else row.unasked.difference(COMMUNITY)
        holds: dict[str, Any] = {name: getattr(there, name) for name in unasked}
        return replace(row, report=replace(row.report, **holds))

    def _point(self, row: FileRow, problems: list[Problem]) -> Point | None:
        """Which point is meant, by its code or by exactly a name that it has or had."""
        field = "code" if row.code else "point"
        if not (row.code or row.name):
            problems.append(Problem(field, "required"))
            return None
        by_code = self.codes.get(row.code.casefold()) if row.code else None
        named = exactly(row.name, self.names) if row.name else []
        if by_code is not None:
            if row.name and by_code.id not in named:
                problems.append(Problem("point", "point_other_name", (by_code.code, by_code.name)))
            return by_code
        if row.code or len(named) != 1:
            code = "point_many" if len(named) > 1 and not row.code else "point_unknown"
            problems.append(Problem(field, code))
            return None
        return self.points[named[0]]

    def _about_window(self, row: FileRow, point: Point, window: Window, problems: list[Problem]) -> None:
        first, last = _span(window)
        field = "month" if isinstance(window, str) else "last"
        others = self.reported.setdefault(point.id, [])
        if isinstance(window, str):
            if window not in months_open(point.opened_on, point.closed_on, self.today):
                problems.append(Problem(field, "month" if first > self.today else "not_open_then"))
            in_way = [one for one in others if one.overlaps(first, last) and one.month is None]
        else:
            if last > self.today:
                problems.append(Problem(field, "in_the_future"))
            if self._closed(point, window):
                problems.append(Problem(field, "month_closed", (month_of(last),)))
            in_way = in_the_way(others, *window)
        if in_way:
            problems.append(Problem(field, "windows_overlap", tuple(one.name for one in in_way)))
        month, kind = (window, "month") if isinstance(window, str) else (None, window[0])
        others.append(Reported(point.id, kind, month, first, last))
        if not self.was_open(point.id, last):
            problems += [Problem(name, "no_neighbours") for name in COMMUNITY if getattr(row.report, name) is not None]

    def _closed(self, point: Point, window: Window) -> bool:
        month = window if isinstance(window, str) else month_of(window[2])
        return month <= self.through and not {(month, None), (month, point.id)} & self.excepted


def _changes(one: Judged) -> tuple[int, str] | None:
    """The point and the month whose reading a row would make or replace."""
    if one.point is None or not isinstance(one.row.window, str) or one.outcome not in ("new", "replaces"):
        return None
    return one.point.id, one.row.window


def _span(window: Window) -> tuple[date, date]:
    return bounds(window) if isinstance(window, str) else (window[1], window[2])


def _key(held: Held) -> Key:
    return held.point_id, held.month or (held.window_kind, held.first_on, held.last_on)
