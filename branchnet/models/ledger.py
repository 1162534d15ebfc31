"""The ledger: lots, entries, moves and holdings. Every copy is in exactly one place; nothing is edited."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

QUALITIES = ("exact", "at_least", "estimated")
OWNERS = ("central", "school", "book_house", "gift")

_COPY_THERE = text("serial AND quantity > 0")


class Lot(Owned, Base):
    """One barcoded copy (serial, quantity 1), or a counted number of copies that nobody tells apart."""

    __tablename__ = "lots"

    serial: Mapped[bool]
    barcode: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    """The title of a copy; for a counted lot the title or category that its copies share."""
    author: Mapped[str | None] = mapped_column(String(200))
    publisher: Mapped[str | None] = mapped_column(String(200))
    isbn: Mapped[str | None] = mapped_column(String(13))
    category: Mapped[str | None] = mapped_column(String(40))
    call_number: Mapped[str | None] = mapped_column(String(60))
    year: Mapped[int | None]
    price_fen: Mapped[int | None]
    """List price of one copy (码洋) in fen; unknown is empty, never 0."""
    property_number: Mapped[str | None] = mapped_column(String(60))
    fund: Mapped[str | None] = mapped_column(String(60))
    owner: Mapped[str] = mapped_column(String(20), default="central")
    quality: Mapped[str] = mapped_column(String(20), default="exact")
    """How the number of copies is known: exact, at least (余), estimated."""
    initials: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "id", "serial"),
        UniqueConstraint("network_id", "barcode"),
        CheckConstraint("serial = (barcode IS NOT NULL)", name="barcode"),
        CheckConstraint("length(barcode) > 0", name="barcode_text"),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint("price_fen > 0", name="price"),
        CheckConstraint(one_of("owner", OWNERS), name="owner"),
        CheckConstraint(one_of("quality", QUALITIES), name="quality"),
        CheckConstraint("NOT serial OR quality = 'exact'", name="serial_exact"),
        Index(None, "network_id", "initials"),
        Index(None, "network_id", "isbn"),
    )


class Entry(Owned, Base):
    """One command's moves, which stand or are reversed together."""

    __tablename__ = "entries"

    verb: Mapped[str] = mapped_column(String(20))
    batch_id: Mapped[int | None] = mapped_column(Key)
    happened_on: Mapped[date] = mapped_column(Day)
    """The day it happened; ``posted_on`` is later where the month was locked by then."""
    posted_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)
    reason: Mapped[str | None] = mapped_column(String(200))
    reverses_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "id", "posted_on"),
        UniqueConstraint("network_id", "reverses_id"),
        refers("batch_id", "batches"),
        refers("recorded_by", "people"),
        refers("reverses_id", "entries"),
        Index(None, "network_id", "batch_id"),
        CheckConstraint("posted_on >= happened_on", name="posted"),
        CheckConstraint("reverses_id IS NULL OR length(reason) > 0", name="reversal_reason"),
    )


class Move(Owned, Base):
    """Append-only: so many copies (册) of a lot went from a place to a place on a day."""

    __tablename__ = "moves"

    entry_id: Mapped[int] = mapped_column(Key)
    batch_id: Mapped[int | None] = mapped_column(Key)
    lot_id: Mapped[int] = mapped_column(Key)
    serial: Mapped[bool]
    from_place_id: Mapped[int] = mapped_column(Key)
    to_place_id: Mapped[int] = mapped_column(Key)
    quantity: Mapped[int]
    occurred_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)
    reason: Mapped[str] = mapped_column(String(20))
    reverses_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint(
            "network_id", "id", "lot_id", "from_place_id", "to_place_id", "quantity", name="uq_moves_mirror"
        ),
        UniqueConstraint("network_id", "reverses_id"),
        refers("entry_id", "entries"),
        ForeignKeyConstraint(
            ["network_id", "entry_id", "occurred_on"],
            ["entries.network_id", "entries.id", "entries.posted_on"],
            name="fk_moves_entry_day",
        ),
        refers("batch_id", "batches"),
        refers("lot_id", "lots", also=["serial"]),
        refers("from_place_id", "places"),
        refers("to_place_id", "places"),
        refers("recorded_by", "people"),
        ForeignKeyConstraint(
            ["network_id", "reverses_id", "lot_id", "to_place_id", "from_place_id", "quantity"],
            [
                "moves.network_id",
                "moves.id",
                "moves.lot_id",
                "moves.from_place_id",
                "moves.to_place_id",
                "moves.quantity",
            ],
            name="fk_moves_mirror",
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT serial OR quantity = 1", name="serial_one"),
        CheckConstraint("from_place_id <> to_place_id", name="elsewhere"),
        Index(None, "network_id", "entry_id"),
        Index(None, "network_id", "lot_id", "id"),
        Index(None, "network_id", "from_place_id", "occurred_on"),
        Index(None, "network_id", "to_place_id", "occurred_on"),
        Index(None, "network_id", "batch_id"),
    )


class Holding(Owned, Base):
    """How many copies of a lot are at a place now: written with the moves, re-computable from them."""

    __tablename__ = "holdings"

    place_id: Mapped[int] = mapped_column(Key)
    keeps: Mapped[bool] = mapped_column(default=True)
    lot_id: Mapped[int] = mapped_column(Key)
    serial: Mapped[bool]
    quantity: Mapped[int]
    last_on: Mapped[date] = mapped_column(Day)
    """The last day a move touched this lot here: nothing may leave on an earlier day."""

    __table_args__ = (
        UniqueConstraint("network_id", "place_id", "lot_id"),
        refers("place_id", "places", also=["keeps"]),
        refers("lot_id", "lots", also=["serial"]),
        CheckConstraint("keeps", name="keeps"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("NOT serial OR quantity <= 1", name="serial_one"),
        Index(
            "uq_holdings_copy_in_one_place",
            "network_id",
            "lot_id",
            unique=True,
            sqlite_where=_COPY_THERE,
            postgresql_where=_COPY_THERE,
        ),
    )
