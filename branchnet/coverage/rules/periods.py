"""Periods of whole months, the shortcuts to them, and what they are compared with. Pure."""

from dataclasses import dataclass

from branchnet.calendar.rules import months

LONGEST = 120
"""Months of a period at most: ten years."""


@dataclass(frozen=True, slots=True)
class Period:
    """Months from the first to the last, both included; ``now``: the running month, which is not over."""

    first: str
    last: str
    now: str

    @property
    def months(self) -> list[str]:
        """All of them, the oldest first."""
        return list(months(self.first, self.last))

    @property
    def over(self) -> list[str]:
        """Those that are over: only these are compared, for of the running one a part is not there yet."""
        return [month for month in self.months if month < self.now]

    @property
    def runs(self) -> bool:
        """Whether the running month is one of them."""
        return self.last == self.now

    @property
    def before(self) -> "Period":
        """The same months a year before."""
        return Period(year_before(self.first), year_before(self.last), self.now)


def period(first: str | None, last: str | None, now: str) -> Period:
    """The months somebody asks for, whichever is named first: not beyond the running one, the latest `LONGEST` at most.

    Without any it is the running year.
    """
    named = sorted(month for month in (first, last) if month)
    first, last = (named[0], min(named[-1], now)) if named else (f"{now[:4]}-01", now)
    first = min(first, last)
    return Period(max(first, shifted(last, 1 - LONGEST)), last, now)


def shortcuts(now: str) -> dict[str, Period]:
    """Periods that have a name: the running month, the quarter before, the half-year, this year and the last one."""
    year, quarter_began = now[:4], shifted(f"{now[:4]}-01", (int(now[5:]) - 1) // 3 * 3)
    return {
        "month": Period(now, now, now),
        "quarter": Period(shifted(quarter_began, -3), shifted(quarter_began, -1), now),
        "half": Period(f"{year}-01", min(f"{year}-06", now), now),
        "year": Period(f"{year}-01", now, now),
        "last_year": Period(year_before(f"{year}-01"), year_before(f"{year}-12"), now),
    }


def shifted(month: str, by: int) -> str:
    """So many months later, or earlier."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{number + 1:02d}"


def year_before(month: str) -> str:
    """The same month of the year before."""
    return shifted(month, -12)


@dataclass(frozen=True, slots=True)
class Change:
    """How much more a figure is than it was: in its own unit, and in percent of what it was (None: it was nothing)."""

    more: int
    percent: int | None


def change(now: int | None, before: int | None) -> Change | None:
    """From one number to the other; None where either is not known."""
    if now is None or before is None:
        return None
    return Change(now - before, None if before == 0 else percent(now - before, before))


def percent(part: int, of: int) -> int:
    """So many percent (%), rounded half away from zero. ``of`` is above zero."""
    whole = (abs(part) * 200 + of) // (2 * of)
    return whole if part >= 0 else -whole
