"""A drawn map as the page fetches it (see ``light_schemas``). Pure."""

from collections.abc import Sequence
from typing import Any

from branchnet.coverage.cells import CellCount
from branchnet.coverage.drawn import Drawn
from branchnet.coverage.edge import Edge
from branchnet.coverage.light import placed
from branchnet.coverage.rules import Outcome
from branchnet.coverage.view import MapView
from branchnet.models.place import POINT_KINDS

MOST_NAMES = 300
"""Names of so many points go along: the map writes them beside the marks."""


def points_sent(drawn: Drawn, edge: Edge) -> dict[str, Any]:
    """The points that have a position, in the order of their ids."""
    rows = sorted(zip(drawn.points, drawn.marks(), strict=True), key=lambda row: row[0].id)
    found = [
        (point, mark, edge.out(point.lat, point.lon))
        for point, mark in rows
        if point.lat is not None and point.lon is not None
    ]
    made = placed([point.id for point, _mark, _at in found], [at for _point, _mark, at in found])
    made["kind"] = "".join(str(POINT_KINDS.index(point.kind)) for point, _mark, _at in found)
    made["mark"] = "".join(str(mark) for _point, mark, _at in found)
    made["rough"] = "".join(str(int(point.rough)) for point, _mark, _at in found)
    if len(found) <= MOST_NAMES:
        made["name"] = [point.name for point, _mark, _at in found]
    return made


def cells_sent(cells: Sequence[CellCount], edge: Edge) -> dict[str, Any]:
    """Cells where they are drawn; a hundredth of a degree is close enough for the middle of one."""
    at = [edge.out(one.lat, one.lon) for one in cells]
    return {
        "lat": [round(lat, 3) for lat, _lon in at],
        "lon": [round(lon, 3) for _lat, lon in at],
        "points": [one.points for one in cells],
    }


def communities_sent(view: MapView, edge: Edge) -> dict[str, Any]:
    """The communities that have a position, and whether each is reached."""
    pairs = sorted(zip(view.communities, view.reach.communities, strict=True), key=lambda pair: pair[0].id)
    found = [
        (one, reached, edge.out(one.lat, one.lon))
        for one, reached in pairs
        if one.lat is not None and one.lon is not None
    ]
    made = placed([one.id for one, _reached, _at in found], [at for _one, _reached, at in found])
    made["covered"] = "".join(str(int(reached.outcome is Outcome.COVERED)) for _one, reached, _at in found)
    made["rough"] = "".join(str(int(one.rough)) for one, _reached, _at in found)
    return made
