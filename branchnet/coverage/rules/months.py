"""How copies on site add up over the days of a month (册·天).

A day counts for a copy that was there at any time of it: books that come and go on one day were there for
that day. So what arrives counts from its day on, and what leaves counts up to and including its day; undoing
either takes effect when the other would have, so that a mistake put right on the same day leaves no trace.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from branchnet.calendar.rules import bounds
from branchnet.points.life.rules import Pause, open_days

QUALITIES = ("exact", "at_least", "estimated")
"""How well a number is known, the worst last."""


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

    @property
    def last(self) -> date:
        """The last day that it covers."""
        return bounds(self.month)[0] + timedelta(days=self.days - 1)


def month_sums(
    changes: Iterable[Change],
    months: Iterable[str],
    today: date,
    opened_on: date | None,
    closed_on: date | None,
    pauses: Sequence[Pause] = (),
) -> list[MonthSum]:
    """Add up each month that has begun, of changes that reach back to the very first.

    Only days on which the point is open add book-days: from the day it opened to the day before it closed, without the
    days of its pauses, and none while nobody knows when it opened. Copies that stay behind in a closed point are still
    listed.
    """
    known = list(changes)
    starts = sorted((change.counts_from, change.copies) for change in known)
    sums = []
    for month in months:
        first, last = bounds(month)
        if first > today:
            break
        last = min(last, today)
        copies, quality = copies_on(known, last)
        runs = open_days(first, last, opened_on, closed_on, pauses)
        book_days = sum(_book_days(starts, *run) for run in runs)
        sums.append(MonthSum(month, book_days, (last - first).days + 1, copies, quality))
    return sums


def worst(qualities: Iterable[str]) -> str:
    """The worst quality of all that make up a number; of nothing, exact."""
    return max(qualities, key=QUALITIES.index, default="exact")


def add_counts(numbers: Iterable[int | None]) -> int | None:
    """The sum of what was counted; None where nothing was: not counted is not zero."""
    counted = [number for number in numbers if number is not None]
    return sum(counted) if counted else None


def _book_days(starts: list[tuple[date, int]], first: date, last: date) -> int:
    """Each change counts for the days left from its own first day to the last: no walk through the days."""
    return sum(copies * ((last - max(first, since)).days + 1) for since, copies in starts if since <= last)


def copies_on(changes: Iterable[Change], last: date) -> tuple[int, str]:
    """The copies (册) at the end of a day, and how well their number is known."""
    by_quality: dict[str, int] = {}
    for change in changes:
        if change.on <= last:
            by_quality[change.quality] = by_quality.get(change.quality, 0) + change.copies
    return sum(by_quality.values()), worst(quality for quality, copies in by_quality.items() if copies)
