"""What staff decide about a reading: right as it is, asked about, used after all, or set aside."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from marshmallow import fields

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import A_NUMBER, A_TEXT, Sent, read
from branchnet.blueprints.forms import op_id, refused
from branchnet.blueprints.staff.pressed import Answer
from branchnet.blueprints.staff.reading import own
from branchnet.blueprints.staff.reading_page import Desk, month_desk, page, stay_desk
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, NotFound
from branchnet.language import _
from branchnet.readings import commands

VERBS = "<any('accept', 'ask', 'apply', 'set-aside'):verb>"


class ReviewForm(Sent):
    """Which revision, and where words are needed, in which; a missing word is told beside its field.

    ``over``: the number of the revision that held when the page was made.
    """

    revision = fields.Integer(required=True, strict=False, error_messages=A_NUMBER)
    over = fields.Integer(load_default=None, error_messages=A_NUMBER)
    words = fields.String(load_default="", error_messages=A_TEXT)


@blueprint.post(f"/readings/<code>/<month>/{VERBS}")
@require("reading.write")
def month_review(code: str, month: str, verb: str) -> Answer:
    """Decide about a revision of a month."""
    return _review(verb, lambda: month_desk(code, month))


@blueprint.post(f"/readings/<code>/stay/<number>/{VERBS}")
@require("reading.write")
def stay_review(code: str, number: str, verb: str) -> Answer:
    """Decide about a revision of a delivery's stay."""
    return _review(verb, lambda: stay_desk(code, number))


def _review(verb: str, find: Callable[[], Desk]) -> Answer:
    desk, act, form = own(find()), staff().act, f"{verb}-{request.form.get('revision', '')}"
    try:
        sent = read(ReviewForm(), request.form)
        _among(desk, sent["revision"])
        body = {"point": desk.window.point.code, "window": desk.window.key, **sent}
        perform(act, op_id(), f"reading_{verb}", body, lambda: _decide(act, verb, **sent))
    except BranchNetError as error:
        refusal = refused(error, form)
        return page(find(), refusal), refusal.status
    flash(_done(verb), "done")
    return redirect(desk.href, 303)


def _among(desk: Desk, revision_id: int) -> None:
    """Raises NotFound for a revision of another window."""
    if all(one.row.id != revision_id for one in desk.story.sendings):
        raise NotFound(revision_id=revision_id)


def _decide(act: Act, verb: str, revision: int, words: str, over: int | None) -> dict[str, Any]:
    if verb == "apply":
        return {"receipt": commands.apply_held(act, revision, over).number}
    if verb == "accept":
        commands.accept(act, revision)
    elif verb == "ask":
        commands.send_back(act, revision, words)
    else:
        commands.set_aside(act, revision, words)
    return {}


def _done(verb: str) -> str:
    words = {
        "accept": _("记下了：看过，没有问题。"),
        "ask": _("问题发给老师了：老师打开自己的链接就看到。"),
        "apply": _("这一份用上了。"),
        "set-aside": _("记下了：这一份不用，老师看得到为什么。"),
    }
    return words[verb]
