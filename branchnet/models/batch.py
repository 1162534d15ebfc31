"""Batches of books: boxes, lines, and the events of their life."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

KINDS = ("opening", "accession", "allocation", "delivery", "rotation", "return", "withdrawal")
STATES = ("draft", "packed", "dispatched", "received", "closed", "cancelled")
TERMS = ("deposit", "gift")
STEPS = (
    "drafted",
    "packed",
    "unpacked",
    "dispatched",
    "arrived",
    "received",
    "counted_in",
    "scanned",
    "restocked",
    "recalled",
    "resolved",
    "resettled",
    "announced",
    "extended",
    "closed",
    "reopened",
    "cancelled",
    "reversed",
)
GOODS = ("equipment", "stationery", "clothes", "toys", "audiovisual", "other")
"""What goes along that is no book (非书物品): named by kind, counted where it was counted, never in the ledger."""

_UNBOXED = text("box_id IS NULL")
_COPY = text("serial")


class Batch(Owned, Base):
    """A batch (批次): copies that go together from a place to a place, on terms of deposit or gift."""

    __tablename__ = "batches"

    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    terms: Mapped[str] = mapped_column(String(20), default="deposit")
    from_place_id: Mapped[int] = mapped_column(Key)
    to_place_id: Mapped[int] = mapped_column(Key)
    transit_place_id: Mapped[int | None] = mapped_column(Key)
    dispatched_on: Mapped[date | None] = mapped_column(Day)
    received_on: Mapped[date | None] = mapped_column(Day)
    due_back_on: Mapped[date | None] = mapped_column(Day)
    collected_on: Mapped[date | None] = mapped_column(Day)
    """When a delivery's books were fetched again: its stay ended."""
    settles_id: Mapped[int | None] = mapped_column(Key)
    """The delivery that a return collects."""
    note: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(40))
    donors: Mapped[int | None]
    """How many gave (人) what came as a donation; no names. Empty: not counted, or bought."""
    archive_number: Mapped[str | None] = mapped_column(String(60))
    """Where the signed papers are filed (档号)."""
    photos_at: Mapped[str | None] = mapped_column(String(100))
    """Where pictures of the handover are kept: the index, never a picture."""
    photos: Mapped[int | None]
    """How many pictures (张)."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "number"),
        UniqueConstraint("network_id", "transit_place_id"),
        refers("from_place_id", "places"),
        refers("to_place_id", "places"),
        refers("transit_place_id", "places"),
        refers("created_by", "people"),
        refers("settles_id", "batches"),
        CheckConstraint("settles_id IS NULL OR kind = 'return'", name="settles"),
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("terms", TERMS), name="terms"),
        CheckConstraint("from_place_id <> to_place_id", name="elsewhere"),
        CheckConstraint("received_on >= dispatched_on", name="received"),
        CheckConstraint("due_back_on IS NULL OR kind = 'delivery'", name="due_back"),
        CheckConstraint("collected_on IS NULL OR kind = 'delivery'", name="collected"),
        CheckConstraint("donors IS NULL OR kind = 'accession'", name="donated"),
        CheckConstraint("donors > 0", name="donors"),
        CheckConstraint("photos IS NULL OR (photos > 0 AND photos_at IS NOT NULL)", name="photos"),
        CheckConstraint("collected_on >= dispatched_on", name="collected_later"),
        CheckConstraint("state <> 'dispatched' OR dispatched_on IS NOT NULL", name="dispatched"),
        Index(None, "network_id", "state"),
        Index(None, "network_id", "to_place_id"),
        Index(None, "network_id", "from_place_id"),
    )


class Box(Owned, Base):
    """A box (书箱) of a batch; number 0 stands for what went loose. ``copies``: what the receiver counted, if so."""

    __tablename__ = "boxes"

    batch_id: Mapped[int] = mapped_column(Key)
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(40))
    """What its QR says: it names the box and grants nothing."""
    arrived_on: Mapped[date | None] = mapped_column(Day)
    counted_on: Mapped[date | None] = mapped_column(Day)
    copies: Mapped[int | None]
    entry_id: Mapped[int | None] = mapped_column(Key)
    """The entry of its count."""
    recalled_on: Mapped[date | None] = mapped_column(Day)
    """When it was taken off the road again, never received."""

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "id", "batch_id"),
        UniqueConstraint("network_id", "batch_id", "number"),
        UniqueConstraint("network_id", "label"),
        refers("batch_id", "batches"),
        refers("entry_id", "entries"),
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint("copies >= 0", name="copies"),
        CheckConstraint(
            "(copies IS NULL) = (counted_on IS NULL) AND (copies IS NULL) = (entry_id IS NULL)",
            name="counted",
        ),
        CheckConstraint("recalled_on IS NULL OR counted_on IS NULL", name="recalled"),
    )


class BatchLine(Owned, Base):
    """So many copies of a lot are meant to go with a batch, in a box or loose."""

    __tablename__ = "batch_lines"

    batch_id: Mapped[int] = mapped_column(Key)
    box_id: Mapped[int | None] = mapped_column(Key)
    lot_id: Mapped[int] = mapped_column(Key)
    serial: Mapped[bool]
    quantity: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("batch_id", "batches"),
        refers("box_id", "boxes", also=["batch_id"]),
        refers("lot_id", "lots", also=["serial"]),
        refers("added_by", "people"),
        UniqueConstraint("network_id", "batch_id", "box_id", "lot_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT serial OR quantity = 1", name="serial_one"),
        Index(
            "uq_batch_lines_loose",
            "network_id",
            "batch_id",
            "lot_id",
            unique=True,
            sqlite_where=_UNBOXED,
            postgresql_where=_UNBOXED,
        ),
        Index(
            "uq_batch_lines_copy_once",
            "network_id",
            "batch_id",
            "lot_id",
            unique=True,
            sqlite_where=_COPY,
            postgresql_where=_COPY,
        ),
        Index(None, "network_id", "lot_id"),
    )


class BatchGoods(Owned, Base):
    """What goes along with a batch or came with a donation and is no book: never a move, its number may be unknown."""

    __tablename__ = "batch_goods"

    batch_id: Mapped[int] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    number: Mapped[int | None]
    """How many; empty where nobody counted (一批台和书架)."""
    unit: Mapped[str] = mapped_column(String(10))
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("batch_id", "batches"),
        refers("added_by", "people"),
        CheckConstraint(one_of("kind", GOODS), name="kind"),
        CheckConstraint("length(name) > 0 AND length(unit) > 0", name="named"),
        CheckConstraint("number > 0", name="number"),
        Index(None, "network_id", "batch_id"),
    )


class BatchEvent(Owned, Base):
    """Append-only: a step of a batch, the day it happened, when and by whom it was recorded."""

    __tablename__ = "batch_events"

    batch_id: Mapped[int] = mapped_column(Key)
    step: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)
    entry_id: Mapped[int | None] = mapped_column(Key)
    copies: Mapped[int | None]
    """How many copies (册) the step was about, where it was about a number."""
    note: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        refers("batch_id", "batches"),
        refers("recorded_by", "people"),
        refers("entry_id", "entries"),
        CheckConstraint(one_of("step", STEPS), name="step"),
        CheckConstraint("copies >= 0", name="copies"),
        Index(None, "network_id", "batch_id", "id"),
    )


class Counter(Owned, Base):
    """The last number given out in a series of a network (batch numbers of a year, receipts)."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(String(20))
    last: Mapped[int]

    __table_args__ = (UniqueConstraint("network_id", "series"), CheckConstraint("last > 0", name="last"))
