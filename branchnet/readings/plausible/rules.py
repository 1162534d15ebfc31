"""What in a report may be a slip: said in a code, with what it was compared with. It warns and never blocks. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from branchnet.readings.rules import COMMUNITY, IN_SCHOOL, NUMBERS, Report

Numbers = Mapping[str, int | None]

FAR = 3
"""So many times the usual number, or so many times below it, is far."""
FLOOR = 30
"""And no number is far from the usual one that differs by less."""
SHORTEST_YEAR = 3
"""Windows that have to be known before anything is usual."""
LOANS_A_VISIT = 5
LOANS_A_COPY = 4
"""As often a copy goes out in a month when everybody brings it back within the week."""
SOME_LOANS = 20
"""Fewer loans say nothing about the copies."""
_PAIRS = (IN_SCHOOL, COMMUNITY)


@dataclass(frozen=True, slots=True)
class Known:
    """What a report is compared with; empty where nobody knows."""

    year: Sequence[Numbers] = ()
    """The numbers of the point's own windows of the year before, newest first."""
    last: Numbers | None = None
    """Those of the window just before this one."""
    pupils: int | None = None
    copies: int | None = None
    """Copies on site (册) in a month."""
    open_days: int | None = None
    """Days of the window that are in no holiday and no pause."""
    reported: bool = False
    """Whether the window has numbers by now."""
    by_stay: bool = False
    """Whether the window is a month of a point that reports each delivery's stay."""
    neighbours: bool = True
    """Whether the point is open to them: only then can a number be put on the wrong side."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be a slip: about a field, or (none) the whole; and the numbers that say so."""

    code: str
    about: str | None = None
    data: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Which doubt it is: ``code`` or ``code:about``."""
        return self.code if self.about is None else f"{self.code}:{self.about}"

    @property
    def kept(self) -> str:
        """As it is kept with the revision: the key, with the numbers (``far_below:in_school_visits:usual=1196``)."""
        numbers = ",".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.key}:{numbers}" if numbers else self.key


def kept_doubt(text: str) -> Doubt:
    """The doubt again that was kept; those kept in earlier years have no numbers."""
    code, about, numbers = (*text.split(":"), "", "")[:3]
    said = (pair.partition("=") for pair in filter(None, numbers.split(",")))
    return Doubt(code, about or None, {name: int(value) for name, _is, value in said})


def numbers_of(window: Any) -> Numbers:
    """The four numbers of whatever has them by name."""
    return {name: getattr(window, name) for name in NUMBERS}


def side_of(windows: Iterable[Numbers]) -> Sequence[str] | None:
    """Whose numbers these windows have, the school's or the neighbours' alone; none where both, or neither.

    Where both were told, whoever was always nought does not count.
    """
    known = list(windows)
    for says in (lambda value: value is not None, bool):
        sides = [side for side in _PAIRS if any(says(one[name]) for one in known for name in side)]
        if len(sides) < 2:
            return sides[0] if sides else None
    return None


def asks_for_days(report: Report, pupils: int | None) -> bool:
    """Whether anything depends on how many days there were: days are told, or more came than there are pupils."""
    if report.days_open is not None:
        return True
    return pupils is not None and any((getattr(report, name) or 0) > pupils for name in IN_SCHOOL)


def doubts(report: Report, known: Known) -> list[Doubt]:
    """All that may be a slip, what concerns the whole first. That it was not open is one where numbers were told."""
    if report.not_open:
        return [Doubt("over_numbers")] if known.reported else []
    if all(value is None for value in report.numbers().values()):
        return [Doubt("no_numbers")]
    return [
        *_whole(report, known),
        *_unusual(report, known),
        *_related(report),
        *_people(report, known),
        *_days(report, known),
    ]


def _whole(report: Report, known: Known) -> Iterator[Doubt]:
    if known.by_stay:
        yield Doubt("by_stay")
    four = [getattr(report, name) for name in NUMBERS]
    told = [value for value in four if value is not None]
    if len(told) == len(NUMBERS) and len(set(told)) == 1 and told[0] > 0:
        yield Doubt("all_equal")
    elif known.last is not None and len(told) > 1 and any(told) and four == [known.last[name] for name in NUMBERS]:
        yield Doubt("same_as_before")
    here, usual = side_of([report.numbers()]), side_of(known.year)
    if known.neighbours and here and usual and here != usual:
        yield Doubt("school_instead" if here == IN_SCHOOL else "neighbours_instead")


def _unusual(report: Report, known: Known) -> Iterator[Doubt]:
    """Against the point's own year: far above or far below the middle of its months."""
    for name in NUMBERS:
        value = getattr(report, name)
        before = [number for window in known.year if (number := window[name]) is not None]
        if value is None or len(before) < SHORTEST_YEAR:
            continue
        usual = int(median(before))
        if value > usual * FAR and value - usual >= FLOOR:
            yield Doubt("far_above", name, {"usual": usual})
        elif value * FAR < usual and usual - value >= FLOOR:
            yield Doubt("far_below", name, {"usual": usual})


def _related(report: Report) -> Iterator[Doubt]:
    """Loans against the visits that go with them."""
    for visits_name, loans_name in _PAIRS:
        visits, loans = getattr(report, visits_name), getattr(report, loans_name) or 0
        if visits is not None and loans > visits * LOANS_A_VISIT:
            yield Doubt("more_than_visits", loans_name, {"visits": visits})
        elif visits is None and loans and loans_name in COMMUNITY:
            yield Doubt("without_visits", loans_name)


def _people(report: Report, known: Known) -> Iterator[Doubt]:
    """Against the pupils there are, the copies on site, and how many can have borrowed."""
    days = report.days_open or known.open_days
    for name in IN_SCHOOL:
        if known.pupils and days and (getattr(report, name) or 0) > known.pupils * days:
            yield Doubt("more_than_pupils", name, {"pupils": known.pupils, "days": days})
    loans, visits = _sum(report, "loans"), _sum(report, "visits")
    if known.copies and (loans or 0) > max(known.copies * LOANS_A_COPY, SOME_LOANS):
        yield Doubt("more_than_copies", "in_school_loans", {"copies": known.copies})
    if loans is not None and (report.borrowers or 0) > loans:
        yield Doubt("more_than_loans", "borrowers", {"loans": loans})
    elif visits is not None and (report.borrowers or 0) > visits:
        yield Doubt("more_than_visits", "borrowers", {"visits": visits})


def _days(report: Report, known: Known) -> Iterator[Doubt]:
    if report.days_open == 0 and any(getattr(report, name) for name in NUMBERS):
        yield Doubt("none_but_used", "days_open")
    elif known.open_days is not None and (report.days_open or 0) > known.open_days:
        yield Doubt("more_than_calendar", "days_open", {"days": known.open_days})


def _sum(report: Report, what: str) -> int | None:
    """In school and from outside together; none where neither was counted."""
    told = [getattr(report, name) for name in NUMBERS if name.endswith(what)]
    counted = [value for value in told if value is not None]
    return sum(counted) if counted else None
