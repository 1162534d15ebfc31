"""Which point a row means: by its code, or by exactly its name. Where two are called so, nobody guesses."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from branchnet.batches.opening.rows import Named
from branchnet.points.queries import Point
from branchnet.stock.lists.rows import Problem


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the ledger: one that the books know (``point``), or one that will open. ``code`` tells it apart."""

    code: str
    name: str
    point: Point | None = None


SHELF = Spot("", "")
"""The central library's own shelf."""


def same(name: str) -> str:
    """A name as it is compared: to the letter, but for full width and blanks."""
    return unicodedata.normalize("NFKC", name).replace(" ", "")


@dataclass
class Places:
    """The points that rows may mean, by code and by name."""

    by_code: dict[str, Spot] = field(default_factory=dict)
    by_name: dict[str, list[Spot]] = field(default_factory=lambda: defaultdict(list))

    def add(self, spot: Spot) -> None:
        """One more point."""
        self.by_code[spot.code] = spot
        self.by_name[same(spot.name)].append(spot)

    def find(self, named: Named, day: date) -> Spot | Problem:
        """The point that is meant on a day, or why that cannot be said."""
        if named.shelf:
            return SHELF
        found = self._by_code(named) if named.code else self._by_name(named)
        if isinstance(found, Spot) and found.point and found.point.closed_on and found.point.closed_on <= day:
            return Problem("point_closed", "point", named.told, (found.point.closed_on.isoformat(),))
        return found

    def _by_code(self, named: Named) -> Spot | Problem:
        spot = self.by_code.get(named.code)
        if spot is None:
            # Where there is one column for both, a name may stand in it.
            return Problem("point_unknown", "code", named.told) if named.name else self._by_name(Named("", named.code))
        if named.name and same(named.name) != same(spot.name):
            return Problem("point_other_name", "point", named.name, (spot.code, spot.name))
        return spot

    def _by_name(self, named: Named) -> Spot | Problem:
        spots = self.by_name.get(same(named.name), [])
        if len(spots) == 1:
            return spots[0]
        if not spots:
            by_code = self.by_code.get(named.name)
            return by_code or Problem("point_unknown", "point", named.name)
        return Problem("point_many", "point", named.name, ("、".join(spot.code for spot in spots),))
