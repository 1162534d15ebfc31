"""What the map's page fetches: marks as few bytes, and a card by id when one is opened."""

import gzip
import json
from typing import Any

from flask import Response, current_app, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.rules import may
from branchnet.blueprints.api import blueprint
from branchnet.config import Settings
from branchnet.coverage.cards import CommunityCard, PointCard, community_card, point_card
from branchnet.coverage.cells import counted
from branchnet.coverage.drawn import Asked, asked, map_drawn, points_drawn
from branchnet.coverage.edge import Edge
from branchnet.coverage.light_schemas import (
    CommunityCardData,
    CommunityData,
    DrawnData,
    DrawnQuery,
    LayerQuery,
    PointCardData,
)
from branchnet.coverage.rules import Outcome
from branchnet.coverage.schemas import MapQuery
from branchnet.coverage.sent import cells_sent, communities_sent, points_sent
from branchnet.language import _
from branchnet.points.datum import Datum

NAMED = 12
"""Communities that a card names."""


def edge() -> Edge:
    """The datum of this installation's tiles."""
    settings: Settings = current_app.config["BRANCHNET"]
    return Edge(Datum(settings.tiles_datum if settings.tiles_url else "wgs84"))


def sought(given: dict[str, Any]) -> Asked:
    """What the reader asks for; a box that was told on the map's datum is one of WGS-84."""
    box = given.pop("box", None)
    return asked(staff(), **given, box=None if box is None else edge().into(box))


@blueprint.route("/map/points")  # type: ignore[untyped-decorator]  # flask-smorest has no types
@require("map.see")
@blueprint.arguments(DrawnQuery, location="query", as_kwargs=True)  # type: ignore[untyped-decorator]  # as above
@blueprint.response(200, DrawnData)  # type: ignore[untyped-decorator]  # as above
def map_points(zoom: float, **given: Any) -> Response:
    """Points as they are drawn, without names; of too many, counts by cell."""
    found = sought(given)
    drawn = points_drawn(found)
    if drawn is not None:
        return _columns(points=points_sent(drawn, edge()))
    return _columns(cells=cells_sent(counted(found.slugs, found.day, zoom, found.box), edge()))


@blueprint.route("/map/points/<int:point_id>")  # type: ignore[untyped-decorator]  # as above
@require("map.see")
@blueprint.arguments(MapQuery, location="query", as_kwargs=True)  # type: ignore[untyped-decorator]  # as above
@blueprint.response(200, PointCardData)  # type: ignore[untyped-decorator]  # as above
def map_point(point_id: int, **given: Any) -> dict[str, Any]:
    """A point that was opened: its name, its figures, and the ways to its records."""
    found = sought(given)
    card = point_card(found, point_id)
    point = card.point
    at = (None, None) if point.lat is None or point.lon is None else edge().out(point.lat, point.lon)
    names = ("id", "name", "kind", "copies", "copies_quality", "uncounted", "visits", "loans", "last_month")
    return {
        **{name: getattr(point, name) for name in names},
        "open": point.is_open,
        "approximate": point.rough,
        "lat": at[0],
        "lon": at[1],
        "owed": card.reports.owed,
        "reported": card.reports.reported,
        "turning": None if card.turning.order is None else round(card.turning.order, 1),
        "overdue": card.overdue.deliveries,
        "count": len(card.covers),
        "covers": [one.name for one in card.covers[:NAMED]],
        "links": _links(found, card),
    }


@blueprint.route("/map/communities")  # type: ignore[untyped-decorator]  # as above
@require("map.see")
@blueprint.arguments(LayerQuery, location="query", as_kwargs=True)  # type: ignore[untyped-decorator]  # as above
@blueprint.response(200, CommunityData)  # type: ignore[untyped-decorator]  # as above
def map_communities(**given: Any) -> Response:
    """Communities as they are drawn, and which are reached."""
    found = map_drawn(sought(given))
    return _columns(communities=None if found is None else communities_sent(found[1], edge()))


@blueprint.route("/map/communities/<int:community_id>")  # type: ignore[untyped-decorator]  # as above
@require("map.see")
@blueprint.arguments(MapQuery, location="query", as_kwargs=True)  # type: ignore[untyped-decorator]  # as above
@blueprint.response(200, CommunityCardData)  # type: ignore[untyped-decorator]  # as above
def map_community(community_id: int, **given: Any) -> dict[str, Any]:
    """A community that was opened, and the nearest open point with books."""
    found = sought(given)
    card = community_card(found, community_id)
    one, reached = card.community, card.reached
    lat, lon = (None, None) if one.lat is None or one.lon is None else edge().out(one.lat, one.lon)
    return {
        "name": one.name,
        "kind": one.kind,
        "town": one.town,
        "lat": lat,
        "lon": lon,
        "outcome": reached.outcome,
        "approximate": one.rough,
        "nearest": None if card.nearest is None else card.nearest.name,
        "nearest_approximate": card.nearest is not None and card.nearest.rough,
        "km": reached.km,
        "links": community_links(found, card),
    }


def _columns(**columns: Any) -> Response:
    """Columns as we made them: to check each number of ten thousand rows would take longer than all else."""
    body = json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode()
    answer = Response(mimetype="application/json", headers={"Vary": "Accept-Encoding"})
    if request.accept_encodings.quality("gzip"):
        body = gzip.compress(body, 6)
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_data(body)
    return answer


def community_links(found: Asked, card: CommunityCard) -> list[dict[str, str]]:
    """Where more is known of a community: its page in one's own register, and the gaps where it is one."""
    who = staff()
    ways = []
    if set(found.slugs) == {who.network_id} and may(who.roles, "point.see"):
        ways.append({"label": _("登记册里的它"), "href": url_for("staff.community", community_id=card.community.id)})
    if card.reached.outcome is Outcome.NOT_COVERED:
        gaps = url_for("manager.coverage", network=found.network.slug, month=found.month, _anchor="s-gaps")
        ways.append({"label": _("看空白点的名单"), "href": gaps})
    return ways


def _links(found: Asked, card: PointCard) -> list[dict[str, str]]:
    code, network = card.point.code, found.slugs[card.point.network_id]
    return [
        {"label": _("看这个服务点"), "href": url_for("manager.point", code=code, network=network)},
        {"label": _("它的月报"), "href": url_for("staff.readings", q=code, network=network)},
        {"label": _("它的批次"), "href": url_for("staff.batches", q=code)},
    ]
