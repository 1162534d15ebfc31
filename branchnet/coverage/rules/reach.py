"""Reach: which communities have an open point with books within so many km, as the crow flies.

A k-d tree over Earth-centred WGS-84 coordinates proposes, the geodesic decides and is what is returned. The
straight line through the Earth is never longer than the geodesic; so whatever lies within a geodesic radius
is among what the tree finds within the same straight one, and the answer is exact however the candidates are
ordered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray
from scipy.spatial import cKDTree

_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
# What rounding may take from a coordinate of 6.4 million metres, many times over.
_SLACK_M = 0.001

Position = tuple[float, float]


class Outcome(StrEnum):
    """What is known of a community: never a plain yes or no, for some have no position."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    WITHOUT_POSITION = "without_position"


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
    """Reach over all communities, in the order they came; and what each point has within the radius."""

    within_km: float
    communities: tuple[Reached, ...]
    within_reach_of: Mapping[int, tuple[int, ...]]
    """Of each open point with books, the communities within the radius, nearest first."""
    children_covered: int
    children_known: int
    """Children (人) in covered communities and in all, over those communities whose number is known."""

    def count(self, outcome: Outcome) -> int:
        """How many communities (个) have this outcome."""
        return sum(one.outcome is outcome for one in self.communities)

    @property
    def known(self) -> int:
        """How many communities (个) the register holds: the M of every N of M."""
        return len(self.communities)


def reach(points: Iterable[Supply], communities: Sequence[Demand], within_km: float) -> Reach:
    """Decide for every community. Points that are closed, empty or without position reach nobody.

    Where two points are equally near, the one with the lower id is named. Raises ValueError for a radius that
    is not above zero.
    """
    if not within_km > 0:
        raise ValueError(f"not a radius in km: {within_km}")
    sites = _sites(points)
    exact = {point.id: point.exact for at in sites.values() for point in at}
    reached: list[Reached] = []
    near: list[tuple[int, float, int]] = []
    for demand, candidates in zip(communities, _candidates(sites, communities, within_km), strict=True):
        reached.append(_decide(demand, candidates, within_km, exact))
        near.extend((point_id, km, demand.id) for km, point_id in candidates if km <= within_km)
    counted = [(demand.children, one) for demand, one in zip(communities, reached, strict=True) if demand.children]
    return Reach(
        within_km=within_km,
        communities=tuple(reached),
        within_reach_of=_by_point(exact, near),
        children_covered=sum(children for children, one in counted if one.outcome is Outcome.COVERED),
        children_known=sum(children for children, _ in counted),
    )


def _sites(points: Iterable[Supply]) -> dict[Position, list[Supply]]:
    """Open points with books, by position: points placed at the same town are measured once."""
    sites: dict[Position, list[Supply]] = {}
    for point in sorted(points, key=lambda point: point.id):
        if point.is_open and point.copies > 0 and point.position is not None:
            sites.setdefault(point.position, []).append(point)
    return sites


def _candidates(
    sites: Mapping[Position, list[Supply]], communities: Sequence[Demand], within_km: float
) -> list[list[tuple[float, int]]]:
    """For each community its points as (km, id), nearest first: all within the radius, one anyway."""
    positions = list(sites)
    found: list[list[tuple[float, int]]] = [[] for _ in communities]
    placed = [(index, demand.position) for index, demand in enumerate(communities) if demand.position is not None]
    if not positions or not placed:
        return found
    tree = cKDTree(_earth_centred(positions))
    targets = _earth_centred([position for _, position in placed])
    _, first = tree.query(targets)
    radii = [
        max(within_km, _km(position, positions[int(nearest)])) * 1000 + _SLACK_M
        for (_, position), nearest in zip(placed, first, strict=True)
    ]
    for (index, position), balls in zip(placed, tree.query_ball_point(targets, r=radii), strict=True):
        measured = [(_km(position, positions[site]), positions[site]) for site in balls]
        found[index] = sorted((km, point.id) for km, site in measured for point in sites[site])
    return found


def _decide(
    demand: Demand, candidates: list[tuple[float, int]], within_km: float, exact: Mapping[int, bool]
) -> Reached:
    if demand.position is None:
        return Reached(demand.id, Outcome.WITHOUT_POSITION)
    if not candidates:
        return Reached(demand.id, Outcome.NOT_COVERED, approximate=not demand.exact)
    km, point_id = candidates[0]
    outcome = Outcome.COVERED if km <= within_km else Outcome.NOT_COVERED
    return Reached(demand.id, outcome, point_id, km, approximate=not (demand.exact and exact[point_id]))


def _by_point(ids: Iterable[int], near: list[tuple[int, float, int]]) -> dict[int, tuple[int, ...]]:
    by_point: dict[int, list[int]] = {point_id: [] for point_id in ids}
    for point_id, _, community_id in sorted(near):
        by_point[point_id].append(community_id)
    return {point_id: tuple(found) for point_id, found in by_point.items()}


def _km(one: Position, other: Position) -> float:
    return float(geodesic(one, other).km)


def _earth_centred(positions: Sequence[Position]) -> NDArray[np.float64]:
    """Metres from the centre of the Earth along three axes, on the ellipsoid of WGS-84."""
    degrees = np.asarray(positions, dtype=np.float64)
    lat, lon = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    squashed = (1 - _FLATTENING) ** 2
    radius = _EQUATOR_M / np.sqrt(np.cos(lat) ** 2 + squashed * np.sin(lat) ** 2)
    across = radius * np.cos(lat)
    return np.column_stack((across * np.cos(lon), across * np.sin(lon), radius * squashed * np.sin(lat)))
