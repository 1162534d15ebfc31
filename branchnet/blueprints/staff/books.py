"""What stands at a point: by title, barcode or batch, with its sums."""

from datetime import timedelta

from flask import render_template, request

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.batches.queries import cases_at, exchanges_at
from branchnet.batches.stocktaking.queries import counting_at
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.wishes import wishes_listed
from branchnet.coverage.queries import network_seen
from branchnet.models import Network
from branchnet.points.queries import Point, point_on
from branchnet.stock import finding, lives

CLOSED_DAYS = 90
"""For how many days the page tells how a difference ended."""


@blueprint.get("/points/<code>/books")
@require("point.see")
def books(code: str) -> str:
    """A page of the books at a point."""
    network, point = point_seen(code)
    text = finding.normal(request.args.get("q", ""))
    page = max(request.args.get("page", 1, type=int), 1)
    rows, sums = finding.books_at(network.id, point.place_id, text, page)
    where = lives.standings([network.id], [row.id for row in rows], Act(network.id).today()) if rows else {}
    return render_template(
        "staff/books.html",
        point=point,
        network=request.args.get("network"),
        rows=rows,
        sums=sums,
        came={
            lot_id: spot for lot_id, spots in where.items() for spot in spots if spot.spot.place_id == point.place_id
        },
        cases=cases_at(network.id, point.place_id, Act(network.id).today() - timedelta(days=CLOSED_DAYS)),
        stocktake=counting_at(network.id, [point.place_id]).get(point.place_id),
        wishes=wishes_listed(point.id) if writes(network.id) else [],
        exchanges=exchanges_at(network.id, point.place_id),
        writes=writes(network.id),
        text=text,
        page=page,
        pages=max(-(-sums.lots // finding.PAGE), 1),
    )


def point_seen(code: str) -> tuple[Network, Point]:
    """The point of a code in one's own network, or in the one that is named. Raises NotFound."""
    network = network_seen(staff(), request.args.get("network"))
    return network, point_on([network.id], code, Act(network.id).today())
