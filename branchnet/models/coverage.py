"""Around coverage: what a geocoder answered, and what a library says of its coverage in public."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Document, Key, Moment, Month, Owned, one_of, own_key, refers

DEFINITIONS = ("administrative", "reach", "in_operation")
"""An open point in it; books within reach; open, and every month that was due reported."""


class GeocoderAnswer(Owned, Base):
    """What a geocoder answered when it was asked for an address: never asked twice."""

    __tablename__ = "geocoder_answers"

    provider: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(200))
    found: Mapped[Any] = mapped_column(Document)
    """Candidates, WGS-84: a list of {name, lat, lon, exact}; empty where it found nothing."""
    asked_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("network_id", "provider", "query"),)


class CoverageStatement(Owned, Base):
    """What staff published of coverage: N of M under one definition, as of that day. Taken back, it stays."""

    __tablename__ = "coverage_statements"

    month: Mapped[str] = mapped_column(Month)
    definition: Mapped[str] = mapped_column(String(20))
    of_what: Mapped[str] = mapped_column(String(20))
    """Units that are counted: town, village, residential, school, point, or (reach) all communities."""
    within_km: Mapped[float | None]
    detour_percent: Mapped[int | None]
    way: Mapped[str | None] = mapped_column(String(10))
    """On foot, by bicycle or by vehicle; empty for other definitions, and for what was published before it was kept."""
    area_by: Mapped[str | None] = mapped_column(String(10))
    """county or town, where it is said of one of them; empty: of the whole network."""
    area: Mapped[str | None] = mapped_column(String(100))
    """Which one, as ``coverage.register.DIMENSIONS`` writes it."""
    covered: Mapped[int]
    known: Mapped[int]
    without_position: Mapped[int]
    nowhere: Mapped[int | None]
    """Open points (个) that name no town, or no village: no such count has them; empty where that is not asked."""
    deliveries: Mapped[int | None]
    """Of the covered those that have delivery schools alone; of what is in operation the delivery schools beside it.

    This one and ``nowhere`` are empty for what was published before they were kept.
    """
    others: Mapped[Any] = mapped_column(Document)
    """Names of those that are not covered: a list."""
    words: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(Key)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("published_by", "people"),
        refers("withdrawn_by", "people"),
        CheckConstraint(one_of("definition", DEFINITIONS), name="definition"),
        CheckConstraint(
            "covered >= 0 AND without_position >= 0 AND covered + without_position <= known", name="counts"
        ),
        CheckConstraint("(definition = 'reach') = (within_km IS NOT NULL)", name="within_km"),
        CheckConstraint("(area_by IS NULL) = (area IS NULL)", name="area"),
        Index(None, "network_id", "month"),
    )
