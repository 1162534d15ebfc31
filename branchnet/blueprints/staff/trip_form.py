"""The form of a trip: a new one, and one that is put right."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.matching import names_apart, point_options
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.points.queries import Point, points_on
from branchnet.trips import commands, loads, queries
from branchnet.trips.commands import TripAsked
from branchnet.trips.loads import Load
from branchnet.trips.queries import TripRow
from branchnet.trips.rules import in_order
from branchnet.trips.schemas import TripForm

Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Before:
    """What a form begins with: the trip as it stands, its batches, and its stops in order."""

    trip: TripRow | None = None
    batches: list[Load] = field(default_factory=list)
    stops: list[Point] = field(default_factory=list)
    seen: str = ""
    """The mark of all this."""


@blueprint.get("/trips/new")
@require("batch.write")
def new_trip() -> str:
    """The form for a trip on a day: with the batches that could go along then."""
    return _page(Refusal(), _Before())


@blueprint.post("/trips/new")
@require("batch.write")
def make_trip() -> Answer:
    """Write a trip down."""
    who = staff()
    try:
        sent = read(TripForm(), _nested())
        asked = _asked(sent)
        done = perform(who.act, op_id(), "write_trip", sent, lambda: {"trip": commands.write_trip(who.act, asked)})
    except BranchNetError as error:
        refusal = refused(error, "trip")
        return _page(refusal, _Before()), refusal.status
    return redirect(url_for("staff.trip", number=done["trip"]), 303)


@blueprint.get("/trips/<number>/edit")
@require("batch.write")
def edit_trip(number: str) -> str:
    """The same form, with what is written down."""
    return _page(Refusal(), _before(number))


@blueprint.post("/trips/<number>/edit")
@require("batch.write")
def change_trip(number: str) -> Answer:
    """Put a trip right."""
    who = staff()
    try:
        sent = read(TripForm(), _nested())
        asked = _asked(sent)

        def effect() -> dict[str, Any]:
            commands.change_trip(who.act, number, asked, sent["seen"])
            return {"trip": number}

        perform(who.act, op_id(), "change_trip", {"trip": number, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "trip")
        return _page(refusal, _before(number)), refusal.status
    flash(_("改好了。"), "done")
    return redirect(url_for("staff.trip", number=number), 303)


def _before(number: str) -> _Before:
    who = staff()
    trip = queries.the_trip(who.network_id, number)
    # First: what changes while the rest is read is refused then, and not taken for seen.
    seen = queries.mark(who.network_id, trip)
    carried = loads.loads_on(who.network_id, trip.id, trip.happened_on)
    stops = loads.stops_of(who.network_id, trip, carried, who.act.today())
    return _Before(trip, carried, [stop.point for stop in stops], seen)


def _nested() -> dict[str, Any]:
    """Fields named ``stop-<code>`` are the places of the stops in the order; every box ticked is a batch."""
    form = request.form
    stops = {name.removeprefix("stop-"): value for name, value in form.items() if name.startswith("stop-")}
    flat = {name: value for name, value in form.items() if not name.startswith("stop-")}
    return {**flat, "stops": stops, "batches": form.getlist("batch")}


def _asked(sent: dict[str, Any]) -> TripAsked:
    """What the form means: points by their codes, batches by their numbers. Raises Invalid for one that is not ours."""
    who = staff()
    points = {point.code: point.id for point in points_on([who.network_id], sent["happened_on"])}
    batch_ids = loads.ids_of_batches(who.network_id, sent["batches"])
    extra = [sent["stop"]] if sent["stop"] else []
    if not {*sent["stops"], *extra} <= points.keys() or len(batch_ids) < len(set(sent["batches"])):
        raise Invalid(fields={"stop": "kind"})
    return TripAsked(
        happened_on=sent["happened_on"],
        vehicle_id=sent["vehicle"],
        driver=sent["driver"],
        crew=sent["crew"],
        km=sent["km"],
        note=sent["note"],
        point_ids=in_order(
            {points[code]: number for code, number in sent["stops"].items()}, [points[code] for code in extra]
        ),
        batch_ids=batch_ids,
    )


def _page(refusal: Refusal, before: _Before) -> str:
    who = staff()
    day = _day(before)
    offered = loads.to_carry(who.network_id, day)
    ticked = set(request.form.getlist("batch")) if refusal.form else {load.number for load in before.batches}
    # What is on the trip or was ticked for it comes first: it may have gone further since, or be of another day.
    kept = [*before.batches, *loads.numbered(who.network_id, sorted(ticked), day)]
    rows = sorted(
        {load.id: load for load in [*kept, *offered]}.values(),
        key=lambda load: load.number not in ticked,
    )
    points = points_on([who.network_id], day)
    chosen = str(refusal.typed("trip", "vehicle", before.trip.vehicle_id if before.trip else None))
    stopping = {stop.code for stop in before.stops}
    return render_template(
        "staff/trip_form.html",
        refusal=refusal,
        trip=before.trip,
        seen=before.seen,
        carried=[load.number for load in before.batches],
        day=day,
        rows=[(load, load.legs(day)) for load in rows],
        ticked=ticked,
        stops=before.stops,
        apart=names_apart({point.code: point for point in [*points, *before.stops]}.values()),
        points=[one for one in point_options(points) if one[0] not in stopping],
        vehicles=[
            (one.id, f"{one.name} {one.plate}")
            for one in queries.vehicles(who.network_id, day, day)
            if one.serves_on(day) or str(one.id) == chosen
        ],
    )


def _day(before: _Before) -> date:
    """The day the form is about: the one that was asked for or typed, the trip's own, or today."""
    told = request.values.get("happened_on") or request.args.get("day") or ""
    try:
        return date.fromisoformat(told)
    except ValueError:
        return before.trip.happened_on if before.trip else staff().act.today()
