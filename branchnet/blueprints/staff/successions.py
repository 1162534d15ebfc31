"""A teacher hands over to a colleague: staff accept, and the points and a new link are the colleague's; or decline."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.access.succession import commands
from branchnet.access.succession.schemas import DecisionForm
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import Conflict
from branchnet.language import _
from branchnet.words import say


@blueprint.post("/teachers/<int:person_id>/succession")
@require("link.manage")
def decide_succession(person_id: int) -> Response:
    """Accept or decline; after accepting, the colleague's page with the link to copy."""
    who = staff()
    accepted = read(DecisionForm(), request.form)["accepted"]

    def effect() -> Outcome:
        if accepted:
            return {"person": commands.accept(who.act, person_id)}
        commands.decline(who.act, person_id)
        return {"person": person_id}

    try:
        body = {"person": person_id, "accepted": accepted}
        done = perform(who.act, op_id(), "decide_succession", body, effect)
    except Conflict as error:
        flash(" ".join(say(error)), "look")
        return redirect(url_for("staff.teachers"), 303)
    said = (
        _("交接好了：服务点归这位老师，旧链接停了。请复制新链接发过去。")
        if accepted
        else _("没有同意，老师的手机上看得到。")
    )
    flash(said, "done")
    return redirect(url_for("staff.teacher", person_id=done["person"]), 303)
