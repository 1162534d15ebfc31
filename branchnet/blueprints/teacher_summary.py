"""What a teacher shows the principal: this term and the one before, in plain words, on one page to print."""

from typing import Any

from flask import render_template, url_for

from branchnet.access.acts import Act
from branchnet.blueprints.term_words import partly_words, term_words
from branchnet.calendar.terms import Term, terms_begun
from branchnet.coverage.rules import add_counts
from branchnet.coverage.terms import terms_of_points
from branchnet.points.queries import Point
from branchnet.readings.rules import NUMBERS
from branchnet.words.plausible import number_words

TERMS = 2


def summary_page(act: Act, mine: Point) -> str:
    """The page: visits, loans, days open and books on site by term."""
    today, network = act.today(), act.network
    terms = terms_begun(act.network_id, today, mine.host)[:TERMS]
    return render_template(
        "teacher/summary.html",
        point={"name": mine.name},
        library=network.name,
        day=today,
        terms=[_told(act, mine, term, network.min_open_days) for term in terms],
        back_href=url_for("teacher.point", code=mine.code),
    )


def _told(act: Act, mine: Point, term: Term, minimum: int) -> dict[str, Any]:
    today = act.today()
    [found] = terms_of_points(act.network_id, [mine], term, today, minimum)
    sums = found.sums
    return {
        "name": term_words(term),
        "running": term.last >= today,
        "visits": _both(sums, "visits"),
        "loans": _both(sums, "loans"),
        "days_open": sums["days_open"],
        "days_months": found.months_counted("days_open"),
        "partly": partly_words(found, {name: number_words(name) for name in NUMBERS}),
        "copies": found.books.on_site,
        "quality": found.books.quality,
        "missing": sum(state in ("due", "overdue") for _month, state, _held in found.months),
    }


def _both(sums: dict[str, int | None], what: str) -> int | None:
    return add_counts([sums[f"in_school_{what}"], sums[f"community_{what}"]])
