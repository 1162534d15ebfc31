"""Months, which of them close when, and which day a record may be posted on. Pure."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

FIRST_MONTH = 8
"""A school year begins on the first of September; kindergartens begin in the last days of August."""


def month_of(day: date) -> str:
    """The month a day is in, as text: 2025-03."""
    return f"{day.year:04d}-{day.month:02d}"


def bounds(month: str) -> tuple[date, date]:
    """The first and the last day of a month. Raises ValueError where the text is no month."""
    year, number = int(month[:4]), int(month[5:])
    if len(month) != 7 or month[4] != "-":
        raise ValueError(month)
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def next_month(month: str) -> str:
    """The month after."""
    return month_of(bounds(month)[1] + timedelta(days=1))


def previous_month(month: str) -> str:
    """The month before."""
    return month_of(bounds(month)[0] - timedelta(days=1))


def months_before(month: str, count: int) -> str:
    """The month so many months before."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months(first: str, last: str) -> Iterator[str]:
    """All months from the first to the last, both included."""
    while first <= last:
        yield first
        first = next_month(first)


def open_day(day: date, locked_through: str | None) -> date:
    """The day itself, or the first open day where its month is closed (封账)."""
    if locked_through is None or month_of(day) > locked_through:
        return day
    return bounds(next_month(locked_through))[0]


def opened_months(exceptions: Iterable[tuple[str, int | None]], points: Collection[int]) -> set[str]:
    """The months that exceptions open for all of these points; an exception without a point is for every one.

    What touches no point at all is opened by those alone.
    """
    by_month: dict[str, set[int | None]] = {}
    for month, point_id in exceptions:
        by_month.setdefault(month, set()).add(point_id)
    return {month for month, to in by_month.items() if None in to or (points and to.issuperset(points))}


def still_closed(locked_through: str, opened: Collection[str]) -> str:
    """The last closed month that no exception opens: what is written before it would change that month too."""
    while locked_through in opened:
        locked_through = previous_month(locked_through)
    return locked_through


def month_to_close(today: date, closes_on_day: int) -> str:
    """The last month whose day to close (a day of the following month) has come."""
    last = previous_month(month_of(today))
    return last if today.day >= closes_on_day else previous_month(last)


def school_year_of(day: date) -> int:
    """The year in which the school year (学年) of a day began: what begins from August on is of the new one."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def twelve_months(year: int, school: bool) -> list[str]:
    """The months of a calendar year, or of the school year (学年) that begins in September of it."""
    return list(months(f"{year}-09", f"{year + 1}-08") if school else months(f"{year}-01", f"{year}-12"))
