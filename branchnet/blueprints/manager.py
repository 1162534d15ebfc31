"""The manager's pages: where children have books within reach, and what a point holds. Reads facts, writes nothing."""

from dataclasses import asdict
from datetime import date

from flask import Blueprint, Response, render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.blueprints.point_pages import life_shown, titles_shown
from branchnet.blueprints.staff.reading_words import told
from branchnet.coverage.drawn import Asked
from branchnet.coverage.past import read_at, read_of
from branchnet.coverage.plot import MARKERS, drawn
from branchnet.coverage.queries import AskedMap, network_seen, point_page
from branchnet.coverage.view import PointOnMap
from branchnet.coverage.words import batch_kinds, point_kinds
from branchnet.errors import NotFound
from branchnet.points.communities.queries import area_named
from branchnet.points.life.queries import hand_overs_of
from branchnet.points.queries import point_on
from branchnet.readings.queries import earlier

blueprint = Blueprint("manager", __name__, url_prefix="/manage")


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
        whole=[(held, told(asdict(held))) for held in earlier([network.id], [found.id], date.min, today)],
        past=read_of(known.months, known.states, today),
        network=network,
        is_open=found.open_on(today),
        area=area_named(network.id, found.area_code),
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


def href(found: AskedMap | Asked, one: PointOnMap) -> str:
    """A point's page. Codes are unique within a network, so that its name goes with them."""
    return url_for("manager.point", code=one.code, network=found.slugs[one.network_id])
