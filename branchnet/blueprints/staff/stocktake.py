"""One stocktake on one page: what is on the road, what was counted, and, once it is over, what did not match."""

from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.batches import queries as batches
from branchnet.batches.stocktaking import queries
from branchnet.batches.stocktaking.queries import CaseRow, Head, TitleRow
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.differing import alike_on
from branchnet.blueprints.staff.root import blueprint, local_time, writes
from branchnet.blueprints.staff.stocktake_words import ends_of_case, way_words
from branchnet.blueprints.staff.words import verb_words
from branchnet.stock.finding import normal

SCANS_SHOWN = 12
"""Copies that are seen while more are scanned: each scan sends them anew."""
TITLES_PAGE = 60
"""Titles on one page of numbers."""
CASES_PAGE = 50
"""Open differences on one page, each with the form that closes it."""


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"way_words": way_words, "verb_words": verb_words}


@blueprint.get("/stocktakes/<number>")
@require("batch.see")
def stocktake(number: str) -> str:
    """A stocktake: while it goes on with what one counts into, afterwards with its differences."""
    return show(number, Refusal())


def head_seen(number: str) -> Head:
    """The stocktake of a number, of the network that the address names or else one's own. Raises NotFound."""
    who = staff()
    network = request.args.get("network") or who.act.network.slug
    return queries.head_of(who.networks, number, network, who.act.today())


def foreign(head: Head) -> str | None:
    """What links name where the stocktake is another network's."""
    return None if head.stocktake.network_id == staff().network_id else head.network


def show(number: str, refusal: Refusal, done: dict[str, Any] | None = None) -> str:
    """The page; with a refusal, as it was sent and why not; with what was done, that."""
    head = head_seen(number)
    day = staff().act.today()
    if not head.counting:
        return render_template("staff/stocktakes/over.html", **_over(head), refusal=refusal, day=day)
    text, page = normal(request.args.get("q", "")), max(request.args.get("page", 1, type=int), 1)
    titles = [row for row in queries.titles_of(head.stocktake) if text in row.name]
    return render_template(
        "staff/stocktakes/counting.html",
        **counted(head),
        refusal=refusal,
        done=done or {},
        day=day,
        language_next=url_for("staff.stocktake", number=number, network=foreign(head)),
        road=queries.road_of(head.stocktake, day),
        titles=_page_of(titles, page),
        title_count=len(titles),
        text=text,
        page=page,
        pages=max(-(-len(titles) // TITLES_PAGE), 1),
        items=queries.items_of(head.stocktake),
    )


def _page_of(titles: list[TitleRow], page: int) -> list[TitleRow]:
    return titles[(page - 1) * TITLES_PAGE : page * TITLES_PAGE]


def counted(head: Head) -> dict[str, Any]:
    """What changes with every scan: the figures and the last copies."""
    scans = queries.last_scans(head.stocktake, SCANS_SHOWN) if head.stocktake.way == "scan" else []
    return {
        "head": head,
        "stocktake": head.stocktake,
        "foreign": foreign(head),
        "writes": writes(head.stocktake.network_id),
        "tally": queries.tally_of(head.stocktake),
        "scans": [(row, local_time(row.at, head.time_zone)) for row in scans],
    }


def _over(head: Head) -> dict[str, Any]:
    found = head.stocktake
    cases = queries.cases_of(found)
    open_ones, page = [row for row in cases if row.closed_on is None], max(request.args.get("page", 1, type=int), 1)
    closed_ones = [row for row in cases if row.closed_on is not None]
    shown, closed_shown = (rows[(page - 1) * CASES_PAGE : page * CASES_PAGE] for rows in (open_ones, closed_ones))
    return {
        "head": head,
        "stocktake": found,
        "foreign": foreign(head),
        "writes": writes(found.network_id),
        "tally": queries.tally_of(found),
        "open_ones": [{"row": row, "ends": _ends(row), "to_name": row.lot_id is None} for row in shown],
        "alike": alike_on(_missing(open_ones), ends_of_case("short", coded=False, rough=False)),
        "open_count": len(open_ones),
        "page": page,
        "pages": max(-(-max(len(open_ones), len(closed_ones)) // CASES_PAGE), 1),
        "closed_ones": closed_shown,
        "closed_count": len(closed_ones),
        "standing": [row for row in closed_shown if row.entry_id is not None],
        "standing_count": sum(row.entry_id is not None for row in closed_ones),
        "lots": [(lot.id, lot.title) for lot in batches.counted_lots_at(found.network_id, found.place_id)],
        "items": queries.items_of(found),
        "begun_at": local_time(found.begun_at, head.time_zone),
        "language_next": url_for("staff.stocktake", number=found.number, network=foreign(head)),
    }


def _missing(open_ones: list[CaseRow]) -> list[CaseRow]:
    """Those that can end alike: where the books had a rough number, a miscount means something else."""
    return [row for row in open_ones if row.kind == "short" and row.quality in (None, "exact")]


def _ends(row: CaseRow) -> list[tuple[str, str]]:
    return ends_of_case(row.kind, row.barcode is not None, row.quality not in (None, "exact"))
