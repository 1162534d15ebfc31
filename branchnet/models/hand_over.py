"""A point that one network handed over to another: the two ends, tied in one row."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, refers


def _of_the_other(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["to_network_id", column], [f"{table}.network_id", f"{table}.id"])


class HandOver(Owned, Base):
    """Append-only: a point closed in its network and continues as a point of another (移交).

    The one row that names two networks. Each reference stays inside the network that its side names.
    """

    __tablename__ = "hand_overs"

    point_id: Mapped[int] = mapped_column(Key)
    batch_id: Mapped[int | None] = mapped_column(Key)
    """The withdrawal of what stood there; empty where nothing did."""
    to_network_id: Mapped[int] = mapped_column(Key, ForeignKey("networks.id"))
    to_point_id: Mapped[int] = mapped_column(Key)
    to_batch_id: Mapped[int | None] = mapped_column(Key)
    """The accession of the same copies."""
    happened_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        UniqueConstraint("network_id", "point_id"),
        UniqueConstraint("network_id", "batch_id"),
        UniqueConstraint("to_network_id", "to_point_id"),
        UniqueConstraint("to_network_id", "to_batch_id"),
        refers("point_id", "service_points"),
        refers("batch_id", "batches"),
        refers("recorded_by", "people"),
        _of_the_other("to_point_id", "service_points"),
        _of_the_other("to_batch_id", "batches"),
        CheckConstraint("network_id <> to_network_id", name="another"),
        CheckConstraint("(batch_id IS NULL) = (to_batch_id IS NULL)", name="pair"),
    )
