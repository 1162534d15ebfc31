"""The first page: the day's work, and what schools answered."""

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.requests.queries import open_requests
from branchnet.access.rules import may
from branchnet.access.succession.queries import undecided
from branchnet.batches import queries
from branchnet.batches.queries import PAGE
from branchnet.batches.stocktaking.queries import stocktakes_counting
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.exchanges import short_at
from branchnet.blueprints.staff.notice_words import answer_words, notices
from branchnet.blueprints.staff.proposals import shown_all
from branchnet.blueprints.staff.root import blueprint, local_time, writes
from branchnet.stock.points import closed_with_books

SHOWN = 5
CALLED = ("fetch", "overdue", "arrived")
"""The sections where somebody at the other end is waited for."""


@blueprint.get("/")
@require("batch.see")
def today() -> str:
    """What is to pack, to send, on the road, not counted, to fetch, overdue, or open; and what schools answered."""
    return show_day(Refusal())


def show_day(refusal: Refusal) -> str:
    """The day; with a refusal, as an answer to a teacher was sent and why not."""
    who = staff()
    day, network = who.act.today(), who.act.network
    sections = queries.the_day(who.networks, day)
    waited_for = [row for section in CALLED for row in sections[section].rows]
    answers, answer_count = queries.answers(who.networks, day, SHOWN)
    return render_template(
        "staff/today.html",
        day=day,
        sections=sections,
        refusal=refusal,
        language_next=url_for("staff.today"),
        notices=notices([*sections["fetch"].rows, *sections["overdue"].rows]) if writes(who.network_id) else {},
        asked=queries.asked_before_fetching(who.networks, day),
        answer_words=answer_words,
        writes_for=writes,
        exchanges=short_at(queries.exchanges_open(who.network_id), day),
        still_there=queries.still_there(
            who.networks, [row.id for row in [*sections["fetch"].rows, *sections["overdue"].rows]]
        ),
        waiting=queries.in_the_workroom(who.networks, [row.id for row in sections["restock"].rows]),
        slow=queries.slow_ones(who.networks, day),
        calls=queries.whom_to_call(who.networks, waited_for, day),
        sums=queries.open_sums(who.networks, [row.id for row in sections["differences"].rows]),
        at_places=queries.open_at_places(who.networks, day),
        counting=stocktakes_counting(who.networks),
        own_slug=network.slug,
        answers=[(answer, local_time(answer.recorded_at, network.time_zone)) for answer in answers],
        answer_count=answer_count,
        closed=closed_with_books(who.network_id, day),
        count_due_days=network.count_due_days,
        road_days=network.road_days,
        writes=writes(who.network_id),
        own=who.network_id,
        proposals=shown_all(),
        decides=may(who.roles, "point.write"),
        asked_of_links=len(open_requests(who.network_id)) + len(undecided(who.network_id)),
        may_open=may(who.roles, "stock.open"),
        teachers_too=may(who.roles, "link.manage"),
        several=len(who.networks) > 1,
    )


@blueprint.get("/answers")
@require("batch.see")
def answers() -> str:
    """All that schools answered in the last days."""
    who = staff()
    page = max(request.args.get("page", 1, type=int), 1)
    zone = who.act.network.time_zone
    rows, count = queries.answers(who.networks, who.act.today(), PAGE, page)
    return render_template(
        "staff/answers.html",
        answers=[(answer, local_time(answer.recorded_at, zone)) for answer in rows],
        count=count,
        page=page,
        pages=max(-(-count // PAGE), 1),
        several=len(who.networks) > 1,
    )
