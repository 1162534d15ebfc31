"""Service points, as staff need them: what stands there and whom to call."""

from flask import render_template

from branchnet.access.guards import require, staff
from branchnet.access.queries import teachers
from branchnet.batches.queries import not_counted
from branchnet.blueprints.staff.root import blueprint
from branchnet.points.queries import points_on
from branchnet.stock.queries import copies_at


@blueprint.get("/points")
@require("point.see")
def points() -> str:
    """The points of one's own network, by name."""
    who = staff()
    day = who.act.today()
    rows = points_on([who.network_id], day)
    names: dict[int, list[str]] = {}
    for person in teachers(who.network_id, day):
        for point_id in person.point_ids:
            names.setdefault(point_id, []).append(person.name)
    return render_template(
        "staff/points.html",
        points=rows,
        copies=copies_at(who.network_id, [point.place_id for point in rows]),
        waiting=not_counted([who.network_id]),
        teachers=names,
        day=day,
    )
