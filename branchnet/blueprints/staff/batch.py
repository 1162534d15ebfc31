"""One batch on one page: where it stands, what is in it, what comes next."""

from datetime import date
from typing import Any

from flask import render_template, request

from branchnet.access.guards import require, staff
from branchnet.batches import queries, rules
from branchnet.batches.counted import suggestions
from branchnet.batches.fetching import fetchable
from branchnet.batches.queries import LINES_PAGE, BatchHead, BoxRow, Contents, Draft, EventRow
from branchnet.batches.settling import SETTLES
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.differing import differences_on
from branchnet.blueprints.staff.notice_words import Notice, answer_words, notices
from branchnet.blueprints.staff.root import batch_href, blueprint, local_time, writes
from branchnet.blueprints.staff.words import goods_words
from branchnet.models.batch import GOODS
from branchnet.trips.queries import trips_of

LINES_PICKED = 12
"""Lines that are seen while more are added: each scan sends them anew."""
STAGE_OF = {
    "drafted": "draft",
    "packed": "packed",
    "dispatched": "dispatched",
    "received": "received",
    "scanned": "received",
    "closed": "closed",
    "cancelled": "cancelled",
}
"""Which step of the drawn life an event reaches."""

STEPS = ("draft", "packed", "dispatched", "received", "closed")
STEPS_OF = {
    "delivery": (*STEPS, "collected"),
    # What comes into the books is there with one act: nothing is packed, and nothing travels.
    "accession": ("entered",),
    "opening": ("entered",),
}
"""The steps drawn of a batch's life, where its kind has other ones than most."""


@blueprint.get("/batches/<number>")
@require("batch.see")
def batch_page(number: str) -> str:
    """A batch, with the last lines added first."""
    return show(number, Refusal())


def show(number: str, refusal: Refusal, done: dict[str, Any] | None = None) -> str:
    """The page of a batch; with a refusal, as it was sent and why not; with what was done, that."""
    head = head_of(number)
    contents = queries.contents_of(head.network_id, head.id, head.state)
    boxes = contents.boxes if head.state == "draft" else queries.boxes_of(head.network_id, head.id)
    events = queries.events_of(head.network_id, head.id)
    own_lots = queries.counted_lots_of(head.network_id, head.id)
    on_the_road = head.state in rules.ON_THE_ROAD
    # Once it is scanned, what is different stands among its differences until they are closed.
    settled_or_coming = head.kind == "return" and head.state != "received"
    waiting = [box for box in boxes if on_the_road and box.arrived_on is not None and box.on_its_way]
    figures = queries.figures_of(head.network_id, head.id) if head.state != "draft" else None
    return render_template(
        "staff/batch.html",
        **picked(head, contents),
        refusal=refusal,
        done=done or {},
        figures=figures,
        counted_off=_counted_off(events, figures.copies) if settled_or_coming and figures else None,
        counts=queries.counts_of(head.network_id, head.id) if head.kind == "return" and figures else None,
        waiting=queries.in_the_workroom([head.network_id], [head.id]).get(head.id, 0),
        settled=queries.settled_in(head.network_id, head.id) if head.kind in SETTLES else [],
        # A refused form's own address cannot be asked for again.
        language_next=batch_href(head),
        stage=head.stage_on(staff().act.today(), bool(waiting)),
        reached=reached(head, events),
        steps=STEPS_OF.get(head.kind, STEPS),
        boxes=boxes,
        uncounted=[box for box in boxes if box.on_its_way and box.number is not None and box.copies],
        events=[(event, local_time(event.recorded_at, head.time_zone)) for event in events],
        **differences_on(head, refusal),
        own_lots=own_lots,
        suggestions=suggestions(head.network_id, head.start.place_id) if head.state == "draft" else [],
        # Another network's trips are not this clerk's to open.
        trips=trips_of(head.network_id, head.id) if head.network_id == staff().network_id else [],
        uncoded=queries.uncoded_on_its_way(head.network_id, head.id) if on_the_road else {},
        count_due=_count_due(waiting),
        boxes_waiting=len(waiting),
        lot_choices=[(lot.id, lot.title) for lot in own_lots],
        day=staff().act.today(),
        missing=_missing(head),
        overdue_days=_overdue_days(head),
        road_late=_road_late(head, waiting),
        reversible=queries.reversible_events(head.network_id, head.id) if writes(head.network_id) else set(),
        uncountable=writes(head.network_id) and any(box.counted_on for box in boxes),
        worth=queries.worth_of_batch(head.network_id, head.id),
        goods=queries.goods_of(head.network_id, head.id),
        exchange=queries.exchange_with(head.network_id, head.id),
        notice=_notice(head),
        answered=queries.last_answers([head.network_id], [head.id]).get(head.id),
        answer_words=answer_words,
        extended=_extended(events),
        wishes=queries.wishes_of(head.network_id, head.id),
        found=queries.found_in(head.network_id, head.id) if head.kind == "return" else 0,
        goods_kinds=[(kind, goods_words(kind)) for kind in GOODS],
    )


