"""The administrator: who works here, in which roles, with which sessions open."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access import commands, queries
from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.people_schemas import ColleagueForm
from branchnet.access.sent import read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import local_time, new_op_id
from branchnet.errors import BranchNetError, NotFound
from branchnet.language import _
from branchnet.models.people import ROLES

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

Answer = Response | tuple[str, int]


def role_words(role: str) -> str:
    """What a role is called."""
    return {"clerk": _("外借人员"), "manager": _("馆长"), "admin": _("管理员")}.get(role, role)


@blueprint.get("/people")
@require("people.manage")
def people() -> str:
    """Staff with their roles and sessions, teachers, and what the network has chosen."""
    return _page(Refusal())


def _page(refusal: Refusal) -> str:
    who = staff()
    network = who.act.network
    zone = network.time_zone

    def local(moment: datetime) -> str:
        return local_time(moment, zone)

    return render_template(
        "admin/people.html",
        colleagues=queries.colleagues(who.network_id),
        teachers=queries.teachers(who.network_id, who.act.today()),
        network=network,
        me=who.person_id,
        roles=[(role, role_words(role)) for role in ROLES],
        role_words=role_words,
        local=local,
        new_op_id=new_op_id,
        refusal=refusal,
        chosen=request.form.getlist("roles"),
    )


@blueprint.post("/people")
@require("people.manage")
def add_person() -> Answer:
    """Enter a member of staff, who can sign in at once."""
    who = staff()
    try:
        sent = read(ColleagueForm(), {**request.form, "roles": request.form.getlist("roles")})
        password = sent.pop("password")

        def effect() -> dict[str, Any]:
            person_id = commands.add_person(who.act, sent["display_name"], sent["phone"])
            commands.give_account(who.act, person_id, sent["login"], password, sent["roles"])
            return {"person": person_id}

        # A body that repeats is told by its hash, which is kept: so the password is not in it.
        perform(who.act, op_id(), "add_colleague", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _page(refusal), refusal.status
    flash(_("%(name)s 可以用 %(login)s 登录了。", name=sent["display_name"], login=sent["login"]), "done")
    return redirect(url_for("admin.people"), 303)


@blueprint.post("/people/<int:person_id>/end-sessions")
@require("people.manage")
def end_sessions(person_id: int) -> Response:
    """End all sessions of a person, on every device."""
    who = staff()
    if person_id not in {colleague.person_id for colleague in queries.colleagues(who.network_id)}:
        raise NotFound(person_id=person_id)

    def effect() -> dict[str, Any]:
        return {"ended": commands.end_sessions(who.act, person_id)}

    done = perform(who.act, op_id(), "end_sessions", {"person": person_id}, effect)
    flash(_("已让 %(count)s 处登录退出。", count=done["ended"]), "done")
    return redirect(url_for("admin.people"), 303)
