"""How copies on site add up over the days of a month (册·天).

A day counts for a copy that was there at any time of it: books that come and go on one day were there for
that day. So what arrives counts from its day on, and what leaves counts up to and including its day; undoing
either takes effect when the other would have, so that a mistake put right on the same day leaves no trace.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ORDER = ("exact", "at_least", "estimated")


@dataclass(frozen=True, slots=True)
class Change:
    """So many copies more (or fewer) at a point, from a day on, and how well their number is known."""

    on: date
    copies: int
    quality: str = "exact"
    undoes: bool = False
    """Whether it reverses an earlier change in the other direction."""

    @property
    def counts_from(self) -> date:
        """The first day that the change is part of the day's copies on site."""
        leaves = (self.copies < 0) != self.undoes
        return self.on + timedelta(days=1) if leaves else self.on


@dataclass(frozen=True, slots=True)
class MonthSum:
    """A point's month: book-days (册·天), the days they cover, the copies (册) at the end of the last."""

    month: str
    book_days: int
    days: int
    copies: int
    quality: str


def months_between(first: str, last: str) -> Iterator[str]:
    """All months from one to another, both included, as YYYY-MM."""
    year, month = (int(part) for part in first.split("-"))
    while (found := f"{year:04d}-{month:02d}") <= last:
        yield found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def month_sums(
    changes: Iterable[Change],
    months: Iterable[str],
    today: date,
    opened_on: date | None,
    closed_on: date | None,
) -> list[MonthSum]:
    """Add up each month that has begun. Days before a point opened or after it closed add no book-days.

    Copies that stay behind in a closed point are still listed. ``changes`` reach back to the very first.
    """
    ordered = sorted(changes, key=lambda change: change.counts_from)
    sums = []
    for month in months:
        first, last = month_days(month)
        if first > today:
            break
        last = min(last, today)
        counted = (max(first, opened_on or first), min(last, closed_on or last))
        copies, quality = _at_end(ordered, last)
        sums.append(MonthSum(month, _book_days(ordered, *counted), (last - first).days + 1, copies, quality))
    return sums


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a month given as YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def worst(qualities: Iterable[str]) -> str:
    """The worst quality of all that make up a number; of nothing, exact."""
    return max(qualities, key=_ORDER.index, default="exact")


def add_counts(numbers: Iterable[int | None]) -> int | None:
    """The sum of what was counted; None where nothing was: not counted is not zero."""
    counted = [number for number in numbers if number is not None]
    return sum(counted) if counted else None


def _book_days(changes: list[Change], first: date, last: date) -> int:
    """Each change counts for the days left from its own first day to the last: no walk through the days."""
    if last < first:
        return 0
    return sum(
        change.copies * ((last - max(first, change.counts_from)).days + 1)
        for change in changes
        if change.counts_from <= last
    )


def _at_end(changes: list[Change], last: date) -> tuple[int, str]:
    by_quality: dict[str, int] = {}
    for change in changes:
        if change.on <= last:
            by_quality[change.quality] = by_quality.get(change.quality, 0) + change.copies
    return sum(by_quality.values()), worst(quality for quality, copies in by_quality.items() if copies)
