"""Reach: which communities have an open point with books within so many km.

All outcomes are decided at once; of which point is nearest, how far, and what lies around a point, only what somebody
asks for is measured. Either way the answer is what measuring every pair would say (see earth and nearest).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from branchnet.coverage.rules.earth import Position
from branchnet.coverage.rules.nearest import Near, Threshold


class Outcome(StrEnum):
    """What is known of a community: never a plain yes or no, for some have no position."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    WITHOUT_POSITION = "without_position"


_CODES = (Outcome.NOT_COVERED, Outcome.COVERED, Outcome.WITHOUT_POSITION)
"""By the truth of *near enough*, and beyond it."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A service point as reach sees it: where it is, how many copies (册) are on site, whether it is open."""

    id: int
    lat: float | None
    lon: float | None
    copies: int
    is_open: bool = True
    exact: bool = True

    @property
    def position(self) -> Position | None:
        """Latitude and longitude, WGS-84 degrees, or None where it is not known."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Demand:
    """A community as reach sees it: where it is, and how many children (人) live there, where known."""

    id: int
    lat: float | None
    lon: float | None
    children: int | None = None
    exact: bool = True

    @property
    def position(self) -> Position | None:
        """Latitude and longitude, WGS-84 degrees, or None where it is not known."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Reached:
    """The outcome for one community: its nearest open point with books, and how far in km (geodesic)."""

    community_id: int
    outcome: Outcome
    point_id: int | None = None
    km: float | None = None
    approximate: bool = False
    """Whether one of the two positions is only approximate: the outcome then is, too."""


@dataclass(frozen=True)
class Reach:
    """Reach over all communities, in the order they came: ``outcomes`` of each."""

    threshold: Threshold
    demands: Sequence[Demand]
    outcomes: Sequence[Outcome]
    _sites: Mapping[Position, Sequence[Supply]]
    _near: Near
    _counts: Mapping[Outcome, int]

    @property
    def within_km(self) -> float:
        """The radius in km of way."""
        return self.threshold.within_km

    @property
    def known(self) -> int:
        """How many communities (个) the register holds: the M of every N of M."""
        return len(self.demands)

    def count(self, outcome: Outcome) -> int:
        """How many communities (个) have this outcome."""
        return self._counts[outcome]

    def reached(self, index: int) -> Reached:
        """One community's outcome with its nearest point, measured. Of equally near points the lowest id is named."""
        demand, outcome = self.demands[index], self.outcomes[index]
        if demand.position is None:
            return Reached(demand.id, outcome)
        if not self._sites:
            return Reached(demand.id, outcome, approximate=not demand.exact)
        km, site = self._near.nearest(demand.position)
        point = self._at[site][0]
        return Reached(demand.id, outcome, point.id, km, approximate=not (demand.exact and point.exact))

    def straight_m(self, indexes: Sequence[int]) -> list[float]:
        """How far (m, through the Earth) the nearest point of each is: for an order of many, measured at once.

        Infinite where no point is open and has books, or a community has no position.
        """
        at = [self.demands[index].position or (np.nan, np.nan) for index in indexes]
        degrees = np.array(at, dtype=np.float64).reshape(-1, 2)
        found, placed = np.full(len(degrees), np.inf), ~np.isnan(degrees).any(axis=1)
        found[placed] = self._near.chords(degrees[placed])
        return found.tolist()

    def only_by(self, point_ids: Collection[int]) -> frozenset[int]:
        """Which communities, by their index, are covered now, and would not be without these points."""
        left = [at for at, points in self._sites.items() if any(point.id not in point_ids for point in points)]
        if len(left) == len(self._sites):
            return frozenset()
        covered = [index for index, outcome in enumerate(self.outcomes) if outcome is Outcome.COVERED]
        at = np.array([self.demands[index].position for index in covered], dtype=np.float64).reshape(-1, 2)
        still = Near(left).decide(at, self.threshold)
        return frozenset(index for index, holds in zip(covered, still, strict=True) if not holds)

    @cached_property
    def communities(self) -> tuple[Reached, ...]:
        """All of them, each measured: for what is drawn whole; some 0.3 ms each."""
        return tuple(self.reached(index) for index in range(len(self.demands)))

    @cached_property
    def within_reach_of(self) -> Mapping[int, tuple[int, ...]]:
        """Of each open point with books the communities within the radius, nearest first: found when asked for."""
        return _Around(self)

    @cached_property
    def children_covered(self) -> int:
        """Children (人) in covered communities, over those whose number is known."""
        pairs = zip(self.demands, self.outcomes, strict=True)
        return sum(demand.children or 0 for demand, outcome in pairs if outcome is Outcome.COVERED)

    @cached_property
    def children_known(self) -> int:
        """Children (人) in all communities whose number is known."""
        return sum(demand.children or 0 for demand in self.demands)

    @cached_property
    def _at(self) -> list[Sequence[Supply]]:
        return list(self._sites.values())


class _Around(Mapping[int, tuple[int, ...]]):
    """By point the ids of the communities around it."""

    def __init__(self, reach: Reach) -> None:
        self._threshold = reach.threshold
        self._at = {point.id: at for at, points in reach._sites.items() for point in points}  # noqa: SLF001
        placed = sorted((demand.id, demand.position) for demand in reach.demands if demand.position is not None)
        self._ids = [community_id for community_id, _ in placed]
        self._near = Near([position for _, position in placed])

    def __getitem__(self, point_id: int) -> tuple[int, ...]:
        around = self._near.around(self._at[point_id], self._threshold)
        return tuple(self._ids[one] for one in around)

    def __iter__(self) -> Iterator[int]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def reach(
    points: Iterable[Supply], communities: Sequence[Demand], within_km: float, detour_percent: int = 100
) -> Reach:
    """Decide for every community. Points that are closed, empty or without position reach nobody.

    Raises ValueError for a radius that is not above zero, or a way shorter than the geodesic.
    """
    threshold = Threshold(within_km, detour_percent)
    sites = _sites(points)
    near = Near(list(sites))
    # Two plain columns: half the time of a list of pairs.
    columns = [one.lat for one in communities], [one.lon for one in communities]
    degrees = np.column_stack([np.array(column, dtype=np.float64) for column in columns])
    placed = ~np.isnan(degrees).any(axis=1)
    told = np.full(len(communities), _CODES.index(Outcome.WITHOUT_POSITION))
    told[placed] = near.decide(degrees[placed], threshold)
    counts = {outcome: int(np.count_nonzero(told == code)) for code, outcome in enumerate(_CODES)}
    outcomes = [_CODES[code] for code in told.tolist()]
    return Reach(threshold, communities, outcomes, sites, near, counts)


def _sites(points: Iterable[Supply]) -> dict[Position, list[Supply]]:
    """Open points with books, by position: points placed at the same town are measured once."""
    sites: dict[Position, list[Supply]] = {}
    for point in sorted(points, key=lambda point: point.id):
        if point.is_open and point.copies > 0 and point.position is not None:
            sites.setdefault(point.position, []).append(point)
    return sites
