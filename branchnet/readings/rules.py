"""What a reading may hold, and what becomes of a submission. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from branchnet.access.personal import note_problem
from branchnet.calendar.rules import bounds, month_of, months, next_month
from branchnet.points.life.rules import Pause, days_in, open_days

IN_SCHOOL = ("in_school_visits", "in_school_loans")
COMMUNITY = ("community_visits", "community_loans")
NUMBERS = (*IN_SCHOOL, *COMMUNITY)
REPORTED = (*NUMBERS, "borrowers", "days_open")
"""Every number of a report, by name."""
LARGEST = 1_000_000
REPORTS_BY_STAY = frozenset({"delivery_school"})
"""Kinds of point that report each delivery's stay and owe no month."""
SHORTEST_TERM, LONGEST_TERM, LONGEST_YEAR = 60, 240, 400
"""Days of an earlier window: what is shorter is for months to tell, what is longer than a school year for two years."""
SCHOOL_HOSTS = frozenset({"primary_school", "middle_school", "kindergarten", "special_school"})
"""Hosts with school holidays (寒暑假): a village or a township station has none, and so has a book house in one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The four numbers and what goes with them. Empty means not counted, 0 means none."""

    in_school_visits: int | None = None
    in_school_loans: int | None = None
    community_visits: int | None = None
    community_loans: int | None = None
    borrowers: int | None = None
    days_open: int | None = None
    method: str | None = None
    not_open: bool = False
    note: str | None = None

    def numbers(self) -> dict[str, int | None]:
        """Every number by name."""
        return {name: getattr(self, name) for name in REPORTED}


def problems(report: Report, days_in_window: int) -> dict[str, str]:
    """What cannot be, by field. Plausibility is another matter: it warns and never blocks."""
    found = {name: problem for name, value in report.numbers().items() if (problem := _number_problem(value))}
    if report.not_open and any(value is not None for value in report.numbers().values()):
        found["not_open"] = "not_open_has_numbers"
    if report.days_open is not None and report.days_open > days_in_window:
        found["days_open"] = "days"
    if problem := note_problem(report.note or ""):
        found["note"] = problem
    return found


def _number_problem(value: int | None) -> str | None:
    if value is None:
        return None
    if value < 0:
        return "not_a_number"
    return "too_large" if value > LARGEST else None


def as_applicable(report: Report, open_to_community: bool) -> Report:
    """The report as it applies: a point that is not open to its neighbours has no community numbers."""
    return report if open_to_community else replace(report, community_visits=None, community_loans=None)


def held_because(
    *,
    locked: bool,
    based_on: int | None,
    current: int | None,
    known: str | None = None,
    overlaps: bool = False,
) -> str | None:
    """Why a submission waits for staff, or None where it can be applied.

    It is stale where its sender saw another revision than the one that holds now; it overlaps where an earlier term or
    year is reported as a whole already. ``known``: what the way it came in already says.
    """
    if known is not None:
        return known
    if locked:
        return "locked"
    if overlaps:
        return "overlap"
    return "stale" if current is not None and based_on != current else None


def month_state(
    *, reported: bool, not_open: bool, held: bool, due: bool, month_over: bool, opened: bool, asked: bool = False
) -> str:
    """The state of a month as a teacher sees it: five different things stay different.

    One that staff ask about (``asked``) is a question; what was sent since and is held waits for staff.
    """
    if held:
        return "held"
    if asked:
        return "question"
    if reported:
        return "not_open" if not_open else "received"
    if not opened or not due:
        return "not_due"
    return "overdue" if month_over else "due"


def has_holiday(host: str | None, of: str | None) -> bool:
    """Whether a point of a host keeps a holiday that was entered for one kind of host, or (empty) for all schools."""
    return host in SCHOOL_HOSTS if of is None else host == of


def is_due(
    *,
    opened_on: date | None,
    closed_on: date | None,
    first: date,
    last: date,
    minimum: int,
    pauses: Iterable[Pause] = (),
) -> bool:
    """A month is owed if the point was open so many days of it or more.

    Days of a pause are none, and holidays count like pauses; they may share days with each other.
    """
    return days_in(open_days(first, last, opened_on, closed_on, pauses)) >= minimum


def earlier_kind(first: date, last: date) -> str | None:
    """What an earlier window is, by its length: a term, a year; None where it is neither."""
    days = (last - first).days + 1
    if SHORTEST_TERM <= days <= LONGEST_TERM:
        return "term"
    return "year" if LONGEST_TERM < days <= LONGEST_YEAR else None


def is_in_time(arrived: datetime, month: str, by_day: int, time_zone: str) -> bool:
    """Whether what arrived at the server then is in time (及时): up to a day of the following month, where it is."""
    return arrived.astimezone(ZoneInfo(time_zone)).date() <= on_day_after(month, by_day)


def on_day_after(month: str, day: int) -> date:
    """A day of the month that follows."""
    return bounds(next_month(month))[0].replace(day=day)


def stay_days(dispatched_on: date, received_on: date | None, collected_on: date) -> tuple[date, date]:
    """The first and the last day of a delivery's stay; one fetched the day it came stayed for that day."""
    first = received_on or dispatched_on
    return first, max(first, collected_on)


def months_open(opened_on: date | None, closed_on: date | None, today: date) -> list[str]:
    """The months in which a point was open for a day or more, newest first; the running one too."""
    if opened_on is None or opened_on > today:
        return []
    last = today if closed_on is None else min(today, closed_on - timedelta(days=1))
    return list(months(month_of(opened_on), month_of(last)))[::-1]


def month_to_report(newest_first: Sequence[str], states: Mapping[str, str]) -> str | None:
    """The month that a teacher is asked for: the one before the newest while it is owed, else the newest."""
    if len(newest_first) > 1 and states[newest_first[1]] in ("due", "overdue"):
        return newest_first[1]
    return newest_first[0] if newest_first else None
