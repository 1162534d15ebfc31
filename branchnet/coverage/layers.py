"""What a map of points may show: their books, who reports, how the books turn over, what is overdue. Pure.

Each layer gives every point a mark, a small number that stands for a shape: what it means is told without a colour.
"""

from dataclasses import dataclass
from datetime import date
from math import sqrt

LAYERS = ("books", "reports", "loans", "overdue")
SIZES = 9
"""Marks of the layer of books: 0 is hollow, for nothing is there or it is closed; 1 to 9 grow with the copies."""
FEW_LOANS, MANY_LOANS = 5, 20
"""Loans per 100 book-months (册次) between which a shelf is neither asleep nor busy."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Of twelve months, how many a point owed a reading and how many of these it reported."""

    owed: int = 0
    reported: int = 0

    @property
    def mark(self) -> int:
        """0 owed none; 1 reported none of them, 2 less than half, 3 half or more, 4 all."""
        if not self.owed:
            return 0
        if self.reported == self.owed:
            return 4
        return 1 if not self.reported else 2 + (2 * self.reported >= self.owed)

    @property
    def order(self) -> float | None:
        """By what it is sorted: the share; nothing where nothing was owed."""
        return self.reported / self.owed if self.owed else None


@dataclass(frozen=True, slots=True)
class Turning:
    """Loans (册次) of twelve months, and the book-months (册·月) of the months and stays of which loans are known."""

    loans: int | None = None
    book_months: float = 0.0

    @property
    def order(self) -> float | None:
        """Loans per 100 book-months; None where nobody counted, or there were no books."""
        return None if self.loans is None or not self.book_months else 100 * self.loans / self.book_months

    @property
    def mark(self) -> int:
        """0 not known, 1 none, 2 few, 3 some, 4 many."""
        rate = self.order
        if rate is None:
            return 0
        return 1 + (rate > 0) + (rate >= FEW_LOANS) + (rate >= MANY_LOANS)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Deliveries (批) that stand at a point after the day on which they were due back, and since when."""

    deliveries: int = 0
    since: date | None = None

    @property
    def mark(self) -> int:
        """0 none, 1 one, 2 several."""
        return min(self.deliveries, 2)

    @property
    def order(self) -> float | None:
        """By what it is sorted."""
        return float(self.deliveries)


Figure = Reports | Turning | Overdue


def size_mark(copies: int, most: int, is_open: bool) -> int:
    """The mark of the layer of books: the area of a shape grows with its copies."""
    if not copies or not is_open:
        return 0
    return max(1, round(SIZES * sqrt(copies / max(most, 1))))
