"""Papers about readings: a blank sheet to tally on (登记表), and a term's use to be stamped (使用情况确认表)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.batches.papers.word import MIMETYPE
from branchnet.blueprints import downloads
from branchnet.blueprints.staff.entered_words import number_words
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.term_papers import term_paper
from branchnet.blueprints.term_words import term_words
from branchnet.calendar.terms import Term, terms_begun
from branchnet.coverage.queries import network_seen
from branchnet.coverage.term_word import TermPaper, terms_word
from branchnet.coverage.terms import terms_of_points
from branchnet.language import _
from branchnet.points.queries import Point, point_on, points_on
from branchnet.readings.queries import Held, earlier

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
    return _printed(_of_one(code), code=code)


@blueprint.get("/readings/confirmation/<code>/paper.docx")
@require("reading.see")
def confirmation_word(code: str) -> Response:
    """The same as Word."""
    asked = _of_one(code)
    return _word(asked, f"{code} {asked.points[0].name}")


@blueprint.get("/readings/confirmation")
@require("reading.see")
def confirmations() -> str:
    """The same for all points that were open in the term, page by page."""
    return _printed(_of_all())


@blueprint.get("/readings/confirmation.docx")
@require("reading.see")
def confirmations_word() -> Response:
    """The papers of a page as Word."""
    asked = _of_all()
    return _word(asked, str(asked.page) if asked.pages > 1 else "")


@dataclass(frozen=True, slots=True)
class Papers:
    """Whose papers are asked for, of which term; and those of them on the page that is asked for."""

    act: Act
    points: list[Point]
    terms: list[Term]
    term: Term
    page: int
    pages: int

    def papers(self) -> list[TermPaper]:
        """What they say. A fixed number of statements."""
        some, network = self.points[(self.page - 1) * PAGE : self.page * PAGE], self.act.network
        today = self.act.today()
        found = terms_of_points(self.act.network_id, some, self.term, today, network.min_open_days)
        return [term_paper(one, network.name, running=self.term.last >= today) for one in found]


def _of_one(code: str) -> Papers:
    point, act = _point(code)
    told = earlier([act.network_id], [point.id], date.min, act.today())
    terms = terms_begun(act.network_id, act.today(), point.host, _since(told))
    return Papers(act, [point], terms, _asked(terms), 1, 1)


def _of_all() -> Papers:
    act = Act(network_seen(staff(), request.args.get("network")).id)
    every = [point.id for point in points_on([act.network_id], act.today())]
    told = earlier([act.network_id], every, date.min, act.today())
    terms = terms_begun(act.network_id, act.today(), since=_since(told))
    term = _asked(terms)
    told_of = {held.point_id for held in told if held.first_on <= term.last and held.last_on >= term.first}
    points = [
        point for point in points_on([act.network_id], term.last) if point.id in told_of or _was_there(point, term)
    ]
    pages = max(-(-len(points) // PAGE), 1)
    return Papers(act, points, terms, term, min(max(request.args.get("page", 1, type=int), 1), pages), pages)


def _since(told: list[Held]) -> date | None:
    """The first day of which an earlier term or year tells."""
    return min((held.first_on for held in told), default=None)


def _printed(asked: Papers, **address: Any) -> str:
    network = _foreign(asked.act)
    return render_template(
        "staff/readings/confirmation.html",
        papers=asked.papers(),
        count=len(asked.points),
        page=asked.page,
        pages=asked.pages,
        terms=[(one.key, term_words(one)) for one in asked.terms],
        term=asked.term,
        network=network,
        point=asked.points[0] if address else None,
        word_href=url_for(
            f"{request.endpoint}_word",
            **address,
            term=asked.term.key,
            network=network,
            page=None if asked.pages == 1 else asked.page,
        ),
        language_next=url_for(str(request.endpoint), **address, term=asked.term.key, network=network),
    )


def _word(asked: Papers, about: str) -> Response:
    name = " ".join(filter(None, [_("使用情况确认表"), about, term_words(asked.term)]))
    return downloads.as_file(terms_word(asked.papers()), f"{name}.docx", MIMETYPE)


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
