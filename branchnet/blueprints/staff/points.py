"""Service points, as staff need them: what stands there and whom to call."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, request

from branchnet.access.guards import require, staff
from branchnet.access.queries import teachers
from branchnet.access.rules import may
from branchnet.batches.queries import not_counted
from branchnet.blueprints.staff.matching import points_like
from branchnet.blueprints.staff.root import blueprint
from branchnet.points.life.queries import all_names
from branchnet.points.queries import Point, points_on
from branchnet.stock.points import closed_with_books
from branchnet.stock.queries import Held, held_at

PAGE = 100
"""Points on one page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The points of a network on a day that a text finds; ``held`` by place, ``teachers`` by point."""

    points: list[Point]
    text: str
    held: dict[int, Held]
    teachers: dict[int, list[str]]
    day: date


def points_listed() -> Listed:
    """The points of one's own network, by name; those that the text asked for finds, or all."""
    who = staff()
    day, text = who.act.today(), request.args.get("q", "").strip()[:60]
    rows = points_like(points_on([who.network_id], day), text, all_names(who.network_id) if text else {})
    names: dict[int, list[str]] = {}
    for person in teachers(who.network_id, day):
        for point_id in person.point_ids:
            names.setdefault(point_id, []).append(person.name)
    return Listed(rows, text, held_at(who.network_id, [point.place_id for point in rows]), names, day)


@blueprint.get("/points")
@require("point.see")
def points() -> str:
    """The points of one's own network, by name, page by page; or those that a text finds."""
    listed = points_listed()
    pages = max(-(-len(listed.points) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "staff/points.html",
        points=listed.points[(page - 1) * PAGE : page * PAGE],
        count=len(listed.points),
        page=page,
        pages=pages,
        text=listed.text,
        held=listed.held,
        closed=closed_with_books(staff().network_id, listed.day),
        waiting=not_counted([staff().network_id]),
        teachers=listed.teachers,
        day=listed.day,
        opens=may(staff().roles, "stock.open"),
    )
