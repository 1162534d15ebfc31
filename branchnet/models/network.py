"""Networks: the tenant, and their dated tree (county under city)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Month, Owned

DAYS_OF_MONTH = ("report_by_day", "remind_on_day", "closes_on_day")


class Network(Base):
    """One central library and its points (总分馆制 / 服务网络), with the choices that are its own."""

    __tablename__ = "networks"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    locked_through: Mapped[str | None] = mapped_column(Month)
    """The last closed month: posting reads it FOR SHARE, locking takes it FOR UPDATE."""
    stay_days: Mapped[int] = mapped_column(default=30)
    """How long a delivery stays unless told otherwise, in days."""
    count_due_days: Mapped[int] = mapped_column(default=7)
    """Within how many days boxes that arrived are to be counted."""
    road_days: Mapped[int] = mapped_column(default=7, server_default="7")
    """After how many days a batch has been on the road too long."""
    notice_days: Mapped[int] = mapped_column(default=5, server_default="5")
    """How many days before a delivery is due back its point is told."""
    min_open_days: Mapped[int] = mapped_column(default=10)
    """A month is owed if the point was open at least so many days of it."""
    report_by_day: Mapped[int] = mapped_column(default=5, server_default="5")
    """Up to which day of the following month a reading is in time (及时)."""
    remind_on_day: Mapped[int] = mapped_column(default=3, server_default="3")
    """From which day of the following month those who have not reported are reminded."""
    closes_on_day: Mapped[int | None]
    """On which day of the following month a month closes (封账) by itself; empty: only by hand."""
    asks_pin: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a teacher's link asks for its PIN on a phone that it does not know."""
    reach_km: Mapped[int] = mapped_column(default=3)
    """Within how many km, as the crow flies, a community counts as reached: on foot."""
    cycling_km: Mapped[int] = mapped_column(default=5, server_default="5")
    """The same by bicycle."""
    vehicle_km: Mapped[int] = mapped_column(default=15, server_default="15")
    """The same by vehicle."""
    detour_percent: Mapped[int] = mapped_column(default=100, server_default="100")
    """How long ways are, in percent of the line as the crow flies: 130 makes 3 km of line 3.9 km of way."""
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("slug = lower(slug) AND length(slug) > 0", name="slug"),
        CheckConstraint("stay_days > 0 AND count_due_days > 0 AND min_open_days > 0", name="days"),
        CheckConstraint("reach_km > 0", name="reach"),
        CheckConstraint("cycling_km > 0", name="cycling_km"),
        CheckConstraint("vehicle_km > 0", name="vehicle_km"),
        CheckConstraint("detour_percent BETWEEN 100 AND 300", name="detour_percent"),
        CheckConstraint("road_days > 0", name="road_days"),
        CheckConstraint("notice_days > 0", name="notice_days"),
        *(CheckConstraint(f"{name} BETWEEN 1 AND 28", name=name) for name in DAYS_OF_MONTH),
        CheckConstraint("locked_through IS NULL OR length(locked_through) = 7", name="month"),
    )


class NetworkParent(Owned, Base):
    """From a day on, a network stands under another one, or under none."""

    __tablename__ = "network_parents"

    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("networks.id"))
    valid_from: Mapped[date] = mapped_column(Day)

    __table_args__ = (
        UniqueConstraint("network_id", "valid_from"),
        CheckConstraint("parent_id IS NULL OR parent_id <> network_id", name="not_itself"),
    )
