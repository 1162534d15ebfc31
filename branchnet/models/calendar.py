"""The network's calendar: school years, terms and holidays, by kind of host; and exceptions to what is closed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Month, Owned, one_of, own_key, refers

PERIOD_KINDS = ("school_year", "term", "holiday")


class CalendarPeriod(Owned, Base):
    """A school year (学年), a term (学期) or a holiday (寒暑假): its days, both included."""

    __tablename__ = "calendar_periods"

    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    first_on: Mapped[date] = mapped_column(Day)
    last_on: Mapped[date] = mapped_column(Day)
    host: Mapped[str | None] = mapped_column(String(20))
    """For which hosts (kindergartens keep other holidays); empty means for all schools."""

    __table_args__ = (
        Index(None, "network_id", "first_on"),
        CheckConstraint(one_of("kind", PERIOD_KINDS), name="kind"),
        CheckConstraint("last_on >= first_on", name="dates"),
    )


class LockException(Owned, Base):
    """A closed month may be written in after all: for one point or for all, with a reason and a last day."""

    __tablename__ = "lock_exceptions"

    month: Mapped[str] = mapped_column(Month)
    point_id: Mapped[int | None] = mapped_column(Key)
    """Empty: for every point of the network."""
    reason: Mapped[str] = mapped_column(String(200))
    ends_on: Mapped[date] = mapped_column(Day)
    """The last day on which it holds."""
    granted_at: Mapped[datetime] = mapped_column(Moment)
    granted_by: Mapped[int | None] = mapped_column(Key)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("point_id", "service_points"),
        refers("granted_by", "people"),
        refers("ended_by", "people"),
        CheckConstraint("length(reason) > 0", name="reason"),
        Index(None, "network_id", "month"),
    )
