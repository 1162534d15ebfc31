"""Months, and which day a record may be posted on. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


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
