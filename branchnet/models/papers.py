"""Agreements with points, and the library's own Word templates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

TEMPLATE_KINDS = ("agreement",)


class Agreement(Owned, Base):
    """An agreement (协议书) with a point: its term, how long a delivery stays, and the wear that is allowed for."""

    __tablename__ = "agreements"

    point_id: Mapped[int] = mapped_column(Key)
    number: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date | None] = mapped_column(Day)
    valid_from: Mapped[date] = mapped_column(Day)
    valid_until: Mapped[date | None] = mapped_column(Day)
    """The last day of its term; empty where it runs until ended."""
    stay_days: Mapped[int | None]
    """How long a delivery stays there (天), where that is not the network's own stay."""
    allowance_permille: Mapped[int | None]
    """Natural wear allowed for a term (‰ of the copies on site)."""
    archive_number: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "number"),
        refers("point_id", "service_points"),
        refers("created_by", "people"),
        CheckConstraint("length(number) > 0", name="number"),
        CheckConstraint("valid_until >= valid_from", name="dates"),
        CheckConstraint("stay_days > 0", name="stay_days"),
        CheckConstraint("allowance_permille BETWEEN 0 AND 1000", name="allowance"),
        Index(None, "network_id", "point_id", "valid_from"),
    )


class PaperTemplate(Owned, Base):
    """A Word file of the library's own, filled in by the system; the newest of a kind is the one in use."""

    __tablename__ = "paper_templates"

    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("created_by", "people"),
        CheckConstraint(one_of("kind", TEMPLATE_KINDS), name="kind"),
        Index(None, "network_id", "kind", "id"),
    )
