"""What a phone has kept comes in: JSON, without a form's token, weeks later, and from a link that has ended too.

Each form's address has one beside it (``…/send``) that only our script uses. See docs/decisions/0023.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify, request, url_for
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest

from branchnet import clock
from branchnet.access.guards import phones_only, public
from branchnet.access.operations import Outcome
from branchnet.access.phones import Phone, SentFor, phone, sent_for, the_phone
from branchnet.blueprints import teacher_kept as kept
from branchnet.blueprints import teacher_pages as pages
from branchnet.blueprints import teacher_windows as windows
from branchnet.blueprints.teacher import blueprint
from branchnet.blueprints.teacher_lessons import keep_lesson, numbers_of
from branchnet.blueprints.teacher_tallies import fields_of
from branchnet.calendar.rules import bounds
from branchnet.errors import BranchNetError, Conflict, Invalid, NotFound
from branchnet.extensions import csrf, limiter
from branchnet.points.queries import Point, points_on
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import months_open
from branchnet.readings.schemas import KeptLesson, reading_schema
from branchnet.words import say

Answer = Response | tuple[Response, int]

OLDEST_CLAIM = timedelta(days=400)
"""A phone whose clock is further off says nothing of when a form was filled in."""
SCRIPTS = ("js/sending.js", "js/worker.js")


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker. Its text changes with the scripts it is made of, which is how a browser knows a new one."""
    addresses = ", ".join(f'"{url_for("static", filename=name)}"' for name in SCRIPTS)
    return Response(f"importScripts({addresses});\n", mimetype="text/javascript")


def _link_holds() -> bool:
    who = phone()
    return who is not None and who.holds


@blueprint.post("/my/<code>/report/<month>/send")
@limiter.limit("60 per hour", exempt_when=_link_holds)
@phones_only
def send_month(code: str, month: str) -> Answer:
    """A month that a phone has kept."""
    return _answer(code, month, _month)


@blueprint.post("/my/<code>/stay/<number>/send")
@limiter.limit("60 per hour", exempt_when=_link_holds)
@phones_only
def send_stay(code: str, number: str) -> Answer:
    """A delivery's stay that a phone has kept."""
    return _answer(code, number, _stay)


@blueprint.post("/my/<code>/lesson/send")
@limiter.limit("60 per hour", exempt_when=_link_holds)
@phones_only
def send_lesson(code: str) -> Answer:
    """A lesson that a phone has kept."""
    return _answer(code, "", _lesson, lambda _done: url_for("teacher.lesson", code=code))


# Not the forms' own addresses, which go on asking for a token: see access.guards.phones_only.
for _view in (send_month, send_stay, send_lesson):
    csrf.exempt(_view)


def _answer(code: str, key: str, take: Any, seen_at: Callable[[Any], str] | None = None) -> Answer:
    """The receipt, or in words what is wrong; either way nothing of what the network holds is told.

    ``seen_at``: the page on which it can be seen, where the link holds; unless told otherwise its receipt.
    """
    who = the_phone()
    try:
        body = _body(who)
        mine = sent_for(who, who.act.today())
        done = take(who, mine, code, key, body)
    except ValidationError as error:
        problems = {name: reasons[0] for name, reasons in error.messages_dict.items()}
        return jsonify(code="invalid", words=list(pages.in_words(problems).values())), 422
    except BranchNetError as error:
        wrong = pages.in_words(error.data.get("fields", {}))
        return jsonify(code=error.reason, words=list(wrong.values()) or list(say(error))), error.status
    seen_at = seen_at or (lambda done: url_for("teacher.receipt", code=code, number=done["receipt"]))
    return kept.receipt_json(done, seen_at(done) if mine.holds else None)


def _body(who: Phone) -> dict[str, Any]:
    """What was sent. Raises Conflict where it was filled in on another person's link, Invalid where it is no JSON."""
    try:
        body = request.get_json()
    except BadRequest:
        raise Invalid("form_incomplete") from None
    if not isinstance(body, dict):
        raise Invalid("form_incomplete")
    if body.get("link") not in (None, "", str(who.link_id)):
        raise Conflict("of_another_link")
    return {name: _storable(value) if isinstance(value, str) else value for name, value in body.items()}


def _storable(text: str) -> str:
    """Without NUL and halves of characters (a cut emoji), which no database keeps: a phone would send them for ever."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _month(who: Phone, mine: SentFor, code: str, month: str, body: dict[str, Any]) -> Any:
    try:
        days = bounds(month)[1].day
    except ValueError:
        raise Invalid("reading", fields={"month": "month"}) from None
    sent = reading_schema(days).load(body)
    open_then = month in months_open(mine.opened_on, mine.closed_on, who.act.today())
    how = _how(mine, body, sent.based_on, None if open_then else "stale")

    def effect() -> Outcome:
        # A question can only stand on what was sent before; nearly all send a month's first numbers.
        if (sent.answer is not None or sent.based_on is not None) and open_then and mine.holds:
            return windows.keep(who.act, windows.month_asked(who.act, _point(who, mine), month), sent, how)
        return kept.told(submit_month(who.act, mine.point_id, month, sent.report, how))

    return kept.keep(who.act, code, month, sent, effect)


def _stay(who: Phone, mine: SentFor, code: str, number: str, body: dict[str, Any]) -> Any:
    form = windows.stay_asked(who.act, _point(who, mine), number)
    sent = reading_schema(form.window.days).load(body)
    how = _how(mine, body, sent.based_on)
    if mine.holds:
        return kept.keep(who.act, code, number, sent, lambda: windows.keep(who.act, form, sent, how))
    return kept.keep(who.act, code, number, sent, lambda: kept.told(form.window.submit(who.act, sent.report, how)))


def _lesson(who: Phone, mine: SentFor, _code: str, _key: str, body: dict[str, Any]) -> Any:
    """Of the day on which the phone says that it was typed. From a link that ended no lesson is taken any more."""
    if not mine.holds:
        raise NotFound("link_ended")
    sent, today = KeptLesson().load(body), who.act.today()
    claimed = _claimed(body.get("claimed_at"))
    on = min(who.act.day_of(claimed), today) if claimed else today
    point = _point(who, mine)
    return keep_lesson(who.act, point, sent["op_id"], numbers_of(fields_of(point), sent), on)


def _point(who: Phone, mine: SentFor) -> Point:
    return points_on([who.network_id], who.act.today(), [mine.point_id])[0]


def _how(mine: SentFor, body: dict[str, Any], based_on: int | None, held: str | None = None) -> Sent:
    """From a link that ended it waits for staff; so does what its form would not have asked for any more."""
    return Sent("link", based_on, _claimed(body.get("claimed_at")), held if mine.holds else "revoked_link")


def _claimed(told: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    near = moment.tzinfo is not None and abs(clock.now() - moment) < OLDEST_CLAIM
    return moment if near else None
