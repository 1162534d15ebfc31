"""Vehicles come into service and go out of it; trips are written down, changed and cancelled.

A trip is a plain record and moves no book: it may be changed until its month is closed (封账). Each runs inside the
caller's transaction; none commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.access.audit import record
from branchnet.access.seen import must_be_as_seen
from branchnet.calendar.queries import first_open_day
from branchnet.calendar.rules import month_of, previous_month
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, ServicePoint, Trip, TripBatch, TripStop, Vehicle
from branchnet.stock.counters import count_up
from branchnet.trips.queries import mark
from branchnet.trips.rules import Carried, legs


@dataclass(frozen=True, slots=True)
class TripAsked:
    """A trip as somebody writes it down. Stops by point, in the order they are driven to; those of batches follow."""

    happened_on: date
    vehicle_id: int | None = None
    driver: str | None = None
    crew: str | None = None
    km: int | None = None
    note: str | None = None
    point_ids: Sequence[int] = ()
    batch_ids: Sequence[int] = field(default=())


def add_vehicle(act: Act, plate: str, name: str, mobile_library: bool, in_service_from: date) -> int:
    """Enter a vehicle into the register. Returns its id. Raises Conflict("plate_known")."""
    plate = plate.upper()
    known = select(Vehicle.id).where(Vehicle.network_id == act.network_id, Vehicle.plate == plate)
    if db.session.scalar(known) is not None:
        raise Conflict("plate_known", plate=plate)
    vehicle_id = int(
        db.session.execute(
            insert(Vehicle)
            .values(
                network_id=act.network_id,
                plate=plate,
                name=name,
                mobile_library=mobile_library,
                in_service_from=in_service_from,
                created_at=clock.now(),
            )
            .returning(Vehicle.id)
        ).scalar_one()
    )
    record(act, "vehicle.added", "vehicle", vehicle_id, mobile_library=mobile_library)
    return vehicle_id


def end_service(act: Act, vehicle_id: int, out_of_service_on: date | None) -> None:
    """From a day on the vehicle serves no more; without a day it serves again.

    Raises NotFound, Invalid("dates") for a day before it came, Conflict("trips_after") where it drove after that day.
    """
    vehicle = _vehicle(act, vehicle_id)
    if out_of_service_on is not None:
        if out_of_service_on < vehicle.in_service_from:
            raise Invalid("dates", fields={"out_of_service_on": "dates"})
        later = select(Trip.number).where(
            Trip.network_id == act.network_id,
            Trip.vehicle_id == vehicle_id,
            Trip.cancelled_at.is_(None),
            Trip.happened_on >= out_of_service_on,
        )
        if number := db.session.scalar(later.order_by(Trip.happened_on.desc()).limit(1)):
            raise Conflict("trips_after", number=number)
    vehicle.out_of_service_on = out_of_service_on
    until = None if out_of_service_on is None else out_of_service_on.isoformat()
    record(act, "vehicle.service", "vehicle", vehicle_id, until=until)
    db.session.flush()


def write_trip(act: Act, asked: TripAsked) -> str:
    """Write a trip down, ahead or afterwards. Returns its number: T26-014.

    Raises Conflict("month_closed") for a day in a closed month, Invalid for a vehicle that does not serve that day.
    """
    _open_month(act, asked.happened_on)
    vehicle_id = _serving(act, asked)
    year = asked.happened_on.year
    number = f"T{year % 100:02d}-{count_up(act, f'trip-{year}'):03d}"
    trip = Trip(
        network_id=act.network_id,
        number=number,
        happened_on=asked.happened_on,
        vehicle_id=vehicle_id,
        driver=asked.driver,
        crew=asked.crew,
        km=asked.km,
        note=asked.note,
        created_at=clock.now(),
        created_by=act.person_id,
    )
    db.session.add(trip)
    db.session.flush()
    _load(act, trip, asked)
    record(act, "trip.written", "trip", trip.id, km=asked.km)
    return number


def change_trip(act: Act, number: str, asked: TripAsked, seen: str | None = None) -> None:
    """Put a trip right: everything of it, as it is asked now.

    ``seen``: the mark of what whoever changes it saw; Conflict("changed_since") where it is not so any more.
    Raises Conflict("month_closed") where the day it had or the day it gets lies in a closed month,
    Conflict("trip_cancelled").
    """
    trip = _trip(act, number)
    if trip.cancelled_at is not None:
        raise Conflict("trip_cancelled", number=number)
    must_be_as_seen(seen, mark(act.network_id, trip), number)
    _open_month(act, min(trip.happened_on, asked.happened_on))
    before = trip.km
    trip.vehicle_id = _serving(act, asked)
    trip.happened_on, trip.driver, trip.crew = asked.happened_on, asked.driver, asked.crew
    trip.km, trip.note = asked.km, asked.note
    db.session.flush()
    for table in (TripStop, TripBatch):
        db.session.execute(delete(table).where(table.network_id == act.network_id, table.trip_id == trip.id))
    _load(act, trip, asked)
    record(act, "trip.changed", "trip", trip.id, km_before=before, km=asked.km)


def write_km(act: Act, number: str, km: int | None) -> None:
    """How far it was (公里), written down afterwards; none: nobody knows. Raises what `change_trip` raises."""
    trip = _trip(act, number)
    if trip.cancelled_at is not None:
        raise Conflict("trip_cancelled", number=number)
    _open_month(act, trip.happened_on)
    before, trip.km = trip.km, km
    record(act, "trip.changed", "trip", trip.id, km_before=before, km=km)
    db.session.flush()


def cancel_trip(act: Act, number: str, cancelled: bool = True) -> None:
    """The trip does not take place, or does after all; it is kept with its number, and counts nowhere."""
    trip = _trip(act, number)
    _open_month(act, trip.happened_on)
    trip.cancelled_at = clock.now() if cancelled else None
    record(act, "trip.cancelled" if cancelled else "trip.restored", "trip", trip.id)
    db.session.flush()


def _load(act: Act, trip: Trip, asked: TripAsked) -> None:
    """Write the stops and the batches; a point that a batch goes to or comes from is a stop without being asked for."""
    batches = db.session.scalars(
        select(Batch).where(Batch.network_id == act.network_id, Batch.id.in_(asked.batch_ids)).order_by(Batch.id)
    ).all()
    if len(batches) < len(set(asked.batch_ids)):
        raise NotFound(batch_id=min(set(asked.batch_ids) - {batch.id for batch in batches}))
    places = [
        place
        for batch in batches
        for place, _what in legs(
            Carried(batch.kind, batch.from_place_id, batch.to_place_id, batch.dispatched_on), asked.happened_on
        )
    ]
    points = _points_at(act, places)
    stops = list(dict.fromkeys([*asked.point_ids, *(points[place] for place in places if place in points)]))
    own = {"network_id": act.network_id, "trip_id": trip.id}
    if stops:
        rows = [{**own, "position": position, "point_id": point_id} for position, point_id in enumerate(stops, 1)]
        db.session.execute(insert(TripStop), rows)
    if batches:
        db.session.execute(insert(TripBatch), [{**own, "batch_id": batch.id} for batch in batches])


def _points_at(act: Act, place_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(ServicePoint.place_id, ServicePoint.id).where(
            ServicePoint.network_id == act.network_id, ServicePoint.place_id.in_(place_ids)
        )
    )
    return dict(rows.all())


def _open_month(act: Act, day: date) -> None:
    """A trip stops at many points: in a closed month it may be written where exceptions open that for all of them."""
    earliest = first_open_day(act, day, tuple)
    if earliest > day:
        raise Conflict("month_closed", month=previous_month(month_of(earliest)))


def _serving(act: Act, asked: TripAsked) -> int | None:
    """The vehicle asked for, if it serves on the day."""
    if asked.vehicle_id is None:
        return None
    vehicle = _vehicle(act, asked.vehicle_id)
    gone = vehicle.out_of_service_on
    if asked.happened_on < vehicle.in_service_from or (gone is not None and gone <= asked.happened_on):
        raise Invalid(fields={"vehicle": "not_in_service"})
    return vehicle.id


def _vehicle(act: Act, vehicle_id: int) -> Vehicle:
    """The vehicle under lock. Raises NotFound."""
    query = select(Vehicle).where(Vehicle.network_id == act.network_id, Vehicle.id == vehicle_id)
    vehicle = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if vehicle is None:
        raise NotFound(vehicle_id=vehicle_id)
    return vehicle


def _trip(act: Act, number: str) -> Trip:
    """The trip under lock. Raises NotFound."""
    query = select(Trip).where(Trip.network_id == act.network_id, Trip.number == number)
    trip = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if trip is None:
        raise NotFound(number=number)
    return trip
