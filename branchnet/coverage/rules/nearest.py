"""Which positions have another near enough: a k-d tree proposes, bounds decide, the geodesic decides between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from branchnet.coverage.rules.earth import SLACK_M, Numbers, Position, earth_centred, km_between, longest_m

_TILES, _ROW = 10, 360
"""Tiles to a degree; and how far apart two rows of them are numbered."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """How far is near enough: so many km of way, ways being so much longer (percent) than the geodesic.

    Raises ValueError for a radius that is not above zero, or a way shorter than the geodesic.
    """

    within_km: float
    detour_percent: int = 100

    def __post_init__(self) -> None:
        if not self.within_km > 0 or self.detour_percent < 100:
            raise ValueError(f"not a radius in km: {self.within_km} at {self.detour_percent} %")

    def holds(self, km: float) -> bool:
        """Whether a geodesic of so many km is near enough."""
        return km * self.detour_percent / 100 <= self.within_km

    @property
    def line_m(self) -> float:
        """The same as metres of geodesic."""
        return self.within_km * 1000 * 100 / self.detour_percent


class Near:
    """Positions that others are near to, or not. Distances are km along the geodesic."""

    def __init__(self, positions: Sequence[Position] | Numbers) -> None:
        """Positions are latitude and longitude, WGS-84 degrees; none at all is possible."""
        self.positions = np.asarray(positions, dtype=np.float64).reshape(-1, 2)
        self._tree = cKDTree(earth_centred(self.positions))

    def decide(self, others: Numbers, threshold: Threshold) -> NDArray[np.bool_]:
        """For each of the others whether one of these is near enough."""
        if not len(self.positions) or not len(others):
            return np.zeros(len(others), dtype=np.bool_)
        # Further away than that it does not matter how far: the tree need not look.
        chords = self.chords(others, threshold.line_m + 2 * SLACK_M)
        near: NDArray[np.bool_] = longest_m(chords) <= threshold.line_m - SLACK_M
        unsure = ~near & (chords <= threshold.line_m + SLACK_M)
        for at in np.flatnonzero(unsure):
            near[at] = threshold.holds(self.nearest(_position(others[at]))[0])
        return near

    def chords(self, others: Numbers, below_m: float = np.inf) -> Numbers:
        """The straight line (m) from each of the others to the nearest; infinite where there is none below so many.

        Asked tile by tile, for what was looked at for one is at hand for its neighbour: half the time for 600,000.
        """
        if not len(self.positions):
            return np.full(len(others), np.inf)
        tiles = np.floor(others * _TILES) @ (_TILES * _ROW, 1)
        order = np.argsort(tiles.astype(np.int32), kind="stable")
        chords = np.empty(len(others))
        chords[order], _ = self._tree.query(earth_centred(others[order]), distance_upper_bound=below_m)
        return chords

    def nearest(self, other: Position) -> tuple[float, int]:
        """How far the nearest is in km, and which (by its place in the list; of equally near ones the first)."""
        at = earth_centred([other])[0]
        chord, _ = self._tree.query(at)
        proposed = self._tree.query_ball_point(at, float(longest_m(chord)) + SLACK_M)
        return min((km_between(other, _position(self.positions[one])), one) for one in proposed)

    def around(self, other: Position, threshold: Threshold) -> list[int]:
        """Those that are near enough, nearest first, and of equally near ones the first in the list first.

        Measured are those that the bounds of distance do not tell from the next or from the threshold.
        """
        at = earth_centred([other])[0]
        found = np.sort(self._tree.query_ball_point(at, threshold.line_m + SLACK_M)).astype(np.int64)
        chords = np.linalg.norm(np.asarray(self._tree.data)[found] - at, axis=1)
        order = np.argsort(chords, kind="stable")
        found, chords = found[order], chords[order]
        longest = longest_m(chords) + SLACK_M
        close = chords[1:] <= longest[:-1]
        unsure = longest > threshold.line_m
        unsure[1:] |= close
        unsure[:-1] |= close
        kms = chords / 1000
        kept = ~unsure
        for one in np.flatnonzero(unsure):
            kms[one] = km_between(other, _position(self.positions[found[one]]))
            kept[one] = threshold.holds(kms[one])
        found, kms = found[kept], kms[kept]
        return [int(one) for one in found[np.lexsort((found, kms))]]

    def how_many(self, others: Numbers, threshold: Threshold) -> NDArray[np.int64]:
        """For each of the others how many of these are near enough."""
        at = earth_centred(others)
        surely = self._tree.query_ball_point(at, _sure_m(threshold), return_length=True)
        perhaps = self._tree.query_ball_point(at, threshold.line_m + SLACK_M, return_length=True)
        counts = np.asarray(surely, dtype=np.int64)
        for one in np.flatnonzero(surely != perhaps):
            counts[one] = len(self.around(_position(others[one]), threshold))
        return counts


def _sure_m(threshold: Threshold) -> float:
    """Over no chord of this length or a shorter one is the geodesic longer than the threshold's."""
    line = threshold.line_m
    return float(max(0.0, line - (longest_m(line) - line) - 2 * SLACK_M))


def _position(row: Numbers) -> Position:
    return float(row[0]), float(row[1])
