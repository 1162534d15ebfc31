"""Where things lie on a line of time, from the first day to the last: as shares of its width. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from branchnet.points.life.rules import Pause, open_days

MOST_TICKS = 9
MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of time from a day to a day, so many units long."""

    first: date
    last: date
    width: int

    def at(self, day: date) -> float:
        """Where a day lies; days beyond the line lie at its ends."""
        days = max((self.last - self.first).days, 1)
        return round(min(max((day - self.first).days, 0), days) * self.width / days, 1)

    def span(self, first: date, last: date | None) -> tuple[float, float]:
        """Where a run of days begins, and how long it is: a day at least; without a last day up to the end."""
        begin, end = self.at(first), self.at(self.last if last is None else last + timedelta(days=1))
        return begin, round(max(end - begin, 2.0), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """Firsts of months to be written out, `MOST_TICKS` at most: where they lie, and the month as text."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        apart = next((one for one in MONTHS_APART if months // one < MOST_TICKS), MONTHS_APART[-1])
        begin = self.first.year * 12 + self.first.month - 1
        found = []
        for number in range(-(-begin // apart) * apart, begin + months + 1, apart):
            day = date(number // 12, number % 12 + 1, 1)
            if self.first <= day <= self.last:
                found.append((self.at(day), f"{day:%Y}" if apart >= 12 else f"{day:%Y-%m}"))
        return found


def open_runs(
    line: Line, opened_on: date | None, closed_on: date | None, pauses: Iterable[Pause]
) -> list[tuple[float, float]]:
    """The spans in which a point was open."""
    runs = open_days(line.first, line.last, opened_on, closed_on, pauses)
    return [line.span(first, last) for first, last in runs]
