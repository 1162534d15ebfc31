"""What a reading may hold, and what becomes of a submission. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

NUMBERS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans")
COMMUNITY = ("community_visits", "community_loans")
LARGEST = 1_000_000
NOTE_LENGTH = 200

_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{3,4}[- ]\d{7,8})(?!\d)")


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
        return {name: getattr(self, name) for name in (*NUMBERS, "borrowers", "days_open")}


def problems(report: Report, days_in_window: int) -> dict[str, str]:
    """What cannot be, by field. Plausibility is another matter: it warns and never blocks."""
    found = {name: problem for name, value in report.numbers().items() if (problem := _number_problem(value))}
    if report.not_open and any(value is not None for value in report.numbers().values()):
        found["not_open"] = "not_open_has_numbers"
    if report.days_open is not None and report.days_open > days_in_window:
        found["days_open"] = "days"
    note = report.note or ""
    if len(note) > NOTE_LENGTH:
        found["note"] = "note_too_long"
    elif _PERSONAL.search(note):
        found["note"] = "note_personal"
    return found


def _number_problem(value: int | None) -> str | None:
    if value is None:
        return None
    if value < 0:
        return "not_a_number"
    return "too_large" if value > LARGEST else None


def without_community(report: Report, open_to_community: bool) -> Mapping[str, int | None]:
    """The numbers as they apply: a point that is not open to its neighbours has no community numbers."""
    numbers = report.numbers()
    return numbers if open_to_community else {**numbers, **dict.fromkeys(COMMUNITY)}


def held_because(*, locked: bool, based_on: int | None, current: int | None) -> str | None:
    """Why a submission waits for staff, or None where it can be applied.

    It is stale where its sender saw another revision than the one that holds now.
    """
    if locked:
        return "locked"
    return "stale" if current is not None and based_on != current else None


def month_state(*, reported: bool, not_open: bool, held: bool, due: bool, month_over: bool, opened: bool) -> str:
    """The state of a month as a teacher sees it: five different things stay different."""
    if held:
        return "held"
    if reported:
        return "not_open" if not_open else "received"
    if not opened or not due:
        return "not_due"
    return "overdue" if month_over else "due"


def is_due(*, opened_on: date | None, closed_on: date | None, first: date, last: date, minimum: int) -> bool:
    """A month is owed if the point was open so many days of it or more."""
    if opened_on is None:
        return False
    start = max(opened_on, first)
    end = last if closed_on is None else min(last, date.fromordinal(closed_on.toordinal() - 1))
    return (end - start).days + 1 >= minimum
