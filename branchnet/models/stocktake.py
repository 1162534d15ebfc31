"""Stocktakes: what was counted at a place, over several days, while books come and go."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

STOCKTAKE_STATES = ("counting", "closed", "cancelled")
STOCKTAKE_WAYS = ("count", "scan")
CROSSINGS = ("before", "after")

_COUNTING = text("state = 'counting'")
_NO_LOT = text("lot_id IS NULL")


class Stocktake(Owned, Base):
    """A stocktake (盘点) of a place: it reconciles, and blocks nobody.

    ``last_move_id``: the last move of the network at its start; what was recorded later moved meanwhile.
    """

    __tablename__ = "stocktakes"

    number: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[int] = mapped_column(Key)
    way: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="counting")
    begun_on: Mapped[date] = mapped_column(Day)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    begun_by: Mapped[int | None] = mapped_column(Key)
    last_move_id: Mapped[int | None] = mapped_column(Key)
    ended_on: Mapped[date | None] = mapped_column(Day)
    ended_by: Mapped[int | None] = mapped_column(Key)
    closed_move_id: Mapped[int | None] = mapped_column(Key)
    """The last move of the network at its close (0: none): read again later, it says the same."""
    note: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "number"),
        refers("place_id", "places"),
        refers("begun_by", "people"),
        refers("ended_by", "people"),
        CheckConstraint(one_of("way", STOCKTAKE_WAYS), name="way"),
        CheckConstraint(one_of("state", STOCKTAKE_STATES), name="state"),
        CheckConstraint("(state = 'counting') = (ended_on IS NULL)", name="ended"),
        CheckConstraint("ended_on >= begun_on", name="ended_later"),
        CheckConstraint("(state = 'closed') = (closed_move_id IS NOT NULL)", name="closed"),
        Index(
            "uq_stocktakes_one_at_a_place",
            "network_id",
            "place_id",
            unique=True,
            sqlite_where=_COUNTING,
            postgresql_where=_COUNTING,
        ),
    )


class StocktakeCount(Owned, Base):
    """So many copies (册) of a lot were found; without a lot: so many of all that nobody counted by title."""

    __tablename__ = "stocktake_counts"

    stocktake_id: Mapped[int] = mapped_column(Key)
    lot_id: Mapped[int | None] = mapped_column(Key)
    quantity: Mapped[int]
    counted_on: Mapped[date] = mapped_column(Day)
    counted_at: Mapped[datetime] = mapped_column(Moment)
    counted_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("stocktake_id", "stocktakes"),
        refers("lot_id", "lots"),
        refers("counted_by", "people"),
        UniqueConstraint("network_id", "stocktake_id", "lot_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index(
            "uq_stocktake_counts_in_all",
            "network_id",
            "stocktake_id",
            unique=True,
            sqlite_where=_NO_LOT,
            postgresql_where=_NO_LOT,
        ),
    )


class StocktakeCrossing(Owned, Base):
    """A move recorded after the stocktake began, dated that day or before: did it happen before or after the count?"""

    __tablename__ = "stocktake_crossings"

    stocktake_id: Mapped[int] = mapped_column(Key)
    entry_id: Mapped[int] = mapped_column(Key)
    answer: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime] = mapped_column(Moment)
    answered_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("stocktake_id", "stocktakes"),
        refers("entry_id", "entries"),
        refers("answered_by", "people"),
        UniqueConstraint("network_id", "stocktake_id", "entry_id"),
        CheckConstraint(one_of("answer", CROSSINGS), name="answer"),
    )
