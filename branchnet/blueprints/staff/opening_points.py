"""Opening one service point by hand."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.point_words import datum_words
from branchnet.blueprints.staff.positions import asked_only, finding, pin, position_told, town_options
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.words import host_words, point_kind_words
from branchnet.errors import BranchNetError, Conflict
from branchnet.language import _
from branchnet.models.place import HOSTS, POINT_KINDS
from branchnet.points.commands import NewPoint, Position
from branchnet.points.rules import next_code
from branchnet.points.schemas import NewPointForm
from branchnet.points.towns import codes_taken
from branchnet.stock.points import enter_point


@blueprint.get("/points/new")
@require("stock.open")
def new_point() -> str:
    """The form for a new service point."""
    return _page(Refusal())


@blueprint.post("/points/new")
@require("stock.open")
def make_point() -> Response | tuple[str, int]:
    """Open a service point; without a code of its own it gets the next of its kind."""
    who = staff()
    if asked_only():
        return _page(Refusal("new", sent=dict(request.form.items()))), 200
    try:
        sent = read(NewPointForm(), request.form)
        position, town = position_told(who.act, sent)

        def effect() -> dict[str, Any]:
            code = sent["code"] or next_code(sent["kind"], codes_taken(who.network_id))
            enter_point(who.act, _new(who.act, sent, code, position, town.code if town else None))
            return {"code": code}

        done = perform(who.act, op_id(), "open_point", sent, effect)
    except BranchNetError as error:
        refusal = refused(_beside_its_field(error), "new")
        return _page(refusal), refusal.status
    flash(_("%(point)s 登记好了，编号 %(code)s。", point=sent["name"], code=done["code"]), "done")
    return redirect(url_for("staff.point", code=done["code"]), 303)


def _beside_its_field(error: BranchNetError) -> BranchNetError:
    """A code that another point has is told beside the code."""
    taken = isinstance(error, Conflict) and error.reason == "code_known"
    return Conflict("code_known", fields={"code": "code_known"}, **error.data) if taken else error


def _new(act: Act, sent: dict[str, Any], code: str, position: Position, area_code: str | None) -> NewPoint:
    return NewPoint(
        code=code,
        name=sent["name"],
        kind=sent["kind"],
        valid_from=sent["opened_on"] or act.today(),
        host=sent["host"],
        opened_on=sent["opened_on"],
        position=position,
        area_code=area_code,
        open_to_community=sent["open_to_community"],
        pupils=sent["pupils"],
    )


def _page(refusal: Refusal) -> str:
    who = staff()
    taken = codes_taken(who.network_id)
    return render_template(
        "staff/new_point.html",
        refusal=refusal,
        kinds=[(kind, point_kind_words(kind)) for kind in POINT_KINDS],
        hosts=[(host, host_words(host)) for host in HOSTS],
        towns=town_options(who.network_id),
        **finding(who.network_id),
        pin=pin(who.network_id),
        datums=datum_words(),
        example=next_code("mobile_point", taken),
        day=who.act.today(),
    )
