"""Coverage for managers: both definitions and what is in operation, N of M with the list of the others; the gaps."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import render_template, request, url_for
from marshmallow import Schema, ValidationError

from branchnet.access.guards import require, staff
from branchnet.access.rules import may
from branchnet.access.scope import networks_named
from branchnet.blueprints import coverage_words as words
from branchnet.blueprints.manager import blueprint
from branchnet.blueprints.staff.pressed import Answer
from branchnet.blueprints.staff.root import local_time, new_op_id
from branchnet.coverage.asked import AskedCoverage, asked_coverage
from branchnet.coverage.counted import Tally
from branchnet.coverage.page_schemas import GapsQuery, ListQuery
from branchnet.coverage.queries import months_with_facts
from branchnet.coverage.register import DIMENSIONS, RURAL, URBAN, Listed
from branchnet.coverage.rules import Outcome
from branchnet.coverage.statements import says_anything, statements_of
from branchnet.coverage.view import REACHED_KINDS
from branchnet.coverage.ways import WAYS
from branchnet.errors import Invalid
from branchnet.language import _, month_name
from branchnet.words import say

GAPS_A_PAGE = 20
ROWS_A_PAGE = 200
GROUPS_SHOWN = 300


def answered(view: Callable[[], str | Answer]) -> Callable[[], str | Answer]:
    """What cannot be asked is told in the frame of these pages: which part of it, and where to go on."""

    @wraps(view)
    def answer() -> str | Answer:
        try:
            return view()
        except Invalid as error:
            what, todo = say(error)
            begin = error.data.get("begin")
            shown = {"month": begin, "network": request.args.get("network")} if begin else {}
            href = url_for("manager.coverage", **shown)
            return render_template("manager/coverage_refused.html", what=what, todo=todo, href=href), error.status

    return answer


@blueprint.get("/coverage")
@require("map.see")
@answered
def coverage() -> str:
    """N of M under each definition, broken down, the gaps in their order, and what was published."""
    return coverage_page()


def coverage_page() -> str:
    """The same page, for the steps that begin on it."""
    asked = read_query(GapsQuery())
    by, page = asked.pop("by", None), asked.pop("page")
    narrowed = {"county": asked.pop("county"), "urban": asked.pop("urban")}
    found = asked_coverage(staff(), **asked)
    # Who sees several networks begins with a row for each, and goes on from there.
    by = by or ("network" if len(found.networks) > 1 else "county")
    own = found.network.id == staff().network_id
    gaps = _gaps(found, **narrowed)
    return render_template(
        "manager/coverage.html",
        **frame(found),
        by=by,
        groups=_groups(found, by),
        gaps=found.coverage.gaps.at(gaps[(page - 1) * GAPS_A_PAGE : page * GAPS_A_PAGE]),
        gap_count=len(gaps),
        narrowed=narrowed,
        pages=_pages(page, len(gaps), GAPS_A_PAGE, "manager.coverage", {**here(found), "by": by, **narrowed}),
        choices=_choices(found),
        publishes=own and may(staff().roles, "coverage.publish"),
        statements=statements_of(found.network.id),
        public=says_anything(found.network.id),
        new_op_id=new_op_id,
        local=lambda moment: local_time(moment, found.network.time_zone),
    )


@blueprint.get("/coverage/list")
@require("map.see")
@answered
def coverage_list() -> str:
    """The records behind a number: which places, with what became of each."""
    asked = read_query(ListQuery())
    page, by = asked.pop("page"), asked.pop("by", None)
    definition, of_what = asked.pop("definition"), asked.pop("of_what")
    outcome, group, boxes = asked.pop("outcome", None), asked.pop("group"), asked.pop("boxes")
    found = asked_coverage(staff(), **asked)
    tally = tally_of(found, definition, of_what)
    if by and group and not any(one.within(by, group).rows for one in found.coverage.tallies.values()):
        raise Invalid("address_wrong", parts=["group"])
    picked = tally.picked([Outcome(outcome)] if outcome else tally.counted, by, group)
    picked = [index for index in picked if index in tally.boxes] if boxes else picked
    again = {"definition": definition, "of_what": of_what, "outcome": outcome, "by": by, "group": group or None}
    again |= {"boxes": 1} if boxes else {}
    return render_template(
        "manager/coverage_list.html",
        **frame(found),
        tally=tally,
        outcome=outcome,
        only_boxes=boxes,
        group=words.group_words(by, group, _network_names(found)) if by else "",
        count=len(picked),
        rows=picked[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        pages=_pages(page, len(picked), ROWS_A_PAGE, "manager.coverage_list", {**here(found), **again}),
    )


def _gaps(found: AskedCoverage, county: str, urban: str) -> Sequence[int]:
    """Which gaps are asked for, by their place in the order of all of them."""
    rows = found.coverage.tallies["reach", "community"].rows
    if not (county or urban):
        return range(len(found.coverage.gaps))
    return found.coverage.gaps.only(lambda one: county in ("", rows[one].county) and urban in ("", rows[one].urban))


def read_query(schema: Schema) -> dict[str, Any]:
    """What the address asks for. Raises Invalid."""
    try:
        return dict(schema.load(request.args))
    except ValidationError as error:
        raise Invalid("address_wrong", parts=list(error.messages_dict)) from error


def tally_of(found: AskedCoverage, definition: str, of_what: str) -> Tally:
    """One definition over one kind of thing. Raises Invalid where the two do not go together."""
    tally = found.coverage.tallies.get((definition, of_what))
    if tally is None:
        raise Invalid("address_wrong", parts=["of_what"])
    return tally


def here(found: AskedCoverage) -> dict[str, Any]:
    """What every address of these pages carries on."""
    return {"network": found.network.slug, "month": found.coverage.month, "way": found.way}


def frame(found: AskedCoverage) -> dict[str, Any]:
    """What each of these pages needs to say what it shows."""
    return {
        "network": found.network,
        "networks": found.networks,
        "coverage": found.coverage,
        "threshold": found.coverage.reach.threshold,
        "way": found.way,
        "here": here(found),
        "words": words,
        "whats": words.what_words({row.kind for row in found.coverage.tallies["reach", "community"].rows}),
        "outcomes": Outcome,
        "list_href": lambda tally, **more: url_for(
            "manager.coverage_list", **here(found), definition=tally.definition, of_what=tally.of_what, **more
        ),
        "point_href": lambda row: url_for("manager.point", code=row.code, network=found.networks[row.network_id].slug),
        "map_href": _map_href(found),
        "on_map": lambda row: _map_href(found, community=row.id) if row.kind in REACHED_KINDS else None,
        "register_href": _register_href,
    }


def _map_href(found: AskedCoverage, **more: Any) -> str:
    within = f"{found.coverage.reach.within_km:g}"
    return url_for("manager.map_page", network=found.network.slug, month=found.coverage.month, within=within, **more)


def _register_href(row: Listed) -> str | None:
    """Where those who keep the register put a community of their own network right."""
    keeps = row.network_id == staff().network_id and may(staff().roles, "community.write")
    return url_for("staff.community", community_id=row.id) if keeps else None


def _groups(found: AskedCoverage, by: str) -> list[dict[str, Any]]:
    """A row for each group: what it is called, and its share under each definition, in the order of the tallies."""
    shares = [(tally, tally.by(by)) for tally in found.coverage.tallies.values() if tally.share.known]
    names = _network_names(found)
    groups = sorted({group for _tally, one in shares for group in one}, key=lambda group: (not group, group))
    rows = [
        {
            "group": group,
            "label": words.group_words(by, group, names),
            "shares": [(tally, one.get(group)) for tally, one in shares],
            "slug": found.networks[int(group)].slug if by == "network" else None,
        }
        for group in groups
    ]
    return rows[:GROUPS_SHOWN]


def _network_names(found: AskedCoverage) -> dict[str, str]:
    return {str(one.id): one.name for one in found.networks.values()}


def _pages(page: int, count: int, size: int, endpoint: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Which page this is, of how many, and where the ones beside it are."""
    last = max(1, -(-count // size))
    beside = {number: url_for(endpoint, page=number, **asked) for number in (page - 1, page + 1) if 1 <= number <= last}
    return {"this": page, "last": last, "before": beside.get(page - 1), "after": beside.get(page + 1)}


def _choices(found: AskedCoverage) -> dict[str, Sequence[tuple[str, str]]]:
    ways = words.way_words()
    kms = {way: f"{getattr(found.network, column):g}" for way, column in WAYS.items()}
    dimensions = words.dimension_words()
    reached = found.coverage.tallies["reach", "community"]
    if len(found.networks) == 1:
        dimensions.pop("network")
    return {
        "networks": [(network.slug, network.name) for network in networks_named(staff().networks)],
        "months": [(month, month_name(month)) for month in months_with_facts(found.networks, found.today)],
        "ways": [(way, _("%(way)s %(km)s 公里", way=ways[way], km=km)) for way, km in kms.items()],
        "counties": [(one, one) for one in sorted({row.county for row in reached.rows if row.county})],
        "urban": [(name, words.group_words("urban", name, {})) for name in (URBAN, RURAL)],
        "by": [(name, dimensions[name]) for name in DIMENSIONS if name in dimensions],
    }
