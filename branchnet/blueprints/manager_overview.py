"""The director's page: six figures of a period beside the same months a year before, and what asks for a look."""

from typing import Any

from flask import Response, render_template

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.scope import networks_named
from branchnet.batches.queries import Filters, batches_listed
from branchnet.batches.queries.cases import not_counted
from branchnet.blueprints.addresses import from_address
from branchnet.blueprints.manager import blueprint
from branchnet.blueprints.overview_words import figures, period_words, shortcut_words
from branchnet.calendar.rules import bounds
from branchnet.coverage.asleep import PAGE as SLEEPING_A_PAGE
from branchnet.coverage.asleep import asleep, unchanged
from branchnet.coverage.gaps import gaps
from branchnet.coverage.overview import asked_period, by_month, overview, totals
from branchnet.coverage.plot import MARKERS, drawn
from branchnet.coverage.received import ledger_began
from branchnet.coverage.records import PAGE as RECORDS_A_PAGE
from branchnet.coverage.records import points_by
from branchnet.coverage.rules import add_counts
from branchnet.coverage.rules.periods import Period, percent, shortcuts
from branchnet.coverage.schemas import OverviewQuery, PeriodQuery, RecordsQuery, SleepingQuery
from branchnet.coverage.words import point_kinds, unit_kinds
from branchnet.errors import NotFound
from branchnet.models import Network
from branchnet.readings.reporting import reporting

SHOWN = 10
"""Rows of a list of which the rest is on a page of its own."""


@blueprint.get("/")
@require("map.see")
def overview_page() -> str:
    """Figures, networks below, completeness by month, overdue deliveries, sleeping shelves, gaps, plots."""
    wanted = from_address(OverviewQuery())
    quiet = wanted.pop("quiet")
    network, networks, chosen = _period(wanted)
    page = overview(network, networks, chosen)
    ids = page.ids()
    late, late_count = batches_listed(ids, Filters(state="overdue"), page.today, 1, SHOWN, "due")
    sleeping, sleeping_count = asleep(ids, page.today, quiet, 1, SHOWN)
    stale, stale_count = unchanged(ids, page.today, 1, SHOWN)
    named = address(network, chosen)
    return render_template(
        "manager/overview.html",
        page=page,
        named=named,
        period=period_words(chosen),
        shortcuts=[
            (shortcut_words(name), address(network, one), one == chosen) for name, one in shortcuts(chosen.now).items()
        ],
        choices=_choices(),
        figures=figures(page, named),
        rows=[(one, figures(page, address(one, chosen), one.id)) for one in networks] if len(networks) > 1 else [],
        months=[(month, page.summed([month]), page.owed([month])) for month in reversed(page.shown())],
        uncounted=sum(not_counted(ids).values()),
        late=late,
        late_count=late_count,
        sleeping=sleeping,
        sleeping_count=sleeping_count,
        quiet=quiet,
        stale=stale,
        stale_count=stale_count,
        began=min(page.began.values(), default=None),
        slugs={one.id: one.slug for one in networks},
        kinds=point_kinds(),
        gaps=gaps(ids, page.today),
        units=unit_kinds(),
        percent=_percent,
    )


@blueprint.get("/records")
@require("map.see")
def records_page() -> str:
    """The points behind a figure, with what each adds to it, and the sum."""
    wanted = from_address(RecordsQuery())
    network, networks, chosen = _period(wanted)
    ids, today = [one.id for one in networks], Act(network.id).today()
    rows, count = points_by(ids, chosen, min(bounds(chosen.last)[1], today), wanted["sort"], wanted["page"])
    facts, stood = totals(ids, chosen)
    return render_template(
        "manager/records.html",
        rows=rows,
        count=count,
        facts=facts,
        stood=stood,
        period=period_words(chosen),
        network=network,
        named=address(network, chosen),
        sort=wanted["sort"],
        slugs={one.id: one.slug for one in networks},
        kinds=point_kinds(),
        page=wanted["page"],
        pages=max(-(-count // RECORDS_A_PAGE), 1),
    )


@blueprint.get("/sleeping")
@require("map.see")
def sleeping_page() -> str:
    """Every sleeping shelf, or every one without new books."""
    wanted = from_address(SleepingQuery())
    network, networks, _chosen = _period(wanted)
    ids, today = [one.id for one in networks], Act(network.id).today()
    if wanted["what"] == "asleep":
        rows, count = asleep(ids, today, wanted["quiet"], wanted["page"])
    else:
        rows, count = unchanged(ids, today, wanted["page"])
    return render_template(
        "manager/sleeping.html",
        rows=rows,
        count=count,
        what=wanted["what"],
        quiet=wanted["quiet"],
        network=network,
        choices=_choices(),
        slugs={one.id: one.slug for one in networks},
        kinds=point_kinds(),
        page=wanted["page"],
        pages=max(-(-count // SLEEPING_A_PAGE), 1),
    )


@blueprint.get("/plots/<what>.svg")
@require("map.see")
def overview_plot(what: str) -> Response:
    """A number of all points together by month, drawn."""
    if what not in MARKERS:
        raise NotFound(what=what)
    wanted = from_address(PeriodQuery())
    network, networks, chosen = _period(wanted)
    ids = [one.id for one in networks]
    if what == "completeness":
        found = reporting(ids, chosen.first, chosen.last, Act(network.id).today())
        owed = [[found.of(one, month) for one in ids] for month in chosen.months]
        numbers = [_percent(sum(one.reported for one in month), sum(one.owed for one in month)) for month in owed]
    else:
        # What is read in the running month is not there yet: drawn, it would look like a fall.
        last = chosen.last if what == "copies" else chosen.over[-1] if chosen.over else ""
        facts = by_month(ids, chosen.first, last, ledger_began(ids)) if last else {}
        numbers = [add_counts(getattr(facts.get((one, month)), what, None) for one in ids) for month in chosen.months]
    return Response(drawn(what, chosen.months, numbers), mimetype="image/svg+xml")


def _percent(part: int, of: int) -> int | None:
    return percent(part, of) if of else None


def _period(wanted: dict[str, Any]) -> tuple[Network, list[Network], Period]:
    return asked_period(staff(), wanted.get("network"), wanted.get("first"), wanted.get("last"))


def address(network: Network, chosen: Period) -> dict[str, str]:
    """The parts of an address that say which network and which months."""
    return {"network": network.slug, "from": chosen.first, "to": chosen.last}


def _choices() -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in networks_named(staff().networks)]
