"""A teacher notes one lesson after the other; the month's form adds them up."""

from collections.abc import Mapping
from datetime import date
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.acts import Act
from branchnet.access.guards import here, teachers_only
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.teacher import blueprint, own_point
from branchnet.blueprints.teacher_kept import by_script, receipt_json
from branchnet.blueprints.teacher_tallies import fields_of, lesson_rows, lesson_words
from branchnet.calendar.rules import bounds, month_of
from branchnet.errors import Conflict, Invalid
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.readings.commands import note_lesson, take_lesson_back
from branchnet.readings.schemas import LessonForm
from branchnet.readings.tallies import lessons
from branchnet.words import field_words, say

Page = str | tuple[str, int] | Response


@blueprint.route("/my/<code>/lesson", methods=["GET", "POST"])
@teachers_only
def lesson(code: str) -> Page:
    """Note one lesson; below stand those of the month."""
    mine = own_point(code)
    if request.method == "GET":
        return _page(mine, {}, {})
    act, fields = here().act, fields_of(mine)
    try:
        numbers = numbers_of(fields, read(LessonForm(), request.form))
        done = keep_lesson(act, mine, op_id(), numbers, act.today())
    except (Conflict, Invalid) as error:
        return _page(mine, request.form, _problems(error)), error.status
    flash(_("记下了：%(what)s。月底可以按记的课填。", what=lesson_words(numbers)), "done")
    href = url_for("teacher.lesson", code=code)
    return receipt_json(done, href) if by_script() else redirect(href, 303)


def numbers_of(fields: tuple[str, str], sent: Mapping[str, int | None]) -> dict[str, int | None]:
    """The visits and loans of a lesson's form, by the names that they have in a reading."""
    return {name: sent[short] for name, short in zip(fields, ("visits", "loans"), strict=True)}


def keep_lesson(act: Act, point: Point, key: str, numbers: Mapping[str, int | None], on: date) -> Outcome:
    """Note a lesson once for its id, whichever way it comes: the form's own, or what a phone has kept."""
    body = {"point": point.code, **numbers}
    done = perform(act, key, "lesson", body, lambda: {"tally": note_lesson(act, point.id, on, numbers)})
    return {"receipt": str(done["tally"])}


@blueprint.post("/my/<code>/lesson/<int:tally_id>/mistake")
@teachers_only
def lesson_mistake(code: str, tally_id: int) -> Page:
    """It was noted by mistake."""
    mine, act = own_point(code), here().act

    def effect() -> dict[str, int]:
        return {"tally": take_lesson_back(act, mine.id, tally_id)}

    try:
        perform(act, op_id(), "lesson_back", {"point": mine.code, "tally": tally_id}, effect)
        flash(_("去掉了，不算在里面。"), "done")
    except Conflict as error:
        flash(" ".join(say(error)), "look")
    return redirect(url_for("teacher.lesson", code=code), 303)


def _page(mine: Point, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    first, last = bounds(month_of(here().act.today()))
    return render_template(
        "teacher/lesson.html",
        point={"name": mine.name},
        back_href=url_for("teacher.point", code=mine.code),
        href=url_for("teacher.lesson", code=mine.code),
        in_school=fields_of(mine)[0] == "in_school_visits",
        op_id=str(uuid4()),
        values=values,
        errors=errors,
        lessons=lesson_rows(mine, lessons(mine.network_id, mine.id, first, last)),
    )


def _problems(error: Conflict | Invalid) -> dict[str, str]:
    fields: dict[str, str] = error.data.get("fields", {})
    if not fields:
        return {"form": " ".join(say(error))}
    return {_short(name): field_words(code) for name, code in fields.items()}


def _short(name: str) -> str:
    return name.rpartition("_")[2]
