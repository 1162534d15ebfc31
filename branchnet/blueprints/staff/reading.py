"""A month or a delivery's stay at the desk: looked at, and entered for a teacher who phones."""

from collections.abc import Callable
from dataclasses import asdict

from flask import flash, redirect, request
from marshmallow import ValidationError

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.blueprints.forms import Refusal, refused
from branchnet.blueprints.staff.pressed import Answer
from branchnet.blueprints.staff.reading_page import Desk, month_desk, page, stay_desk
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Forbidden, Invalid
from branchnet.language import _
from branchnet.readings.commands import enter
from branchnet.readings.looking import REPORTS
from branchnet.readings.schemas import ReadingSchema, Submission


@blueprint.get("/readings/<code>/<month>")
@require("reading.see")
def month_reading(code: str, month: str) -> str:
    """A point's month, with everything that was sent and said."""
    return page(month_desk(code, month), Refusal())


@blueprint.post("/readings/<code>/<month>")
@require("reading.write")
def enter_month(code: str, month: str) -> Answer:
    """Enter or correct it for the teacher."""
    return _enter(lambda: month_desk(code, month))


@blueprint.get("/readings/<code>/stay/<number>")
@require("reading.see")
def stay_reading(code: str, number: str) -> str:
    """A delivery's stay, with everything that was sent and said."""
    return page(stay_desk(code, number), Refusal())


@blueprint.post("/readings/<code>/stay/<number>")
@require("reading.write")
def enter_stay(code: str, number: str) -> Answer:
    """Enter or correct it for the teacher."""
    return _enter(lambda: stay_desk(code, number))


def _enter(find: Callable[[], Desk]) -> Answer:
    """Keep what was typed as what holds now; refused, the page as it is by now with what was typed."""
    desk = own(find())
    try:
        done = _keep(desk, _read(desk))
    except BranchNetError as error:
        refusal = refused(error, "enter")
        return page(find(), refusal), refusal.status
    flash(_("记下了，回执 %(number)s。", number=done["receipt"]), "done")
    return redirect(desk.href, 303)


def own(desk: Desk) -> Desk:
    """The same, where the person signed in may write in it. Raises Forbidden."""
    if not desk.writes:
        raise Forbidden(action="reading.write")
    return desk


def _read(desk: Desk) -> Submission:
    try:
        sent: Submission = ReadingSchema(desk.window.days).load(request.form.to_dict())
    except ValidationError as error:
        raise Invalid(fields={name: reasons[0] for name, reasons in error.messages_dict.items()}) from error
    return sent


def _keep(desk: Desk, sent: Submission) -> Outcome:
    act, window = staff().act, desk.window
    body = {"point": window.point.code, "window": window.key, "based_on": sent.based_on, **asdict(sent.report)}
    return perform(
        act,
        sent.op_id,
        REPORTS,
        body,
        lambda: {"receipt": enter(act, window.submit, sent).number},
    )
