"""A teacher hands over to a colleague, a new one or one who is known; staff accept, or decline."""

from collections.abc import Iterable, Mapping

from flask import flash, redirect, request, url_for
from flask_babel import pgettext
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.queries import Teacher
from branchnet.access.sent import read
from branchnet.access.succession import commands
from branchnet.access.succession.queries import Handing, Known, may_take_over
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
    who, sent = staff(), read(DecisionForm(), request.form)
    accepted, successor = sent["accepted"], sent["successor"]

    def effect() -> Outcome:
        if accepted:
            return {"person": commands.accept(who.act, person_id, successor)}
        commands.decline(who.act, person_id)
        return {"person": person_id}

    try:
        body = {"person": person_id, **sent}
        done = perform(who.act, op_id(), "decide_succession", body, effect)
    except Conflict as error:
        flash(" ".join(say(error)), "look")
        return redirect(url_for("staff.teachers"), 303)
    if not accepted:
        said = _("没有同意，老师的手机上看得到。")
    elif successor is None:
        said = _("交接好了：服务点归这位老师，旧链接停了。请复制新链接发过去。")
    else:
        said = _("交接好了：服务点归这位老师，旧链接停了。这位老师自己的链接在下面，打开过的手机照旧能用。")
    flash(said, "done")
    return redirect(url_for("staff.teacher", person_id=done["person"]), 303)


def colleagues(handing: Handing, teachers: Iterable[Teacher], names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Who may be the colleague, to choose from: a new person first, then those of the same name with their points."""
    points = {one.person_id: [names[point_id] for point_id in one.point_ids] for one in teachers}
    known = may_take_over(staff().network_id, handing)
    return [
        ("", _("新登记的老师：%(name)s", name=handing.name)),
        *((str(one.person_id), _told(one, handing, points.get(one.person_id, []))) for one in known),
    ]


def _told(one: Known, handing: Handing, points: list[str]) -> str:
    about = [one.name, *points, *filter(None, [one.phone]), *([pgettext("people", "已离开")] if one.left else [])]
    said = " · ".join(about)
    return _("登记过的：%(said)s", said=said) if one.name == handing.name else said
