"""A teacher comes in by one personal link: sees their points, takes boxes in, reports months and stays."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from branchnet.access.acts import Act
from branchnet.access.guards import here, teachers_only
from branchnet.access.operations import perform
from branchnet.access.sessions import points_of, teacher
from branchnet.batches.commands.receipt import say_arrived, say_counted
from branchnet.batches.incoming import Incoming, incoming, on_the_way
from branchnet.batches.queries import taken_in, taken_in_lately
from branchnet.batches.receipt_schema import ReceiptSchema, by_field
from branchnet.blueprints import teacher_boxes as boxes
from branchnet.blueprints import teacher_kept as kept
from branchnet.blueprints import teacher_losses as losses
from branchnet.blueprints import teacher_pages as pages
from branchnet.blueprints import teacher_stays as asked
from branchnet.blueprints import teacher_stocktakes as stocktakes
from branchnet.blueprints import teacher_windows as windows
from branchnet.blueprints.teacher_summary import summary_page
from branchnet.blueprints.teacher_tallies import fields_of
from branchnet.calendar.rules import month_of
from branchnet.errors import BranchNetError, Conflict, Invalid, NotFound, SameIdOtherBody
from branchnet.language import _, day_name
from branchnet.points.queries import Point, points_on
from branchnet.readings.commands import Sent
from branchnet.readings.queries import by_receipt, states_told
from branchnet.readings.rules import IN_SCHOOL, months_open
from branchnet.readings.schemas import reading_schema
from branchnet.readings.windows import stays
from branchnet.web import of_library
from branchnet.words import say

blueprint = Blueprint("teacher", __name__)

Page = str | tuple[str, int] | AnyResponse


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    who = teacher()
    return {"network_name": who.act.network.name, "kept_for": who.link_id} if who else {"kept_for": ""}


@blueprint.after_request
def _back_button(response: Response) -> Response:
    """The phone may keep the pages it has shown: going back finds what was typed, not an expired form."""
    if not request.path.startswith("/t/"):
        response.headers["Cache-Control"] = "private, no-cache"
    if "teacher" in g:
        # Whose page it is: the phone keeps it for that link alone, and forgets all where the link has ended.
        response.headers["BranchNet-Link"] = str(g.teacher.link_id) if g.teacher else "ended"
    return response


@blueprint.get("/my")
@teachers_only
def my() -> Page:
    """All points the teacher answers for; who has one point is there at once.

    With a month in the address (as sent to the whole group) that month's form is, or stands first in the list.
    """
    who, points, month = here(), own_points(), request.args.get("month")
    if len(points) == 1:
        library = of_library(request.args.get("in", ""))
        if month in months_open(points[0].opened_on, points[0].closed_on, who.act.today()):
            return redirect(url_for("teacher.report", code=points[0].code, month=month, **library), 303)
        return redirect(url_for("teacher.point", code=points[0].code, **library), 303)
    coming = on_the_way(who.network_id, [point.place_id for point in points])
    owed = [stay for stay in stays(who.network_id, points, pages.LISTED) if stay.state == "overdue"]
    states = _states(points)
    rows = [pages.point_row(point, states.get(point.id, {}), coming, owed, month) for point in points]
    return render_template(
        "teacher/points.html", teacher_name=who.name, points=rows, hand_over_href=url_for("teacher.hand_over")
    )


@blueprint.get("/my/<code>")
@teachers_only
def point(code: str) -> Page:
    """One point: what is to be taken in, what is to be reported, and how it stands with the months before."""
    own, act = own_points(), here().act
    mine, today, due_days = _among(own, code), act.today(), act.network.count_due_days
    closed = mine.stage_on(today) == "closed"
    every = "all" in request.args
    return render_template(
        "teacher/point.html",
        back_href=url_for("teacher.my") if len(own) > 1 else None,
        batches=[
            boxes.batch_row(mine, batch, today, due_days) for batch in on_the_way(mine.network_id, [mine.place_id])
        ],
        stocktake=stocktakes.row_of(mine, stocktakes.going_on(mine)),
        cases=boxes.case_rows(mine, today),
        staying=asked.staying_rows(mine, today, act.network.notice_days),
        wishes=asked.wish_rows(mine, today),
        closed_on=day_name(mine.closed_on, today) if closed and mine.closed_on else None,
        wish_href=None if closed else url_for("teacher.new_wish", code=code),
        received=[boxes.received_row(mine, row, today) for row in taken_in_lately(mine.network_id, mine.place_id)],
        stays=[pages.stay_row(mine, stay) for stay in stays(mine.network_id, [mine], None if every else pages.LISTED)],
        loss_href=url_for("teacher.loss", code=code),
        summary_href=url_for("teacher.summary", code=code),
        change_href=url_for("teacher.point_changes", code=code),
        hand_over_href=url_for("teacher.hand_over"),
        lesson_href=url_for("teacher.lesson", code=code),
        in_school=fields_of(mine) == IN_SCHOOL,
        lesson_op_id=str(uuid4()),
        all_href=None if every or not pages.goes_back(mine, today) else url_for("teacher.point", code=code, all=1),
        **pages.months(mine, _states([mine], every).get(mine.id, {})),
    )


@blueprint.get("/my/<code>/summary")
@teachers_only
def summary(code: str) -> Page:
    """This term and the one before, for the principal."""
    return summary_page(here().act, _among(own_points(), code))


@blueprint.route("/my/<code>/stocktake", methods=["GET", "POST"])
@teachers_only
def stocktake(code: str) -> Page:
    """Count what stands at the point, while the library takes stock there."""
    act, mine = here().act, _among(own_points(), code)
    found = stocktakes.going_on(mine)
    if found is None:
        flash(_("现在没有盘点，不用数。"), "info")
        return redirect(url_for("teacher.point", code=code), 303)
    if request.method == "GET":
        return stocktakes.page(act, mine, found, {}, {})
    typed = request.form.to_dict()
    try:
        copies = stocktakes.save(act, found, typed)
    except BranchNetError as error:
        now = stocktakes.going_on(mine)
        if now is None:
            flash(" ".join(say(error)), "look")
            return redirect(url_for("teacher.point", code=code), 303)
        return stocktakes.page(act, mine, now, typed, stocktakes.in_words(error)), error.status
    flash(_("记下了 %(copies)s 册。没数完的，随时接着数。", copies=f"{copies:,}"), "done")
    return redirect(url_for("teacher.stocktake", code=code), 303)


@blueprint.route("/my/<code>/receive/<number>", methods=["GET", "POST"])
@teachers_only
def receive(code: str, number: str) -> Page:
    """Take a batch in: the boxes came, all is there, or so many in each box."""
    mine = _among(own_points(), code)
    batch = incoming(mine.network_id, mine.place_id, number)
    if request.method == "POST":
        return _take_in(mine, batch)
    if not batch.on_the_road:
        flash(_("这一批已经收下了。"), "info")
        return redirect(url_for("teacher.received", code=code, number=number), 303)
    return boxes.receive_page(here().act, mine, batch, {}, {})


def _take_in(mine: Point, batch: Incoming) -> Page:
    act, typed = here().act, request.form.to_dict()
    try:
        sent = _read_receipt(batch, typed)
        _record(act, batch, sent)
    except ValidationError as error:
        return _asked_anew(mine, batch, typed, pages.in_words(by_field(error.messages_dict)), 422)
    except (Conflict, Invalid, NotFound) as error:
        # Somebody may have counted meanwhile: what is still to be counted is asked for anew, what was typed stays.
        now = incoming(mine.network_id, mine.place_id, batch.number)
        return _asked_anew(mine, now, typed, {"form": " ".join(say(error))}, error.status)
    if sent["action"] == "arrived":
        flash(boxes.arrived_words(act), "done")
        return redirect(url_for("teacher.point", code=mine.code), 303)
    return redirect(url_for("teacher.received", code=mine.code, number=batch.number), 303)


def _read_receipt(batch: Incoming, typed: dict[str, str]) -> dict[str, Any]:
    """What was sent. An old page that confirms more boxes than are left would take in some that never came."""
    by_box = {"counts": boxes.typed_counts(typed), "broken": boxes.typed_broken(typed)}
    sent: dict[str, Any] = ReceiptSchema().load({**typed, **by_box})
    outdated = batch.begun and sent["parts"] != boxes.parts_words(batch)
    if batch.on_the_road and sent["action"] == "confirm" and outdated:
        raise ValidationError({"form": ["counted_before"]})
    return sent


def _asked_anew(mine: Point, batch: Incoming, typed: dict[str, str], problems: dict[str, str], status: int) -> Page:
    """The form with what is wrong; once all is taken in, whatever an old page sent, the receipt."""
    if batch.on_the_road:
        return boxes.receive_page(here().act, mine, batch, typed, problems), status
    flash(_("这一批已经收下了。刚才交的没有再记，收下的数在下面。"), "look")
    return redirect(url_for("teacher.received", code=mine.code, number=batch.number), 303)


def _record(act: Act, batch: Incoming, sent: dict[str, Any]) -> None:
    """What was sent, once: the boxes came, all is there, or so many in each and so many of them broken."""
    action, word = sent["action"], sent["word"].strip() or None
    counts = {number: count for number, count in sent["counts"].items() if count is not None}
    broken = {number: copies for number, copies in sent["broken"].items() if copies}

    def effect() -> dict[str, int]:
        if action == "arrived":
            return say_arrived(act, batch.id)
        if action == "confirm":
            return say_counted(act, batch.id, None, word)
        return say_counted(act, batch.id, counts, word, broken)

    body = {"batch": batch.number, "action": action, "counts": counts, "word": word}
    perform(act, sent["op_id"], "receive", body | ({"broken": broken} if broken else {}), effect)


@blueprint.get("/my/<code>/received/<number>")
@teachers_only
def received(code: str, number: str) -> Page:
    """The receipt for a batch: what was recorded, the same whenever it is asked for."""
    mine = _among(own_points(), code)
    batch = incoming(mine.network_id, mine.place_id, number)
    return boxes.received_page(here().act, mine, number, taken_in(mine.network_id, batch.id))


@blueprint.route("/my/<code>/losses", methods=["GET", "POST"])
@teachers_only
def loss(code: str) -> Page:
    """Books that are gone or broken, outside any batch."""
    mine, typed = _among(own_points(), code), request.form.to_dict()
    if request.method == "GET":
        return losses.loss_page(mine, {}, {})
    try:
        kind, copies = losses.say_it(here().act, mine, typed)
    except (Conflict, Invalid, NotFound) as error:
        return losses.loss_page(mine, typed, losses.problems(error)), error.status
    flash(losses.said_words(kind, copies), "done")
    return redirect(url_for("teacher.point", code=code), 303)


@blueprint.route("/my/<code>/report/<month>", methods=["GET", "POST"])
@teachers_only
def report(code: str, month: str) -> Page:
    """The numbers of a month."""
    form = windows.month_asked(here().act, _among(own_points(), code), month)
    return _send(form) if request.method == "POST" else windows.reading_page(form, fill="fill" in request.args)


@blueprint.route("/my/<code>/stay/<number>", methods=["GET", "POST"])
@teachers_only
def stay(code: str, number: str) -> Page:
    """The numbers of a delivery's stay, on the same form."""
    form = windows.stay_asked(here().act, _among(own_points(), code), number)
    return _send(form) if request.method == "POST" else windows.reading_page(form, fill="fill" in request.args)


