"""The register of vehicles."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.trips import commands, queries
from branchnet.trips.schemas import EndOfServiceForm, VehicleForm

Answer = Response | tuple[str, int]


@blueprint.get("/vehicles")
@require("batch.see")
def vehicles() -> str:
    """The vehicles, with what they drove this year."""
    return _page(Refusal())


@blueprint.post("/vehicles")
@require("batch.write")
def add_vehicle() -> Answer:
    """Enter a vehicle."""
    who = staff()
    try:
        sent = read(VehicleForm(), request.form)

        def effect() -> dict[str, Any]:
            return {"vehicle": commands.add_vehicle(who.act, **sent)}

        perform(who.act, op_id(), "add_vehicle", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _page(refusal), refusal.status
    flash(_("车辆登记好了。"), "done")
    return redirect(url_for("staff.vehicles"), 303)


@blueprint.post("/vehicles/<int:vehicle_id>/service")
@require("batch.write")
def end_service(vehicle_id: int) -> Answer:
    """From a day on it serves no more; without a day it serves again."""
    who = staff()
    try:
        sent = read(EndOfServiceForm(), request.form)

        def effect() -> dict[str, Any]:
            commands.end_service(who.act, vehicle_id, sent["out_of_service_on"])
            return {"vehicle": vehicle_id}

        perform(who.act, op_id(), "end_service", {"vehicle": vehicle_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, f"service-{vehicle_id}")
        return _page(refusal), refusal.status
    flash(_("记下了。") if sent["out_of_service_on"] else _("这辆车又在用了。"), "done")
    return redirect(url_for("staff.vehicles"), 303)


def _page(refusal: Refusal) -> str:
    who = staff()
    day = who.act.today()
    return render_template(
        "staff/vehicles.html",
        vehicles=queries.vehicles(who.network_id, day.replace(month=1, day=1), day),
        day=day,
        refusal=refusal,
        language_next=url_for("staff.vehicles"),
        writes=writes(who.network_id),
    )
