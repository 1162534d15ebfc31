"""A teacher hands all their points over to a colleague."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import here, teachers_only
from branchnet.access.operations import Outcome, perform
from branchnet.access.seen import mark_of
from branchnet.access.sent import read
from branchnet.access.succession import commands, queries
from branchnet.access.succession.schemas import SuccessorForm
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.teacher import blueprint, own_points
from branchnet.blueprints.teacher_links import problems
from branchnet.errors import Conflict, Invalid
from branchnet.language import _
from branchnet.words import say

Page = str | tuple[str, int] | Response


@blueprint.get("/my-handover")
@teachers_only
def hand_over() -> str:
    """To whom one hands over, and what became of it."""
    return _page({}, {})


@blueprint.post("/my-handover")
@teachers_only
def propose_successor() -> Page:
    """Name a colleague; before staff have decided, the last word counts."""
    act = here().act
    try:
        sent = read(SuccessorForm(), request.form)

        def effect() -> Outcome:
            commands.propose_successor(act, **sent)
            return {}

        # What is kept of an operation is kept for ever: the mark of a name, never the name.
        perform(act, op_id(), "propose_successor", {"mark": mark_of(sent["name"], sent["phone"])}, effect)
    except (Conflict, Invalid) as error:
        return _page(request.form.to_dict(), problems(error)), error.status
    flash(_("告诉馆里了。馆里办好以前，还是由您负责。"), "done")
    return redirect(url_for("teacher.hand_over"), 303)


@blueprint.post("/my-handover/withdraw")
@teachers_only
def withdraw_successor() -> Response:
    """One stays after all."""
    act = here().act

    def effect() -> Outcome:
        commands.withdraw(act)
        return {}

    try:
        perform(act, op_id(), "withdraw_successor", {}, effect)
    except Conflict as error:
        flash(" ".join(say(error)), "look")
    else:
        flash(_("撤回了，还是由您负责。"), "done")
    return redirect(url_for("teacher.hand_over"), 303)


def _page(typed: dict[str, str], errors: dict[str, str]) -> str:
    who = here()
    return render_template(
        "teacher/hand_over.html",
        back_href=url_for("teacher.my"),
        points=[point.name for point in own_points()],
        said=queries.last_word(who.network_id, who.person_id),
        href=url_for("teacher.propose_successor"),
        withdraw_href=url_for("teacher.withdraw_successor"),
        op_ids=[str(uuid4()), str(uuid4())],
        values=typed,
        errors=errors,
    )
