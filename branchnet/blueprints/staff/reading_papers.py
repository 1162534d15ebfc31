"""Papers about readings: a blank sheet to tally on (登记表), and a term's use to be stamped (使用情况确认表)."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.blueprints.staff.entered_words import number_words
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.term_words import state_words, term_words
from branchnet.calendar.terms import Term, terms_begun
from branchnet.coverage.queries import network_seen
from branchnet.coverage.terms import terms_of_points
from branchnet.points.queries import Point, point_on, points_on

PAGE = 50
"""Papers on one page."""
LINES = 20
"""Lessons or days on a blank sheet: it fills one side of A4."""


@blueprint.get("/readings/sheet/<code>")
@require("reading.see")
def reading_sheet(code: str) -> str:
    """A blank sheet with the columns of the form, a row for each lesson or day."""
    point, act = _point(code)
    return render_template(
        "staff/readings/sheet.html",
        point=point,
        library=act.network.name,
        labels=_columns(point),
        lines=LINES,
        network=_foreign(act),
    )


@blueprint.get("/readings/confirmation/<code>")
@require("reading.see")
def confirmation(code: str) -> str:
    """How a term went at a point, to be signed and stamped; ``term``: its first day, without it the latest."""
    point, act = _point(code)
    terms = terms_begun(act.network_id, act.today(), point.host)
    term = _asked(terms)
    return _papers(act, [point], terms, term, code=code)


@blueprint.get("/readings/confirmation")
@require("reading.see")
def confirmations() -> str:
    """The same for all points that were open in the term, page by page."""
    act = Act(network_seen(staff(), request.args.get("network")).id)
    terms = terms_begun(act.network_id, act.today())
    term = _asked(terms)
    points = [point for point in points_on([act.network_id], term.last) if _was_there(point, term)]
    return _papers(act, points, terms, term)


def _papers(act: Act, points: list[Point], terms: list[Term], term: Term, **address: Any) -> str:
    pages = max(-(-len(points) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    some = points[(page - 1) * PAGE : page * PAGE]
    network = act.network
    return render_template(
        "staff/readings/confirmation.html",
        papers=terms_of_points(act.network_id, some, term, act.today(), network.min_open_days),
        count=len(points),
        page=page,
        pages=pages,
        terms=[(one.key, term_words(one)) for one in terms],
        term=term,
        term_name=term_words(term),
        state_words=state_words,
        labels=number_words(),
        library=network.name,
        day=act.today(),
        running=term.last >= act.today(),
        network=_foreign(act),
        point=points[0] if address else None,
        language_next=url_for(str(request.endpoint), **address, term=term.key, network=_foreign(act)),
    )


def _point(code: str) -> tuple[Point, Act]:
    """A point as it is now, of a network that one sees."""
    act = Act(network_seen(staff(), request.args.get("network")).id)
    return point_on([act.network_id], code, act.today()), act


def _foreign(act: Act) -> str | None:
    return None if act.network_id == staff().network_id else act.network.slug


def _asked(terms: list[Term]) -> Term:
    """The term of the address, or the latest: there always is a usual one that has begun."""
    wanted = request.args.get("term", "")
    return next((term for term in terms if term.key == wanted), terms[0])


def _was_there(point: Point, term: Term) -> bool:
    opened, closed = point.opened_on or date.max, point.closed_on or date.max
    return opened <= term.last and closed > term.first and term.host in (None, point.host)


def _columns(point: Point) -> dict[str, str]:
    """The numbers that are tallied there: of the neighbours only where it is open to them."""
    words = number_words()
    return {
        name: words[name]
        for name in words
        if name != "days_open" and (point.open_to_community or not name.startswith("community"))
    }
