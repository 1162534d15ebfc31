"""Vehicles and their trips."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, own_key, refers


class Vehicle(Owned, Base):
    """A vehicle (车辆), a mobile library among them: counted by the years it was in service, never by its stops."""

    __tablename__ = "vehicles"

    plate: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    mobile_library: Mapped[bool]
    """Whether it is a mobile library (流动图书车): evaluations count these apart."""
    in_service_from: Mapped[date] = mapped_column(Day)
    out_of_service_on: Mapped[date | None] = mapped_column(Day)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "plate"),
        CheckConstraint("length(plate) > 0 AND length(name) > 0", name="named"),
        CheckConstraint("out_of_service_on >= in_service_from", name="dates"),
    )


class Trip(Owned, Base):
    """A vehicle's day out (出车): who drove, who came along, how far."""

    __tablename__ = "trips"

    number: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date] = mapped_column(Day)
    vehicle_id: Mapped[int | None] = mapped_column(Key)
    driver: Mapped[str | None] = mapped_column(String(40))
    crew: Mapped[str | None] = mapped_column(String(200))
    """The staff who came along, as the vehicle sheet names them."""
    km: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "number"),
        refers("vehicle_id", "vehicles"),
        refers("created_by", "people"),
        CheckConstraint("km >= 0", name="km"),
        Index(None, "network_id", "happened_on"),
    )


class TripStop(Owned, Base):
    """A point on a trip, in the order it is driven to."""

    __tablename__ = "trip_stops"

    trip_id: Mapped[int] = mapped_column(Key)
    position: Mapped[int]
    point_id: Mapped[int] = mapped_column(Key)
    note: Mapped[str | None] = mapped_column(String(100))

    __table_args__ = (
        refers("trip_id", "trips"),
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "trip_id", "position"),
        UniqueConstraint("network_id", "trip_id", "point_id"),
        CheckConstraint("position > 0", name="position"),
    )


class TripBatch(Owned, Base):
    """A batch that a trip carries, out or back."""

    __tablename__ = "trip_batches"

    trip_id: Mapped[int] = mapped_column(Key)
    batch_id: Mapped[int] = mapped_column(Key)

    __table_args__ = (
        refers("trip_id", "trips"),
        refers("batch_id", "batches"),
        UniqueConstraint("network_id", "trip_id", "batch_id"),
        Index(None, "network_id", "batch_id"),
    )
