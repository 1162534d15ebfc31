"""Vehicles and trips as the pages list them. The number of statements never grows with the rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, cast, func, select

from branchnet.access.seen import mark_of
from branchnet.calendar.rules import bounds
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Trip, TripBatch, TripStop
from branchnet.models import Vehicle as Registered


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle of the register, with how often it drove (次) and how far (公里) in the year asked for."""

    id: int
    plate: str
    name: str
    mobile_library: bool
    in_service_from: date
    out_of_service_on: date | None
    trips: int = 0
    km: int = 0

    def serves_on(self, day: date) -> bool:
        """Whether it is in service on a day."""
        return self.in_service_from <= day and (self.out_of_service_on is None or day < self.out_of_service_on)


@dataclass(frozen=True, slots=True)
class TripRow:
    """A trip as one line of a list. ``stops``: 个 points; ``batches``: 批."""

    number: str
    happened_on: date
    vehicle_id: int | None
    vehicle: str | None
    plate: str | None
    mobile_library: bool | None
    driver: str | None
    crew: str | None
    km: int | None
    note: str | None
    cancelled: bool
    stops: int
    batches: int
    id: int


def vehicles(network_id: int, first: date, last: date) -> list[Vehicle]:
    """The register, those in service first; with the trips of these days."""
    drove = and_(
        Trip.network_id == Registered.network_id,
        Trip.vehicle_id == Registered.id,
        Trip.cancelled_at.is_(None),
        Trip.happened_on.between(first, last),
    )
    rows = db.session.execute(
        select(
            Registered.id,
            Registered.plate,
            Registered.name,
            Registered.mobile_library,
            Registered.in_service_from,
            Registered.out_of_service_on,
            func.count(Trip.id),
            cast(func.coalesce(func.sum(Trip.km), 0), Integer),
        )
        .outerjoin(Trip, drove)
        .where(Registered.network_id == network_id)
        .group_by(Registered.id)
        .order_by(Registered.out_of_service_on.is_not(None), Registered.id)
    )
    return [Vehicle(*row) for row in rows]


def trips_in(network_id: int, month: str) -> list[TripRow]:
    """The trips of a month, newest first; cancelled ones too."""
    first, last = bounds(month)
    query = _trips(network_id).where(Trip.happened_on.between(first, last))
    return [TripRow(*row) for row in db.session.execute(query.order_by(Trip.happened_on.desc(), Trip.id.desc()))]


def the_trip(network_id: int, number: str) -> TripRow:
    """A trip by its number. Raises NotFound."""
    row = db.session.execute(_trips(network_id).where(Trip.number == number)).one_or_none()
    if row is None:
        raise NotFound(number=number)
    return TripRow(*row)


def mark(network_id: int, trip: TripRow | Trip) -> str:
    """The mark of all that can be changed of a trip, as it is read or under lock: its stops and batches too."""
    stops = select(TripStop.point_id).where(TripStop.network_id == network_id, TripStop.trip_id == trip.id)
    carried = select(TripBatch.batch_id).where(TripBatch.network_id == network_id, TripBatch.trip_id == trip.id)
    return mark_of(
        *(trip.happened_on, trip.vehicle_id, trip.driver, trip.crew, trip.km, trip.note),
        db.session.scalars(stops.order_by(TripStop.position)).all(),
        db.session.scalars(carried.order_by(TripBatch.batch_id)).all(),
    )


def trips_of(network_id: int, batch_id: int) -> list[TripRow]:
    """The trips that carry a batch, the first one first; cancelled ones are left out."""
    carries = select(TripBatch.trip_id).where(TripBatch.network_id == network_id, TripBatch.batch_id == batch_id)
    query = _trips(network_id).where(Trip.id.in_(carries), Trip.cancelled_at.is_(None))
    return [TripRow(*row) for row in db.session.execute(query.order_by(Trip.happened_on, Trip.id))]


def months_with_trips(network_id: int) -> list[str]:
    """The months that have trips, newest first."""
    days = db.session.scalars(select(Trip.happened_on).where(Trip.network_id == network_id).distinct())
    return sorted({f"{day:%Y-%m}" for day in days}, reverse=True)


def _trips(network_id: int) -> Rows:
    def number_of(table: Any) -> Any:
        mine = (table.network_id == Trip.network_id, table.trip_id == Trip.id)
        return select(func.count(table.id)).where(*mine).correlate(Trip).scalar_subquery()

    return (
        select(
            Trip.number,
            Trip.happened_on,
            Trip.vehicle_id,
            Registered.name,
            Registered.plate,
            Registered.mobile_library,
            Trip.driver,
            Trip.crew,
            Trip.km,
            Trip.note,
            Trip.cancelled_at.is_not(None),
            number_of(TripStop),
            number_of(TripBatch),
            Trip.id,
        )
        .outerjoin(Registered, and_(Registered.network_id == Trip.network_id, Registered.id == Trip.vehicle_id))
        .where(Trip.network_id == network_id)
    )
