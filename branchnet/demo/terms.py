"""School terms, and which months a point owes a reading for."""

from __future__ import annotations

from datetime import date, timedelta

from branchnet.demo.world import Point, Term

ENOUGH_DAYS = 10
"""A month is owed where the point was open on this many days of it or more."""

_SPRING = {2025: (date(2025, 2, 17), date(2025, 7, 11)), 2026: (date(2026, 3, 2), date(2026, 7, 10))}
_AUTUMN = {2024: (date(2024, 9, 2), date(2025, 1, 17)), 2025: (date(2025, 9, 1), date(2026, 1, 30))}


def terms(network: str, today: date) -> tuple[Term, ...]:
    """The terms from autumn 2024 to the school year that `today` is in."""
    found = [_term(network, 2024, "秋季", *_AUTUMN[2024])]
    for year in range(2025, today.year + 1):
        found.append(_term(network, year, "春季", *_SPRING.get(year, (date(year, 3, 1), date(year, 7, 10)))))
        found.append(_term(network, year, "秋季", *_AUTUMN.get(year, (date(year, 9, 1), date(year + 1, 1, 22)))))
    return tuple(found)


def _term(network: str, year: int, season: str, first: date, last: date) -> Term:
    return Term(network, f"{year}年{season}学期", first, last)


def months(first: date, last: date) -> tuple[date, ...]:
    """The first day of every month from that of `first` to that of `last`, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(
        date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)
    )


def month_end(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return next_month(month) - timedelta(days=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_month_of(today: date) -> date:
    """The last day of the last month that is wholly over."""
    return today.replace(day=1) - timedelta(days=1)


def open_days(point: Point, month: date, calendar: tuple[Term, ...]) -> int:
    """Days of a month on which a point is open by the calendar: term days for schools, all for others."""
    begin, end = max(month, point.opened_on), month_end(month)
    if not point.is_school:
        return _overlap(begin, end, begin, end)
    return sum(_overlap(begin, end, term.first, term.last) for term in calendar)


def _overlap(begin: date, end: date, first: date, last: date) -> int:
    return max(0, (min(end, last) - max(begin, first)).days + 1)


def owes(point: Point, month: date, calendar: tuple[Term, ...]) -> bool:
    """Whether a monthly reading is due. A delivery school reports its stays, not its months."""
    return point.kind != "delivery_school" and open_days(point, month, calendar) >= ENOUGH_DAYS


def workday(near: date) -> date:
    """The day itself, or the Monday after a weekend."""
    saturday = 5
    return near + timedelta(days=7 - near.weekday() if near.weekday() >= saturday else 0)


def workdays_after(start: date, count: int) -> date:
    """The working day that many working days later."""
    for _ in range(count):
        start = workday(start + timedelta(days=1))
    return start


def workdays_before(start: date, count: int) -> date:
    """The working day that many working days earlier."""
    for _ in range(count):
        start -= timedelta(days=1)
        while workday(start) != start:
            start -= timedelta(days=1)
    return start
