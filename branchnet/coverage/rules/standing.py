"""How long copies have stood at a point, and when a batch last came, as of a day: what was reversed by then never was.

Barcoded copies are told apart: each stands since its own last arrival. Of a counted lot nobody tells them apart:
whoever takes some takes those that came first. Both are one rule: of a lot, the first to come are the first to go.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Leg:
    """So many copies (册) of a lot came to a point, or left it (below zero), on a day.

    ``lot`` is what first in, first out is asked of: a lot, or all lots that came once only and on the same day.
    """

    lot: int | date
    on: date
    copies: int
    undone_on: date | None = None
    """The day on which it was reversed, if it was."""

    def holds_on(self, day: date) -> bool:
        """Whether it had happened by a day, and was not yet reversed."""
        return self.on <= day and (self.undone_on is None or self.undone_on > day)


def year_before(day: date) -> date:
    """The same day a year before; the 28th for the 29th of February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def old_copies(legs: Iterable[Leg], day: date, copies: int) -> int:
    """Of the copies (册) at a point at the end of a day, those that have stood there for a year or longer.

    Open differences name no copies: where the old ones by the ledger are more than are there, all that are there are
    old.
    """
    since, left = year_before(day), defaultdict[int | date, int](int)
    for leg in legs:
        if leg.holds_on(day) and (leg.copies < 0 or leg.on <= since):
            left[leg.lot] += leg.copies
    return min(copies, sum(one for one in left.values() if one > 0))


def last_arrival(legs: Iterable[Leg], day: date) -> date | None:
    """The last day up to this one on which books came; None where none did."""
    return max((leg.on for leg in legs if leg.holds_on(day)), default=None)
