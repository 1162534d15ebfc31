"""What a teacher asks for on their link: another day, a longer stay, and the next box."""

from collections.abc import Mapping
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import here, teachers_only
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import queries
from branchnet.batches.asking_schema import StayAnswerForm, WishForm
from branchnet.batches.commands import Wished, answer_stay, wish
from branchnet.batches.incoming import incoming
from branchnet.batches.staying import ANSWERS, longer_until
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.teacher import blueprint, own_point
from branchnet.blueprints.teacher_stays import staying_row
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.words import field_words, say

Page = str | tuple[str, int] | Response


@blueprint.route("/my/<code>/fetch/<number>", methods=["GET", "POST"])
@teachers_only
def fetch(code: str, number: str) -> Page:
    """Before a delivery is fetched: ready, another day, or longer."""
    mine = own_point(code)
    return _answer(mine, number) if request.method == "POST" else _fetch_page(mine, number, {}, {})


def _answer(mine: Point, number: str) -> Page:
    act = here().act
    try:
        one = _staying(mine, number)
        sent = read(StayAnswerForm(), request.form)

        def effect() -> Outcome:
            return {"answer": answer_stay(act, one.id, **sent)}

        perform(act, op_id(), "answer_stay", {"batch": number, **sent}, effect)
    except (Conflict, Invalid) as error:
        page = _fetch_page(mine, number, request.form, _problems(error))
        return (page, error.status) if isinstance(page, str) else page
    flash(_("馆里收到了，会给您回话。") if sent["answer"] != "ready" else _("馆里知道书准备好了。"), "done")
    return redirect(url_for("teacher.point", code=mine.code), 303)


def _staying(mine: Point, number: str) -> queries.Staying:
    """The delivery of a number that still stands at the point. Raises Conflict where it was fetched."""
    for one in queries.staying_at(mine.network_id, mine.place_id):
        if one.number == number:
            return one
    incoming(mine.network_id, mine.place_id, number)
    raise Conflict("collected_already", number=number)


def _fetch_page(mine: Point, number: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str | Response:
    """The page; where the books were fetched meanwhile, the way to the point with a word about it."""
    act = here().act
    today = act.today()
    try:
        one = _staying(mine, number)
    except Conflict as error:
        flash(say(error)[0], "info")
        return redirect(url_for("teacher.point", code=mine.code), 303)
    return render_template(
        "teacher/fetch.html",
        point={"name": mine.name},
        back_href=url_for("teacher.point", code=mine.code),
        stay=staying_row(mine, one, today, act.network.notice_days),
        longer=longer_until(one.due_on or today, today).isoformat(),
        op_ids={answer: str(uuid4()) for answer in ANSWERS},
        values=typed,
        errors=errors,
    )


@blueprint.route("/my/<code>/wish", methods=["GET", "POST"])
@teachers_only
def new_wish(code: str) -> Page:
    """A wish for the next box."""
    mine = own_point(code)
    return _say_wish(mine, None) if request.method == "POST" else _wish_page(mine, None, {}, {})


@blueprint.route("/my/<code>/wish/<int:wish_id>", methods=["GET", "POST"])
@teachers_only
def edit_wish(code: str, wish_id: int) -> Page:
    """A wish that nobody has taken up, said otherwise."""
    mine = own_point(code)
    if request.method == "POST":
        return _say_wish(mine, wish_id)
    found = queries.one_wish(mine.network_id, wish_id)
    if found.point_id != mine.id:
        raise NotFound(wish_id=wish_id)
    if found.closed_on is not None:
        flash(_("馆里已经在办这个心愿了。"), "info")
        return redirect(url_for("teacher.point", code=code), 303)
    return _wish_page(mine, wish_id, _typed(found), {})


def _typed(found: queries.WishRow) -> dict[str, str]:
    values = {"age": found.age, "kind": found.kind, "number": found.number, "note": found.note}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _say_wish(mine: Point, wish_id: int | None) -> Page:
    act = here().act
    try:
        sent = read(WishForm(), request.form)

        def effect() -> Outcome:
            return {"wish": wish(act, mine.id, Wished(**sent), wish_id)}

        perform(act, op_id(), "wish", {"point": mine.code, "wish": wish_id, **sent}, effect)
    except (Conflict, Invalid) as error:
        return _wish_page(mine, wish_id, request.form, _problems(error)), error.status
    flash(_("心愿记下了，馆里配书时会看到。"), "done")
    return redirect(url_for("teacher.point", code=mine.code), 303)


def _wish_page(mine: Point, wish_id: int | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "teacher/wish.html",
        point={"name": mine.name},
        back_href=url_for("teacher.point", code=mine.code),
        href=url_for("teacher.new_wish", code=mine.code)
        if wish_id is None
        else url_for("teacher.edit_wish", code=mine.code, wish_id=wish_id),
        op_id=str(uuid4()),
        values=typed,
        errors=errors,
    )


def _problems(error: Conflict | Invalid) -> dict[str, str]:
    """What is wrong, by field; what has none stands above the form."""
    fields: dict[str, str] = error.data.get("fields", {})
    if not fields:
        return {"form": " ".join(say(error))}
    return {name: field_words(reason) for name, reason in fields.items()}