def picked(batch: BatchHead | Draft, contents: Contents) -> dict[str, Any]:
    """What changes with every scan: figures, the last lines, and the box that copies go into."""
    numbers = [box.number for box in contents.boxes if box.number]
    wanted = request.values.get("box", type=int)
    size = LINES_PICKED if batch.state == "draft" else LINES_PAGE
    return {
        "batch": batch,
        "writes": writes(batch.network_id),
        "contents": contents,
        "lines": queries.last_lines(batch.network_id, batch.id, size),
        "box_numbers": numbers,
        "box": _box(wanted, numbers),
    }


def _box(wanted: int | None, numbers: list[int]) -> int | str:
    """The box that was asked for; otherwise the newest, for that is the open one. Empty: loose."""
    if wanted in numbers:
        return wanted or ""
    loose = "box" in request.values and wanted is None
    return "" if loose or not numbers else numbers[-1]


def head_of(number: str) -> BatchHead:
    """The batch of a number, of the network that the address names or else one's own. Raises NotFound."""
    who = staff()
    network = request.args.get("network") or who.act.network.slug
    return queries.batch_head(who.networks, number, network, who.act.today())


def reached(head: BatchHead, events: list[EventRow]) -> dict[str, str]:
    """The day of each step that holds; what was taken back is not there any more."""
    days: dict[str, str] = {}
    for event in events:
        if event.step in STAGE_OF:
            days[STAGE_OF[event.step]] = event.happened_on.isoformat()
        elif event.step == "unpacked":
            days.pop("packed", None)
    if head.state != "closed":
        days.pop("closed", None)
    held = {"dispatched": head.dispatched_on, "received": head.received_on, "collected": head.collected_on}
    held["entered"] = head.received_on
    for stage, day in held.items():
        if day is None:
            days.pop(stage, None)
        else:
            days[stage] = day.isoformat()
    return days


def _counted_off(events: list[EventRow], listed: int) -> tuple[int, int] | None:
    """Copies (册) last counted in of a return, and those scanned or else listed; None where they agree."""
    last = {event.step: event.copies for event in events if event.copies is not None}
    counted, recorded = last.get("counted_in"), last.get("scanned", listed)
    return (counted, recorded) if counted is not None and counted != recorded else None


def _count_due(waiting: list[BoxRow]) -> date | None:
    """By when the boxes that are there are to be counted; None where none waits for it."""
    arrived_on = min((box.arrived_on for box in waiting if box.arrived_on), default=None)
    return rules.count_due_on(arrived_on, staff().act.network.count_due_days) if arrived_on else None


def _notice(head: BatchHead) -> Notice | None:
    """The words for the teacher, while a delivery of one's own is out and it is time."""
    out = head.kind == "delivery" and head.state in ("dispatched", "received", "closed") and head.collected_on is None
    return notices([head]).get(head.id) if out and writes(head.network_id) else None


def _missing(head: BatchHead) -> int:
    """Copies (册) of a delivery that is to be fetched which nobody can find."""
    there = head.kind == "delivery" and head.state in ("received", "closed") and head.collected_on is None
    return fetchable(head.network_id, head.end.place_id, [head.id]).missing if there else 0


def _extended(events: list[EventRow]) -> str:
    """From which day to which a delivery was last agreed to stay, and for whom."""
    return next((event.note or "" for event in reversed(events) if event.step == "extended"), "")


def _overdue_days(head: BatchHead) -> int:
    if head.kind != "delivery" or head.due_back_on is None or head.collected_on or head.dispatched_on is None:
        return 0
    return max((staff().act.today() - head.due_back_on).days, 0)


def _road_late(head: BatchHead, arrived: list[BoxRow]) -> int:
    """How many days a batch has been on the road, where that is longer than the library allows; else 0."""
    if head.state != "dispatched" or head.dispatched_on is None or arrived:
        return 0
    who = staff()
    gone = (who.act.today() - head.dispatched_on).days
    return gone if gone > who.act.network.road_days else 0


@blueprint.get("/batches/<number>/lines")
@require("batch.see")
def batch_lines(number: str) -> str:
    """All lines of a batch, page by page; of one box, or those that a text finds."""
    head = head_of(number)
    asked = request.args
    box, text = asked.get("box", type=int), asked.get("q", "").strip()[:60]
    page = max(asked.get("page", 1, type=int), 1)
    lines, count = queries.lines_of(head.network_id, head.id, page, box, text)
    return render_template(
        "staff/lines.html",
        batch=head,
        lines=lines,
        count=count,
        page=page,
        pages=max(-(-count // LINES_PAGE), 1),
        box=box,
        text=text,
        boxes=queries.boxes_of(head.network_id, head.id),
        writes=writes(head.network_id),
    )
