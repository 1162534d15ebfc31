"""Trips: a month of them with its sums, one with its stops, and the sheets that go along in the vehicle."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.calendar.queries import open_from
from branchnet.calendar.rules import month_of
from branchnet.errors import BranchNetError
from branchnet.language import _, month_name
from branchnet.trips import commands, loads, queries
from branchnet.trips.rules import BRINGS, FETCHES, Driven, totals
from branchnet.trips.schemas import KmForm

Answer = Response | tuple[str, int]


@blueprint.get("/trips")
@require("batch.see")
def trips() -> str:
    """The trips of a month, and what they add up to."""
    who = staff()
    day = who.act.today()
    months = sorted({month_of(day), *queries.months_with_trips(who.network_id)}, reverse=True)
    asked = request.args.get("month", "")
    month = asked if asked in months else month_of(day)
    rows = queries.trips_in(who.network_id, month)
    return render_template(
        "staff/trips.html",
        rows=rows,
        month=month,
        months=[(one, month_name(one)) for one in months],
        sums=totals([Driven(row.happened_on, row.km, row.vehicle_id, row.cancelled) for row in rows], day),
        day=day,
        serving=[one for one in queries.vehicles(who.network_id, day, day) if one.serves_on(day)],
        writes=writes(who.network_id),
    )


@blueprint.get("/trips/<number>")
@require("batch.see")
def trip(number: str) -> str:
    """One trip: where it stops, and what is brought and fetched there."""
    return show_trip(number, Refusal())


def show_trip(number: str, refusal: Refusal) -> str:
    """The page of a trip; with a refusal, as it was sent and why not."""
    return render_template(
        "staff/trip.html",
        refusal=refusal,
        language_next=url_for("staff.trip", number=number),
        **_told(number),
    )


@blueprint.get("/trips/<number>/sheet")
@require("batch.see")
def trip_sheet(number: str) -> str:
    """The vehicle sheet (出车单) and the list of stops (停靠单), to be printed from the browser."""
    return render_template("staff/trip_sheet.html", **_told(number))


@blueprint.post("/trips/<number>/km")
@require("batch.write")
def trip_km(number: str) -> Answer:
    """How far it was, once it is over."""
    who = staff()
    try:
        sent = read(KmForm(), request.form)

        def effect() -> dict[str, Any]:
            commands.write_km(who.act, number, sent["km"])
            return {"trip": number}

        perform(who.act, op_id(), "trip_km", {"trip": number, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "km")
        return show_trip(number, refusal), refusal.status
    flash(_("里程记下了。"), "done")
    return redirect(url_for("staff.trip", number=number), 303)


@blueprint.post("/trips/<number>/cancel")
@require("batch.write")
def cancel_trip(number: str) -> Answer:
    """It does not take place; it is kept with its number."""
    return _cancel(number, True, _("这一趟取消了，号码还留着。"))


@blueprint.post("/trips/<number>/restore")
@require("batch.write")
def restore_trip(number: str) -> Answer:
    """It takes place after all."""
    return _cancel(number, False, _("这一趟恢复了。"))


def _cancel(number: str, cancelled: bool, said: str) -> Answer:
    who = staff()

    def effect() -> dict[str, Any]:
        commands.cancel_trip(who.act, number, cancelled)
        return {"trip": number}

    try:
        perform(who.act, op_id(), "cancel_trip", {"trip": number, "cancelled": cancelled}, effect)
    except BranchNetError as error:
        refusal = refused(error, "cancel")
        return show_trip(number, refusal), refusal.status
    flash(said, "done")
    return redirect(url_for("staff.trip", number=number), 303)


def _told(number: str) -> dict[str, Any]:
    who = staff()
    day: date = who.act.today()
    found = queries.the_trip(who.network_id, number)
    carried = loads.loads_on(who.network_id, found.id, found.happened_on)
    stops = loads.stops_of(who.network_id, found, carried, day)
    closed = who.act.network.locked_through
    return {
        "trip": found,
        "stops": stops,
        "copies": {
            way: sum(load.copies for stop in stops for what, load in stop.loads if what == way)
            for way in (BRINGS, FETCHES)
        },
        "day": day,
        "open": open_from(who.act, found.happened_on, closed, tuple) == found.happened_on,
        "writes": writes(who.network_id),
    }
