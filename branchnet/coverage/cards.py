"""What the map says of one point or one community when it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from branchnet.coverage.cells import communities_in
from branchnet.coverage.drawn import Asked, points_drawn, widened
from branchnet.coverage.layer_facts import overdue, reports, turning
from branchnet.coverage.layers import Overdue, Reports, Turning
from branchnet.coverage.queries import communities, with_totals
from branchnet.coverage.rules import Reached
from branchnet.coverage.view import REACHED_KINDS, CommunityOnMap, PointOnMap, map_view
from branchnet.errors import NotFound
from branchnet.models import Community
from branchnet.points.queries import points_on

AROUND_KM = 30.0
"""So far the nearest point is looked for where there are too many to look at all."""


@dataclass(frozen=True)
class PointCard:
    """A point with all that the layers say of it, and the communities within reach of it, nearest first."""

    point: PointOnMap
    reports: Reports
    turning: Turning
    overdue: Overdue
    covers: tuple[CommunityOnMap, ...]


@dataclass(frozen=True)
class CommunityCard:
    """A community, its outcome, and the open point with books that is nearest, where there is one."""

    community: CommunityOnMap
    reached: Reached
    nearest: PointOnMap | None


def point_card(sought: Asked, point_id: int) -> PointCard:
    """What is known of a point. Raises NotFound where it is none that one sees. A fixed number of statements."""
    points = points_on(sought.slugs, sought.day, [point_id])
    shown = with_totals(points, sought.month, sought.today)
    if not shown:
        raise NotFound(point=point_id)
    return PointCard(
        shown[0],
        reports(points, sought.month, sought.today).get(point_id, Reports()),
        turning(points, sought.month, sought.today).get(point_id, Turning()),
        overdue(points, sought.day).get(point_id, Overdue()),
        _covered(sought, shown[0]),
    )


def community_card(sought: Asked, community_id: int) -> CommunityCard:
    """What is known of a community. Raises NotFound where it is none that one sees."""
    found = [one for one in communities(sought.slugs, Community.id == community_id) if one.kind in REACHED_KINDS]
    if not found:
        raise NotFound(community=community_id)
    one, points = found[0], _near(sought, found[0])
    view = map_view(sought.month, sought.threshold, points, found)
    reached = view.reach.communities[0]
    return CommunityCard(one, reached, {point.id: point for point in points}.get(reached.point_id or 0))


def _covered(sought: Asked, point: PointOnMap) -> tuple[CommunityOnMap, ...]:
    if point.lat is None or point.lon is None:
        return ()
    box = widened((point.lat, point.lon, point.lat, point.lon), sought.within_km)
    register = communities(sought.slugs, communities_in(box))
    view = map_view(sought.month, sought.threshold, [point], register)
    by_id: Mapping[int, CommunityOnMap] = {one.id: one for one in view.communities}
    return tuple(by_id[one] for one in view.covers(point))


def _near(sought: Asked, one: CommunityOnMap) -> tuple[PointOnMap, ...]:
    """All points, or where there are too many those around."""
    whole = points_drawn(Asked(sought.network, sought.slugs, sought.today, sought.month, sought.threshold))
    if whole is not None:
        return whole.points
    if one.lat is None or one.lon is None:
        return ()
    box = widened((one.lat, one.lon, one.lat, one.lon), max(sought.within_km, AROUND_KM))
    around = points_drawn(Asked(sought.network, sought.slugs, sought.today, sought.month, sought.threshold, box=box))
    return around.points if around is not None else ()
