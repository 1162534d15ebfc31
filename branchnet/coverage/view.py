"""What the map and its table show at the end of a month: points, communities, and both coverages, never mixed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from branchnet.coverage.rules import (
    Administrative,
    Count,
    Demand,
    Outcome,
    Reach,
    Standing,
    Supply,
    Threshold,
    Unit,
    administrative,
    reach,
)

REACHED_KINDS = frozenset({"village", "residential", "school"})
"""Where children live or learn. Counties and towns hold these: counting both would count a child twice."""


@dataclass(frozen=True, slots=True)
class PointOnMap:
    """A service point at the end of a month, with what the facts say of it."""

    id: int
    network_id: int
    code: str
    name: str
    kind: str
    is_open: bool
    lat: float | None
    lon: float | None
    quality: str | None
    """Of the position: exact, approximate, or None where there is none."""
    area_code: str | None
    copies: int
    """On site at the end of the month (册), with the worst quality of the records behind it."""
    copies_quality: str
    visits: int | None
    loans: int | None
    """Since January, in school and community together (人次, 册次); None where nothing was counted."""
    last_month: str | None
    """The last month that holds a reading."""
    uncounted: int = 0
    """Copies (册) in boxes that are there today and that nobody has counted: not among ``copies``."""
    former: str | None = None
    """What it was called before the name that it had at the end of the month."""
    in_school: bool = False

    @property
    def placed(self) -> bool:
        """Whether it can be drawn."""
        return self.lat is not None and self.lon is not None

    @property
    def rough(self) -> bool:
        """Whether where it is drawn is only approximate."""
        return self.quality == "approximate"


@dataclass(frozen=True, slots=True)
class CommunityOnMap:
    """A community of the register."""

    id: int
    kind: str
    code: str | None
    name: str
    town: str | None
    lat: float | None
    lon: float | None
    quality: str | None
    children: int | None

    @property
    def rough(self) -> bool:
        """Whether where it is drawn is only approximate."""
        return self.quality == "approximate"


@dataclass(frozen=True)
class MapView:
    """Everything of one map. ``communities`` are those that reach is asked of, in the order of its outcomes."""

    month: str
    points: tuple[PointOnMap, ...]
    communities: tuple[CommunityOnMap, ...]
    area_codes: tuple[str, ...]
    """Six-digit codes of the counties in the register: the ground to be drawn."""
    reach: Reach
    administrative: Administrative

    @property
    def reached(self) -> Count:
        """Communities (个) with books within the radius, of all that are known."""
        return Count(self.reach.count(Outcome.COVERED), self.reach.known)

    @property
    def without_position(self) -> int:
        """Communities (个) of which nothing can be said, for nobody knows where they are."""
        return self.reach.count(Outcome.WITHOUT_POSITION)

    @property
    def children(self) -> Count:
        """Children (人) in reached communities, of those that are counted."""
        return Count(self.reach.children_covered, self.reach.children_known)

    def covers(self, point: PointOnMap) -> tuple[int, ...]:
        """The ids of the communities within the radius of a point, nearest first."""
        return self.reach.within_reach_of.get(point.id, ())


def map_view(
    month: str, threshold: Threshold, points: Sequence[PointOnMap], register: Sequence[CommunityOnMap]
) -> MapView:
    """Put points and the register of communities together."""
    communities = tuple(one for one in register if one.kind in REACHED_KINDS)
    return MapView(
        month=month,
        points=tuple(points),
        communities=communities,
        area_codes=tuple(sorted({one.code[:6] for one in register if one.code})),
        reach=reach(
            map(_supply, points),
            [_demand(one) for one in communities],
            threshold.within_km,
            threshold.detour_percent,
        ),
        administrative=administrative(
            (Unit(one.kind, one.code, _exactly(one)) for one in register),
            (Standing(one.area_code, _exactly(one) if one.in_school else None) for one in points if one.is_open),
        ),
    )


def as_columns(view: MapView, href: Callable[[PointOnMap], str]) -> dict[str, Any]:
    """The view as ``schemas.MapData`` sends it, without the network's name; ``href`` gives a point's page."""
    return {
        "month": view.month,
        "points": _point_columns(view, href),
        "communities": _community_columns(view),
        "summary": {
            "within_km": view.reach.within_km,
            "detour_percent": view.reach.threshold.detour_percent,
            **{outcome.value: view.reach.count(outcome) for outcome in Outcome},
            "known": view.reach.known,
        },
    }


def _point_columns(view: MapView, href: Callable[[PointOnMap], str]) -> dict[str, list[Any]]:
    names = ("id", "code", "name", "kind", "lat", "lon", "quality", "copies", "copies_quality", "visits", "loans")
    return {
        **{name: [getattr(point, name) for point in view.points] for name in names},
        "open": [point.is_open for point in view.points],
        "last_month": [point.last_month for point in view.points],
        "uncounted": [point.uncounted for point in view.points],
        "href": [href(point) for point in view.points],
        "covers": [list(view.covers(point)) for point in view.points],
    }


def _community_columns(view: MapView) -> dict[str, list[Any]]:
    reached = view.reach.communities
    return {
        **{
            name: [getattr(one, name) for one in view.communities]
            for name in ("id", "name", "kind", "town", "lat", "lon")
        },
        "outcome": [one.outcome for one in reached],
        "nearest_point_id": [one.point_id for one in reached],
        # To the metre: more would promise what a position cannot hold.
        "km": [None if one.km is None else round(one.km, 3) for one in reached],
        "approximate": [one.approximate for one in reached],
    }


def _supply(point: PointOnMap) -> Supply:
    return Supply(point.id, point.lat, point.lon, point.copies, point.is_open, point.quality == "exact")


def _demand(one: CommunityOnMap) -> Demand:
    return Demand(one.id, one.lat, one.lon, one.children, one.quality == "exact")


def _exactly(one: PointOnMap | CommunityOnMap) -> tuple[float, float] | None:
    """Where it stands, if that is known exactly."""
    return None if one.quality != "exact" or one.lat is None or one.lon is None else (one.lat, one.lon)
