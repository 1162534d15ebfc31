"""The manager's pages: where children have books within reach, and what a point holds. Reads facts, writes nothing."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from marshmallow import ValidationError

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.scope import networks_named
from branchnet.blueprints.point_pages import life_shown, titles_shown
from branchnet.coverage.map import shell
from branchnet.coverage.past import read_at, read_of
from branchnet.coverage.plot import MARKERS, drawn
from branchnet.coverage.queries import AskedMap, asked_map, last_day, months_with_facts, network_seen, point_page
from branchnet.coverage.schemas import MapPageQuery
from branchnet.coverage.view import MapView, PointOnMap
from branchnet.coverage.words import batch_kinds, map_words, point_kinds
from branchnet.errors import Invalid, NotFound
from branchnet.language import _, month_name
from branchnet.points.life.queries import hand_overs_of
from branchnet.points.queries import point_on

blueprint = Blueprint("manager", __name__, url_prefix="/manage")

RADII_KM = (1.0, 2.0, 3.0, 5.0, 10.0)
ROWS_A_PAGE = 200


@blueprint.get("/map")
@require("map.see")
def map_page() -> str:
    """The map, its figures, and the same points as a table."""
    try:
        asked = MapPageQuery().load(request.args)
    except ValidationError as error:
        raise Invalid(fields=dict.fromkeys(error.messages_dict, "month")) from error
    page = asked.pop("page")
    found = asked_map(staff(), **asked)
    view = found.view
    return render_template(
        "manager/map.html",
        drawn=shell(view.area_codes, lambda path: url_for("static", filename=path)),
        view=view,
        network=found.network,
        as_of=last_day(view.month, found.today),
        point_href=lambda one: href(found, one),
        data_href=url_for("api.map_data", network=found.network.slug, month=view.month, within=f"{view.within_km:g}"),
        choices=_choices(found),
        kinds=point_kinds(),
        words=map_words(),
        rows=view.points[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        pages=_pages(found, page),
    )


@blueprint.get("/points/<code>")
@require("point.see")
def point(code: str) -> str:
    """A point: what it is, its life on a line of time, what it holds, what it reported, which batches touched it."""
    network = network_seen(staff(), request.args.get("network"))
    today = Act(network.id).today()
    found = point_on([network.id], code, today)
    known = point_page(found, today)
    return render_template(
        "manager/point.html",
        page=known,
        life=life_shown(found, network, today),
        titles=titles_shown(found, network),
        past=read_of(known.months, known.states, today),
        network=network,
        is_open=found.open_on(today),
        hand_overs=hand_overs_of(network.id, found.id),
        kinds=point_kinds(),
        batch_kinds=batch_kinds(),
    )


@blueprint.get("/points/<code>/<what>.svg")
@require("reading.see")
def point_plot(code: str, what: str) -> Response:
    """A point's visits, loans or copies by month, drawn."""
    if what not in MARKERS or what == "completeness":
        raise NotFound(what=what)
    network = network_seen(staff(), request.args.get("network"))
    today = Act(network.id).today()
    past = read_at(point_on([network.id], code, today), today)
    return Response(
        drawn(what, [one.month for one in past], [getattr(one, what) for one in past]), mimetype="image/svg+xml"
    )


def href(found: AskedMap, one: PointOnMap) -> str:
    """A point's page. Codes are unique within a network, so that its name goes with them."""
    return url_for("manager.point", code=one.code, network=found.slugs[one.network_id])


def _pages(found: AskedMap, page: int) -> dict[str, Any]:
    """Which page of the table this is, of how many, and where the ones beside it are."""
    last = max(1, -(-len(found.view.points) // ROWS_A_PAGE))
    asked: dict[str, Any] = {
        "network": found.network.slug,
        "month": found.view.month,
        "within": f"{found.view.within_km:g}",
    }
    beside = {
        number: url_for("manager.map_page", page=number, **asked)
        for number in (page - 1, page + 1)
        if 1 <= number <= last
    }
    return {"this": page, "last": last, "before": beside.get(page - 1), "after": beside.get(page + 1)}


def _choices(found: AskedMap) -> dict[str, list[tuple[str, str]]]:
    view: MapView = found.view
    radii = sorted({*RADII_KM, float(found.network.reach_km), view.within_km})
    return {
        "networks": [(network.slug, network.name) for network in networks_named(staff().networks)],
        "months": [(month, month_name(month)) for month in months_with_facts(found.slugs, found.today)],
        "radii": [(f"{km:g}", _("%(km)s 公里", km=f"{km:g}")) for km in radii],
    }
