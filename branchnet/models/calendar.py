"""The network's calendar: school years, terms and holidays, by kind of host."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Owned, one_of

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
