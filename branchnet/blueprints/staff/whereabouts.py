"""Places that a form offers: the central shelf or workroom by their kind, points by their code."""

from branchnet.access.guards import staff
from branchnet.blueprints.staff.matching import point_options
from branchnet.errors import Invalid
from branchnet.points.queries import Point, central_place, points_on
from branchnet.words import place_words


def own_points() -> list[Point]:
    """The points of one's own network, by name."""
    who = staff()
    return points_on([who.network_id], who.act.today())


def place_options(*kinds: str) -> list[tuple[str, str]]:
    """The central places of these kinds, then the points that are not closed."""
    today = staff().act.today()
    there = [point for point in own_points() if point.closed_on is None or point.closed_on > today]
    return [*((kind, place_words(kind)) for kind in kinds), *point_options(there)]


def place_asked(where: str, *kinds: str) -> int:
    """The place that a form chose. Raises Invalid for the field ``where``."""
    who = staff()
    if where in kinds:
        return central_place(who.network_id, where)
    for point in own_points():
        if point.code == where:
            return point.place_id
    raise Invalid(fields={"where": "kind"})
