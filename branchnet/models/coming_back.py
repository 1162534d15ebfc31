"""Books on their way home: what was scanned, which batch it settles, whose it is; exchanges; what points answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

FOUND_OUTCOMES = ("given_back", "kept", "ours")
STAY_ANSWERS = ("ready", "another_day", "longer")


class BatchScan(Owned, Base):
    """A copy of a return that was held in the hand: scanned, or counted of a counted lot. Moves nothing by itself."""

    __tablename__ = "batch_scans"

    batch_id: Mapped[int] = mapped_column(Key)
    lot_id: Mapped[int] = mapped_column(Key)
    serial: Mapped[bool]
    quantity: Mapped[int]
    scanned_at: Mapped[datetime] = mapped_column(Moment)
    scanned_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("batch_id", "batches"),
        refers("lot_id", "lots", also=["serial"]),
        refers("scanned_by", "people"),
        UniqueConstraint("network_id", "batch_id", "lot_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT serial OR quantity = 1", name="serial_one"),
    )


class Settlement(Owned, Base):
    """Of a counted lot, so many copies that left a point with a batch settle what an earlier batch had brought there.

    A barcoded copy settles the batch that brought it last: its moves say so, and no row does.
    """

    __tablename__ = "settlements"

    batch_id: Mapped[int] = mapped_column(Key)
    lot_id: Mapped[int] = mapped_column(Key)
    settles_id: Mapped[int] = mapped_column(Key)
    quantity: Mapped[int]

    __table_args__ = (
        refers("batch_id", "batches"),
        refers("lot_id", "lots"),
        refers("settles_id", "batches"),
        UniqueConstraint("network_id", "batch_id", "lot_id", "settles_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("batch_id <> settles_id", name="another"),
        Index(None, "network_id", "settles_id"),
    )


class StayEnd(Owned, Base):
    """A return by which a delivery's stay ended, though it was not sent for that delivery alone.

    Without a return, the last of it left otherwise: lost, damaged, worn.
    """

    __tablename__ = "stay_ends"

    delivery_id: Mapped[int] = mapped_column(Key)
    return_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("delivery_id", "batches"),
        refers("return_id", "batches"),
        UniqueConstraint("network_id", "delivery_id"),
        CheckConstraint("delivery_id <> return_id", name="another"),
        Index(None, "network_id", "return_id"),
    )


class FoundItem(Owned, Base):
    """A book that is in no books of ours, found among ours (代管图书): recorded until it went home. No lot, no move."""

    __tablename__ = "found_items"

    place_id: Mapped[int] = mapped_column(Key)
    """Where it was found."""
    batch_id: Mapped[int | None] = mapped_column(Key)
    stocktake_id: Mapped[int | None] = mapped_column(Key)
    code: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str | None] = mapped_column(String(300))
    whose: Mapped[str | None] = mapped_column(String(100))
    """The library or school it belongs to, where one can tell."""
    quantity: Mapped[int] = mapped_column(default=1)
    found_on: Mapped[date] = mapped_column(Day)
    found_by: Mapped[int | None] = mapped_column(Key)
    note: Mapped[str | None] = mapped_column(String(200))
    closed_on: Mapped[date | None] = mapped_column(Day)
    closed_by: Mapped[int | None] = mapped_column(Key)
    outcome: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        own_key(),
        refers("place_id", "places"),
        refers("batch_id", "batches"),
        refers("stocktake_id", "stocktakes"),
        refers("found_by", "people"),
        refers("closed_by", "people"),
        CheckConstraint("code IS NOT NULL OR title IS NOT NULL", name="named"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(one_of("outcome", FOUND_OUTCOMES), name="outcome"),
        CheckConstraint("(closed_on IS NULL) = (outcome IS NULL)", name="closed"),
        CheckConstraint("closed_on >= found_on", name="closed_later"),
        Index(None, "network_id", "batch_id"),
    )


class Exchange(Owned, Base):
    """An exchange visit (换书): what was brought and what was taken back are two batches, told on one note."""

    __tablename__ = "exchanges"

    place_id: Mapped[int] = mapped_column(Key)
    outgoing_id: Mapped[int] = mapped_column(Key)
    returning_id: Mapped[int] = mapped_column(Key)
    happened_on: Mapped[date] = mapped_column(Day)
    note: Mapped[str | None] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("place_id", "places"),
        refers("outgoing_id", "batches"),
        refers("returning_id", "batches"),
        refers("recorded_by", "people"),
        UniqueConstraint("network_id", "outgoing_id"),
        UniqueConstraint("network_id", "returning_id"),
        CheckConstraint("outgoing_id <> returning_id", name="two_batches"),
    )


class StayAnswer(Owned, Base):
    """What a teacher answered before a delivery is fetched: ready, another day, or longer; and what staff decided."""

    __tablename__ = "stay_answers"

    batch_id: Mapped[int] = mapped_column(Key)
    answer: Mapped[str] = mapped_column(String(20))
    wanted_on: Mapped[date | None] = mapped_column(Day)
    """The day that suits them, or until which they would keep the books."""
    note: Mapped[str | None] = mapped_column(String(200))
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[int | None] = mapped_column(Key)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(Key)
    accepted: Mapped[bool | None]
    reply: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        own_key(),
        refers("batch_id", "batches"),
        refers("said_by", "people"),
        refers("decided_by", "people"),
        CheckConstraint(one_of("answer", STAY_ANSWERS), name="answer"),
        CheckConstraint("(answer = 'ready') = (wanted_on IS NULL)", name="wanted_on"),
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided"),
        Index(None, "network_id", "batch_id"),
    )


class Wish(Owned, Base):
    """What a point would like in its next box: for what age, of what kind, how many."""

    __tablename__ = "wishes"

    point_id: Mapped[int] = mapped_column(Key)
    age: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str | None] = mapped_column(String(60))
    number: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[int | None] = mapped_column(Key)
    batch_id: Mapped[int | None] = mapped_column(Key)
    """The batch that was made up for it."""
    closed_on: Mapped[date | None] = mapped_column(Day)
    closed_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("point_id", "service_points"),
        refers("said_by", "people"),
        refers("closed_by", "people"),
        refers("batch_id", "batches"),
        CheckConstraint(
            "age IS NOT NULL OR kind IS NOT NULL OR number IS NOT NULL OR note IS NOT NULL", name="something"
        ),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("batch_id IS NULL OR closed_on IS NOT NULL", name="fulfilled"),
        Index(None, "network_id", "point_id"),
    )
