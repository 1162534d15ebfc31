"""A map as it was asked for: of which networks, month, radius, layer and box, and the points that are drawn in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import cos, radians
from typing import Any

from branchnet.access.acts import Act
from branchnet.access.scope import below, networks_named
from branchnet.access.sessions import Actor
from branchnet.calendar.rules import month_of
from branchnet.coverage.cells import communities_in, points_in, too_many
from branchnet.coverage.edge import Box
from branchnet.coverage.layer_facts import figures
from branchnet.coverage.layers import Figure, size_mark
from branchnet.coverage.queries import communities, last_day, network_seen, with_totals
from branchnet.coverage.received import in_ledger
from branchnet.coverage.rules import Threshold
from branchnet.coverage.view import MapView, PointOnMap, map_view
from branchnet.coverage.ways import threshold_of
from branchnet.models import Network
from branchnet.points.queries import Point, points_on

KM_A_DEGREE = 111.0
SORTED = ("name", "kind", "copies", "visits", "loans", "last_month", "covers", "figure")


@dataclass(frozen=True)
class Asked:
    """Whose points, at the end of which month, how far counts as within reach, and what is shown of them where."""

    network: Network
    slugs: Mapping[int, str]
    """Of every network in the view, by id."""
    today: date
    month: str
    threshold: Threshold
    layer: str = "books"
    box: Box | None = None
    began: str = ""
    """The month in which the ledger begins: none before it is offered."""

    @property
    def day(self) -> date:
        """The day that all of it is as of."""
        return last_day(self.month, self.today)

    @property
    def within_km(self) -> float:
        """How far counts as within reach, in km of way: never less than the geodesic that it allows."""
        return self.threshold.within_km


@dataclass(frozen=True)
class Drawn:
    """The points of a map, one by one, with what its layer says of them."""

    points: tuple[PointOnMap, ...]
    layer: str
    figures: Mapping[int, Figure]

    @property
    def most(self) -> int:
        """Copies (册) of the fullest point."""
        return max((point.copies for point in self.points), default=0)

    def marks(self) -> list[int]:
        """By point the mark of its layer (see ``layers``)."""
        if self.layer == "books":
            most = self.most
            return [size_mark(point.copies, most, point.is_open) for point in self.points]
        return [self.figures[point.id].mark if point.id in self.figures else 0 for point in self.points]

    def ordered(self, order: str, covers: Mapping[int, Sequence[int]]) -> list[PointOnMap]:
        """The points by a column, by a minus before it from the end; what is not known stands last either way."""
        column, down = order.removeprefix("-"), order.startswith("-")
        if column == "name":
            return list(self.points)[:: -1 if down else 1]
        keys = {point.id: self._key(point, column, covers) for point in self.points}
        known = [point for point in self.points if keys[point.id] is not None]
        return sorted(known, key=lambda one: keys[one.id], reverse=down) + [
            point for point in self.points if keys[point.id] is None
        ]

    def _key(self, point: PointOnMap, column: str, covers: Mapping[int, Sequence[int]]) -> Any:
        if column == "figure":
            found = self.figures.get(point.id)
            return found.order if found is not None else None
        return len(covers.get(point.id, ())) if column == "covers" else getattr(point, column)


def asked(
    who: Actor,
    *,
    network: str | None = None,
    month: str | None = None,
    within: float | None = None,
    layer: str = "books",
    box: Box | None = None,
) -> Asked:
    """What somebody asks for: unless told otherwise of their own network, this month, its own radius.

    Raises NotFound for a network that they may not see, Invalid for a month that has not begun, or before the ledger.
    """
    top = network_seen(who, network)
    today = Act(top.id).today()
    month = month or month_of(today)
    seen = below(top.id, last_day(month, today)) & who.networks
    began = in_ledger(seen, month)
    slugs = {one.id: one.slug for one in networks_named(seen)}
    return Asked(top, slugs, today, month, threshold_of(top, within_km=within), layer, box, began)


def points_drawn(sought: Asked) -> Drawn | None:
    """The points of the map, or None where there are too many to be drawn one by one."""
    ids = _ids(sought, sought.box)
    if ids is None and (sought.box is not None or too_many(sought.slugs)):
        return None
    return _drawn(sought, points_on(sought.slugs, sought.day, ids))


def map_drawn(sought: Asked) -> tuple[Drawn, MapView] | None:
    """The same with who is reached. In a box it is said of the communities in it, by points within reach of it too."""
    box = sought.box and widened(sought.box, sought.within_km)
    ids = _ids(sought, box)
    if ids is None and (box is not None or too_many(sought.slugs)):
        return None
    near = _drawn(sought, points_on(sought.slugs, sought.day, ids))
    register = communities(sought.slugs, *([communities_in(sought.box)] if sought.box else []))
    view = map_view(sought.month, sought.threshold, near.points, register)
    shown = tuple(point for point in near.points if sought.box is None or _inside(point, sought.box))
    return replace(near, points=shown), replace(view, points=shown)


def widened(box: Box, km: float) -> Box:
    """A box with so many km more on every side."""
    south, west, north, east = box
    up = km / KM_A_DEGREE
    aside = up / max(cos(radians(max(abs(south), abs(north)))), 0.01)
    return south - up, west - aside, north + up, east + aside


def _ids(sought: Asked, box: Box | None) -> list[int] | None:
    return None if box is None else points_in(sought.slugs, sought.day, box)


def _drawn(sought: Asked, points: Sequence[Point]) -> Drawn:
    found = with_totals(points, sought.month, sought.today)
    told = figures(sought.layer, points, sought.month, sought.day, sought.today)
    return Drawn(tuple(found), sought.layer, told)


def _inside(point: PointOnMap, box: Box) -> bool:
    south, west, north, east = box
    return point.lat is not None and point.lon is not None and south <= point.lat <= north and west <= point.lon <= east
