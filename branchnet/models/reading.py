"""Readings: what a point reports over a window, with every submission kept; and the facts made of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Document, Key, Moment, Month, Owned, one_of, own_key, refers

WINDOWS = ("month", "stay", "term", "year")
METHODS = ("exact", "sampled", "estimated")
OUTCOMES = ("applied", "held")
CHANNELS = ("link", "staff", "import", "demo")
NUMBERS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans")
HELD_REASONS = ("stale", "locked", "revoked_link", "overlap")

_MONTH = text("window_kind = 'month'")
_STAY = text("window_kind = 'stay'")
_EARLIER = text("window_kind IN ('term', 'year')")


class Reading(Owned, Base):
    """A window at a point: a month, a delivery's stay, or (historical) a term or a year."""

    __tablename__ = "readings"

    point_id: Mapped[int] = mapped_column(Key)
    window_kind: Mapped[str] = mapped_column(String(10))
    month: Mapped[str | None] = mapped_column(Month)
    """Of a month its own; of a stay the month of collection. Historical windows have none."""
    batch_id: Mapped[int | None] = mapped_column(Key)
    first_on: Mapped[date] = mapped_column(Day)
    last_on: Mapped[date] = mapped_column(Day)
    current_id: Mapped[int | None] = mapped_column(Key)
    """The revision that holds now; empty while everything sent is held for staff."""
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        refers("point_id", "service_points"),
        refers("batch_id", "batches"),
        ForeignKeyConstraint(
            ["network_id", "current_id", "id"],
            ["reading_revisions.network_id", "reading_revisions.id", "reading_revisions.reading_id"],
            name="fk_readings_current",
            use_alter=True,
        ),
        Index(
            "uq_readings_month",
            "network_id",
            "point_id",
            "month",
            unique=True,
            sqlite_where=_MONTH,
            postgresql_where=_MONTH,
        ),
        Index(
            "uq_readings_stay",
            "network_id",
            "batch_id",
            unique=True,
            sqlite_where=_STAY,
            postgresql_where=_STAY,
        ),
        Index(
            "uq_readings_earlier",
            "network_id",
            "point_id",
            "first_on",
            unique=True,
            sqlite_where=_EARLIER,
            postgresql_where=_EARLIER,
        ),
        CheckConstraint(one_of("window_kind", WINDOWS), name="window"),
        CheckConstraint("last_on >= first_on", name="dates"),
        CheckConstraint("(window_kind IN ('month', 'stay')) = (month IS NOT NULL)", name="month"),
        CheckConstraint("(window_kind = 'stay') = (batch_id IS NOT NULL)", name="stay"),
        Index(None, "network_id", "month"),
    )


class ReadingRevision(Owned, Base):
    """Append-only: one submission. Empty means not counted, 0 means none; *not open* is neither."""

    __tablename__ = "reading_revisions"

    reading_id: Mapped[int] = mapped_column(Key)
    number: Mapped[int]
    based_on: Mapped[int | None]
    """The number of the revision the sender saw, if any: what was sent against an older one is stale."""
    in_school_visits: Mapped[int | None]
    in_school_loans: Mapped[int | None]
    community_visits: Mapped[int | None]
    community_loans: Mapped[int | None]
    borrowers: Mapped[int | None]
    days_open: Mapped[int | None]
    method: Mapped[str | None] = mapped_column(String(20))
    not_open: Mapped[bool]
    note: Mapped[str | None] = mapped_column(String(200))
    warnings: Mapped[list[str] | None] = mapped_column(Document)
    """What was not plausible when it came, by code, with the numbers it was compared with; sent all the same."""
    outcome: Mapped[str] = mapped_column(String(10))
    held_reason: Mapped[str | None] = mapped_column(String(20))
    receipt: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    submitted_by: Mapped[int | None] = mapped_column(Key)
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the phone says it was filled in; timeliness goes by arrival, this stands beside it."""

    __table_args__ = (
        own_key(),
        refers("reading_id", "readings"),
        refers("submitted_by", "people"),
        UniqueConstraint("network_id", "id", "reading_id"),
        UniqueConstraint("network_id", "reading_id", "number"),
        UniqueConstraint("network_id", "receipt"),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in (*NUMBERS, "borrowers", "days_open")),
        CheckConstraint(one_of("method", METHODS), name="method"),
        CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("held_reason", HELD_REASONS), name="held_reason"),
        CheckConstraint("(outcome = 'held') = (held_reason IS NOT NULL)", name="held"),
        CheckConstraint(
            "NOT not_open OR coalesce(in_school_visits, in_school_loans, community_visits, community_loans,"
            " borrowers, days_open) IS NULL",
            name="not_open",
        ),
    )


class PointMonth(Owned, Base):
    """Facts of a point in a month, recomputed by delete + insert for what changed."""

    __tablename__ = "point_months"

    point_id: Mapped[int] = mapped_column(Key)
    month: Mapped[str] = mapped_column(Month)
    book_days: Mapped[int]
    """Copies on site, added up over the days of the month (册·天)."""
    days: Mapped[int]
    """Days of the month that the sum covers: fewer in a month still running."""
    copies: Mapped[int]
    """Copies on site at the end of the covered days (册)."""
    copies_quality: Mapped[str] = mapped_column(String(20))
    batches_in: Mapped[int]
    in_school_visits: Mapped[int | None]
    in_school_loans: Mapped[int | None]
    community_visits: Mapped[int | None]
    community_loans: Mapped[int | None]
    kind: Mapped[str | None] = mapped_column(String(20))
    """What the point was at the end of the covered days, with its host, its area and its pupils: as of the event."""
    host: Mapped[str | None] = mapped_column(String(20))
    area_code: Mapped[str | None] = mapped_column(String(12))
    pupils: Mapped[int | None]
    last_batch_on: Mapped[date | None] = mapped_column(Day)
    """When books last came to it, up to the end of the covered days."""
    old_copies: Mapped[int | None]
    """Of the copies at the end of the covered days, those that have stood there for a year or longer (册)."""
    computed_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "point_id", "month"),
        CheckConstraint("book_days >= 0 AND copies >= 0 AND batches_in >= 0 AND days > 0", name="counts"),
        Index(None, "network_id", "month"),
    )


class StaleFact(Owned, Base):
    """From this month on, the facts of this place are to be computed again. Written with what changed them."""

    __tablename__ = "stale_facts"

    place_id: Mapped[int] = mapped_column(Key)
    month: Mapped[str] = mapped_column(Month)

    __table_args__ = (refers("place_id", "places"), UniqueConstraint("network_id", "place_id", "month"))
