"""The phones of a teacher: the PIN that a new one is asked for, and one phone that is known no more."""

from flask import flash, redirect, request, url_for
from marshmallow import fields
from werkzeug.wrappers import Response

from branchnet.access import commands, pins
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.staff.root import blueprint
from branchnet.language import _


class AskedForm(Sent):
    """Whether PINs are asked for."""

    asked = fields.Boolean(required=True, error_messages={"required": "required", "invalid": "kind"})


@blueprint.post("/teachers/pins")
@require("link.manage")
def ask_for_pins() -> Response:
    """From now on new phones are asked for a PIN, or are not."""
    who, sent = staff(), read(AskedForm(), request.form)

    def effect() -> Outcome:
        pins.ask_for_pins(who.act, sent["asked"])
        return {}

    perform(who.act, op_id(), "ask_for_pins", sent, effect)
    flash(_("新手机要输 PIN 了。") if sent["asked"] else _("新手机不用输 PIN 了。"), "done")
    return redirect(url_for("staff.teachers"), 303)


@blueprint.post("/teachers/<int:person_id>/pin")
@require("link.manage")
def make_pin(person_id: int) -> Response:
    """A new PIN, shown this once: it goes into no outcome, for outcomes are kept."""
    who, operation = staff(), op_id()

    def effect() -> Outcome:
        pins.make_pin(who.act, person_id, operation)
        return {"person": person_id}

    perform(who.act, operation, "make_pin", {"person": person_id}, effect)
    pin = pins.pin_made(who.act, person_id, operation)
    if pin is None:
        flash(_("这个 PIN 已经换过了。要告诉老师，请再换一个新的。"), "look")
    else:
        flash(_("PIN 是 %(pin)s。只显示这一次，请告诉老师本人，不要和链接发在一起。", pin=pin), "done")
    return redirect(url_for("staff.teacher", person_id=person_id), 303)


@blueprint.post("/teachers/<int:person_id>/devices/<int:device_id>/end")
@require("link.manage")
def end_device(person_id: int, device_id: int) -> Response:
    """One phone is known no more."""
    who = staff()

    def effect() -> Outcome:
        commands.end_device(who.act, person_id, device_id)
        return {}

    perform(who.act, op_id(), "end_device", {"person": person_id, "device": device_id}, effect)
    flash(_("那部手机打不开了，别的手机照旧。"), "done")
    return redirect(url_for("staff.teacher", person_id=person_id), 303)
