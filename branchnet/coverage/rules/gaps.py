"""Gaps: communities without books within reach, the one first where a point would do most."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from branchnet.coverage.rules.nearest import Near
from branchnet.coverage.rules.reach import Outcome, Reach

Merit = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """A community out of reach, by its place in the register, and what a point there would reach."""

    index: int
    children: int | None
    communities: int
    """Communities (个) now out of reach, this one among them, that would have books within the radius."""
    children_reached: int | None
    """Children (人) in those, over those whose number is known; None where it is known of none."""
    rank: int
    tied: int
    """How many gaps (个) share the rank, this one among them."""


class Gaps:
    """All gaps in their order: by children where they are known; then, where they are not, by how many communities a
    point there would reach; last those in which no child lives. Of equal rank the one farthest from books comes first.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._open = [i for i, outcome in enumerate(reach.outcomes) if outcome is Outcome.NOT_COVERED]
        at = [reach.demands[index].position for index in self._open]
        self._positions = np.array(at, dtype=np.float64).reshape(-1, 2)
        self._near = Near(self._positions)
        self._merits = self._by_merit()
        self._order = self._ranked()
        self._ranks: dict[Merit, int] = {}
        for rank, one in enumerate(self._order, 1):
            self._ranks.setdefault(self._merits[one], rank)
        self._tied = Counter(self._merits)

    def __len__(self) -> int:
        return len(self._open)

    def only(self, keep: Callable[[int], bool]) -> list[int]:
        """Where in the order those gaps stand whose community (by its place in the register) is wanted."""
        return [at for at, one in enumerate(self._order) if keep(self._open[one])]

    def shown(self, start: int, end: int) -> list[Gap]:
        """The gaps from one place of the order up to another, measured."""
        return self.at(range(start, min(end, len(self))))

    def at(self, places: Iterable[int]) -> list[Gap]:
        """The gaps at these places of the order, measured."""
        return [self._gap(self._order[place]) for place in places]

    def _by_merit(self) -> list[Merit]:
        """What each is ranked by, less coming first."""
        children = [self._reach.demands[index].children for index in self._open]
        uncounted = [one for one, number in enumerate(children) if number is None]
        reached = dict.fromkeys(range(len(self._open)), 0)
        if uncounted:
            counts = self._near.how_many(self._positions[uncounted], self._reach.threshold)
            reached |= dict(zip(uncounted, (int(count) for count in counts), strict=True))

        return [
            ((1 if number is None else 2 if number == 0 else 0), -(number or 0), -reached[one])
            for one, number in enumerate(children)
        ]

    def _ranked(self) -> list[int]:
        far = self._reach.straight_m(self._open)
        return sorted(range(len(self._open)), key=lambda one: (self._merits[one], -far[one]))

    def _gap(self, one: int) -> Gap:
        around = self._near.around(
            (float(self._positions[one][0]), float(self._positions[one][1])), self._reach.threshold
        )
        demands = [self._reach.demands[self._open[other]] for other in around]
        counted = [demand.children for demand in demands if demand.children is not None]
        index = self._open[one]
        return Gap(
            index,
            self._reach.demands[index].children,
            len(around),
            sum(counted) if counted else None,
            self._ranks[self._merits[one]],
            self._tied[self._merits[one]],
        )