def _send(form: windows.Asked) -> Page:
    typed = request.form.to_dict()
    try:
        sent = reading_schema(form.window.days).load(typed)
    except ValidationError as error:
        problems = {name: reasons[0] for name, reasons in error.messages_dict.items()}
        return windows.reading_page(form, typed, pages.in_words(problems)), 422
    who = here()
    how = Sent("link", sent.based_on, confirmed=sent.confirmed)
    try:
        code, key = form.window.point.code, form.window.key
        done = kept.keep(who.act, code, key, sent, lambda: windows.keep(who.act, form, sent, how))
    except SameIdOtherBody as error:
        # What was typed stays, and may be sent again as a change of what holds by now.
        typed.pop("based_on", None)
        return windows.reading_page(form, typed, {"form": " ".join(say(error))}), 409
    except (Conflict, Invalid) as error:
        return _asked_first(form, typed, error)
    return kept.received(code, done)


def _asked_first(form: windows.Asked, typed: dict[str, str], error: Conflict | Invalid) -> Page:
    """The form once more: with what is not plausible, to be confirmed or mended; or with what is to be answered."""
    if "doubts" in error.data:
        if "not_open" in typed:
            return windows.reading_page(form, doubts=error.data["doubts"], asks="not_open"), 422
        return windows.reading_page(form, typed, doubts=error.data["doubts"]), 422
    if error.reason == "not_asked":
        return windows.reading_page(form, typed, {"form": " ".join(say(error))}), error.status
    if "answer" in error.data.get("fields", {}):
        return windows.reading_page(form, typed, pages.in_words(error.data["fields"])), error.status
    raise error


