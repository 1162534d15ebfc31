"""What the books of a point do: how much they are read and lent, how fresh they are, for how many pupils they are.

Loans (册次) and visits (人次) are set against book-months (册·月): one copy on site for one month. Only months that
were reported stand below the line, for each number those in which it was counted: a month without a reading is no
month without readers. So any period can be set beside any other, and a point that opened in May beside an old one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from statistics import median
from typing import Any

from branchnet.coverage.rules.months import add_counts, worst

MONTHS_OF_A_YEAR = 12
SLEEPS_BELOW = 1.0
"""Loans per 100 book-months (册次) below which a shelf sleeps."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number that was counted, and the book-months (册·月) of the months in which it was; None where it never was."""

    number: int | None = None
    book_months: float = 0.0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(add_counts((self.number, other.number)), self.book_months + other.book_months)

    @property
    def per_hundred(self) -> float | None:
        """For every 100 book-months; None where nothing was counted, or no book was there when it was."""
        return None if self.number is None or not self.book_months else 100 * self.number / self.book_months


@dataclass(frozen=True, slots=True)
class Tally:
    """What the facts of a period add up to: of a point, or of many. What it says of copies is as of its end."""

    points: int = 0
    book_months: float = 0.0
    """Of all months, reported or not (册·月)."""
    school_loans: Counted = Counted()
    community_loans: Counted = Counted()
    loans: Counted = Counted()
    school_visits: Counted = Counted()
    community_visits: Counted = Counted()
    visits: Counted = Counted()
    copies: int = 0
    quality: str = "exact"
    old_copies: int | None = None
    dated_copies: int = 0
    """Of the copies those of points whose old copies are known."""
    pupils: int | None = None
    pupils_copies: int = 0
    """Of the copies those of points whose pupils are known."""
    last_batch_on: date | None = None

    def __add__(self, other: "Tally") -> "Tally":
        one: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        two: dict[str, Any] = {field.name: getattr(other, field.name) for field in fields(other)}
        special: dict[str, Any] = {
            "quality": worst((self.quality, other.quality)),
            "old_copies": add_counts((self.old_copies, other.old_copies)),
            "pupils": add_counts((self.pupils, other.pupils)),
            "last_batch_on": max(filter(None, (self.last_batch_on, other.last_batch_on)), default=None),
        }
        return Tally(**{name: special[name] if name in special else one[name] + two[name] for name in one})


def added(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())


def turnover(of: Tally) -> float | None:
    """Loans of a copy in a year (流通率): collection turnover of ISO 11620, of the reported months taken to a year."""
    rate = of.loans.per_hundred
    return None if rate is None else rate * MONTHS_OF_A_YEAR / 100


def days_since_batch(of: Tally, day: date) -> int | None:
    """Days (天) since books of a batch last came, to any of the points; None where none ever did."""
    return None if of.last_batch_on is None else (day - of.last_batch_on).days


def copies_per_pupil(of: Tally) -> float | None:
    """Copies (册) for each pupil, of points whose pupils are known; None where there are none."""
    return of.pupils_copies / of.pupils if of.pupils else None


def old_share(of: Tally) -> float | None:
    """The share, in percent, of the copies that have stood there for a year or longer; None where none stand there."""
    return None if of.old_copies is None or not of.dated_copies else 100 * of.old_copies / of.dated_copies


def sleeps(of: Tally) -> bool:
    """Whether books stand there that hardly anybody borrows. What nobody counted may be awake."""
    rate = of.loans.per_hundred
    return of.copies > 0 and rate is not None and rate < SLEEPS_BELOW


def middle(numbers: Iterable[float | None]) -> float | None:
    """The median of those that are known; None where none is."""
    known = [number for number in numbers if number is not None]
    return median(known) if known else None


INDICATORS: Mapping[str, Callable[[Tally, date], float | None]] = {
    "loans": lambda of, _day: of.loans.per_hundred,
    "school_loans": lambda of, _day: of.school_loans.per_hundred,
    "community_loans": lambda of, _day: of.community_loans.per_hundred,
    "visits": lambda of, _day: of.visits.per_hundred,
    "school_visits": lambda of, _day: of.school_visits.per_hundred,
    "community_visits": lambda of, _day: of.community_visits.per_hundred,
    "turnover": lambda of, _day: turnover(of),
    "days_since_batch": days_since_batch,
    "copies_per_pupil": lambda of, _day: copies_per_pupil(of),
    "old_share": lambda of, _day: old_share(of),
}
"""By name each indicator, of a tally whose period ends on a day; None where it is not known."""
