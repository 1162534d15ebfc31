"""Rows as columns of small integers: ten thousand points in some 40 kB. Pure.

Positions are steps on a grid from a corner, and each number is the difference from the one before it: points that were
registered together stand together, so that most differences are small. Kinds and marks are one character a row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

FINEST = 1e-5
"""Degrees, a metre: what is drawn of few rows."""
FEW = 2_000
"""Up to so many rows are sent as fine as that; of more, steps are ``ALONG`` of them along the longer side."""
ALONG = 2_048


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of degrees: its south-western corner and the length of a step."""

    south: float
    west: float
    step: float

    def steps(self, positions: Iterable[tuple[float, float]]) -> tuple[list[int], list[int]]:
        """Steps to the north and to the east of the corner."""
        pairs = [
            (round((lat - self.south) / self.step), round((lon - self.west) / self.step)) for lat, lon in positions
        ]
        return [north for north, _east in pairs], [east for _north, east in pairs]


def grid_of(positions: Sequence[tuple[float, float]]) -> Grid:
    """The grid on which these are told: a metre for few, the 2048th part of their extent for many."""
    if not positions:
        return Grid(0.0, 0.0, FINEST)
    lats, lons = [lat for lat, _lon in positions], [lon for _lat, lon in positions]
    south, west = round(min(lats), 5), round(min(lons), 5)
    extent = max(max(lats) - south, max(lons) - west)
    step = FINEST if len(positions) <= FEW else max(FINEST, round(extent / ALONG, 6))
    return Grid(south, west, step)


def placed(ids: Sequence[int], positions: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Ids and positions of rows in the order of their ids, as ``light_schemas.Placed`` sends them."""
    grid = grid_of(positions)
    north, east = grid.steps(positions)
    return {
        "south": grid.south,
        "west": grid.west,
        "step": grid.step,
        "id": deltas(ids),
        "north": deltas(north),
        "east": deltas(east),
    }


def deltas(numbers: Sequence[int]) -> list[int]:
    """The first number, then how much each is more than the one before it."""
    return [*numbers[:1], *(later - earlier for earlier, later in pairwise(numbers))]