@blueprint.get("/my/<code>/receipt/<number>")
@teachers_only
def receipt(code: str, number: str) -> Page:
    """What the library now has in hand. It comes up only after it was kept."""
    mine = _among(own_points(), code)
    return windows.receipt_page(here().act, mine, by_receipt(mine.network_id, [mine.id], number))


def own_point(code: str) -> Point:
    """The point of a code, where the teacher answers for it. Raises NotFound."""
    return _among(own_points(), code)


def own_points() -> list[Point]:
    """The points that the teacher answers for today, by name."""
    who = here()
    return points_on([who.network_id], who.act.today(), points_of(who.network_id, who.person_id))


def _among(points: list[Point], code: str) -> Point:
    """The point of a code among one's own: any other is not found, whether it exists or not."""
    for point_ in points:
        if point_.code == code:
            return point_
    raise NotFound(code=code)


def _states(points: list[Point], every: bool = False) -> dict[int, dict[str, str]]:
    """By point and month how it stands with the latest months, or with every one since the first opened."""
    act = here().act
    first, last = pages.latest_months(act.today())
    if every:
        first = min([first, *(month_of(point.opened_on) for point in points if point.opened_on)])
    found = states_told(points, first, last, act.today(), act.network.min_open_days) if points else {}
    by_point: dict[int, dict[str, str]] = {}
    for (point_id, month), state in found.items():
        by_point.setdefault(point_id, {})[month] = state
    return by_point
