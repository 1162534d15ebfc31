"""Cards for teachers, to be cut out: each with the QR of a personal link."""

from flask import current_app, render_template, request

from branchnet.access import queries
from branchnet.access.guards import require, staff
from branchnet.batches.papers.labels import qr_path
from branchnet.blueprints.staff.matching import names_apart
from branchnet.blueprints.staff.root import blueprint
from branchnet.config import Settings
from branchnet.points.queries import points_on

PAGE = 200
"""Cards at a time: twenty-five sheets of eight."""


@blueprint.get("/teachers/cards")
@require("link.manage")
def teacher_cards() -> str:
    """The cards of all teachers whose link opens, or of those who have not opened theirs (``who=unopened``)."""
    who = staff()
    day = who.act.today()
    chosen = "unopened" if request.args.get("who") == "unopened" else "all"
    asked = [one for one in queries.teachers(who.network_id, day) if chosen == "all" or not one.devices]
    found = [one for one in asked if one.link == "live"]
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    points = {point.id: point for point in points_on([who.network_id], day)}
    apart = names_apart(points.values())
    tokens = queries.live_tokens(who.network_id, [one.person_id for one in shown])
    settings: Settings = current_app.config["BRANCHNET"]
    return render_template(
        "staff/teachers/cards.html",
        cards=[
            (
                one.name,
                [apart[points[point_id].code] for point_id in one.point_ids],
                *qr_path(f"{settings.base_url.rstrip('/')}/t/{tokens[one.person_id]}"),
            )
            for one in shown
        ],
        count=len(found),
        without=len(asked) - len(found),
        chosen=chosen,
        page=page,
        pages=pages,
        library=who.act.network.name,
    )
