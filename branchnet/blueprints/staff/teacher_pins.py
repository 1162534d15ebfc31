"""PINs for many teachers at once, on a sheet of their own: together with its card a PIN opens a link on any phone."""

from flask import flash, redirect, render_template, request, url_for
from marshmallow import fields
from werkzeug.wrappers import Response

from branchnet.access import pins
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.queries import Teacher, teachers
from branchnet.access.sent import A_NUMBER, Sent, read
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.staff.matching import names_apart
from branchnet.blueprints.staff.root import blueprint
from branchnet.language import _
from branchnet.points.queries import points_on


class SheetForm(Sent):
    """For whom: all who have no PIN that can be used; or, ``anew``, a page of all."""

    anew = fields.Boolean(load_default=False, error_messages={"invalid": "kind"})
    page = fields.Integer(load_default=1, error_messages=A_NUMBER)


@blueprint.post("/teachers/pins/sheet")
@require("link.manage")
def pin_sheet() -> str | Response:
    """Make them, and show them this once: they go into no outcome, for outcomes are kept."""
    who, sent, operation = staff(), read(SheetForm(), request.form), op_id()
    everybody = teachers(who.network_id, who.act.today())
    hashed = pins.hashed_pins(who.act, _meant(everybody, **sent), operation)

    def effect() -> Outcome:
        return {"people": pins.keep_pins(who.act, hashed, sent["anew"])}

    made = perform(who.act, operation, "make_pins", sent, effect)["people"]
    if not made:
        flash(_("老师都有 PIN 了，没有要生成的。"), "info")
        return redirect(url_for("staff.teachers"), 303)
    return _sheet(everybody, made, pins.pins_made(who.act, made, operation))


def _meant(everybody: list[Teacher], anew: bool, page: int) -> list[int]:
    live = [one for one in everybody if one.link == "live"]
    if not anew:
        return [one.person_id for one in live if one.pin != "set"][: pins.AT_ONCE]
    first = (max(page, 1) - 1) * pins.AT_ONCE
    return [one.person_id for one in live[first : first + pins.AT_ONCE]]


def _sheet(everybody: list[Teacher], made: list[int], shown: dict[int, str]) -> str:
    who = staff()
    apart = names_apart(points := points_on([who.network_id], who.act.today()))
    names = {point.id: apart[point.code] for point in points}
    slips = [
        (one.name, [names[point_id] for point_id in one.point_ids], shown[one.person_id])
        for one in everybody
        if one.person_id in shown
    ]
    return render_template(
        "staff/teachers/pins.html",
        slips=slips,
        changed=len(made) - len(slips),
        left=sum(1 for one in everybody if one.link == "live" and one.pin != "set" and one.person_id not in made),
        library=who.act.network.name,
        language_next=url_for("staff.teachers"),
    )
