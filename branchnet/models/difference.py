"""Differences, what is paid for them, repairs, and the lists by which copies leave the books."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

DISCREPANCY_KINDS = ("short", "over", "damaged")
RESOLUTIONS = ("found", "lost", "damaged", "miscounted", "surplus", "repaired", "worn")
DISPOSAL_STATES = ("draft", "approved", "cancelled")
REPAIR_OUTCOMES = ("repaired", "beyond_repair")


class Discrepancy(Owned, Base):
    """A difference (差异) that both ends see until it is closed. Names no copy until someone knows it.

    It was found in a batch, in a stocktake, or, without either, reported of copies that stand at a place.
    """

    __tablename__ = "discrepancies"

    batch_id: Mapped[int | None] = mapped_column(Key)
    stocktake_id: Mapped[int | None] = mapped_column(Key)
    place_id: Mapped[int | None] = mapped_column(Key)
    """Where the copies should be, where no batch says so."""
    box_id: Mapped[int | None] = mapped_column(Key)
    lot_id: Mapped[int | None] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int]
    in_transit: Mapped[bool]
    """True: the missing copies still stand on the road. False: the ledger has them at the receiving place."""
    note: Mapped[str | None] = mapped_column(String(200))
    opened_on: Mapped[date] = mapped_column(Day)
    opened_by: Mapped[int | None] = mapped_column(Key)
    opened_entry_id: Mapped[int | None] = mapped_column(Key)
    """The entry of the count that found it; empty for damage that was found apart from a count."""
    closed_on: Mapped[date | None] = mapped_column(Day)
    closed_by: Mapped[int | None] = mapped_column(Key)
    resolution: Mapped[str | None] = mapped_column(String(20))
    closing_note: Mapped[str | None] = mapped_column(String(200))
    """Why it ended so, where somebody said it."""
    entry_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("batch_id", "batches"),
        refers("stocktake_id", "stocktakes"),
        refers("place_id", "places"),
        refers("box_id", "boxes", also=["batch_id"]),
        refers("lot_id", "lots"),
        refers("opened_by", "people"),
        refers("closed_by", "people"),
        refers("entry_id", "entries"),
        refers("opened_entry_id", "entries"),
        CheckConstraint(one_of("kind", DISCREPANCY_KINDS), name="kind"),
        CheckConstraint(one_of("resolution", RESOLUTIONS), name="resolution"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(closed_on IS NULL) = (resolution IS NULL)", name="closed"),
        CheckConstraint("closed_on >= opened_on", name="closed_later"),
        CheckConstraint("NOT in_transit OR (lot_id IS NOT NULL AND kind = 'short')", name="in_transit"),
        CheckConstraint("(batch_id IS NULL) = (place_id IS NOT NULL)", name="where_found"),
        CheckConstraint("batch_id IS NULL OR stocktake_id IS NULL", name="one_cause"),
        CheckConstraint("batch_id IS NOT NULL OR (box_id IS NULL AND NOT in_transit)", name="of_a_batch"),
        Index(None, "network_id", "batch_id"),
        Index(None, "network_id", "place_id"),
    )


class Compensation(Owned, Base):
    """What is paid (赔偿) for copies that a difference was about: agreed on a day, received on another."""

    __tablename__ = "compensations"

    discrepancy_id: Mapped[int] = mapped_column(Key)
    amount_fen: Mapped[int]
    agreed_on: Mapped[date] = mapped_column(Day)
    paid_on: Mapped[date | None] = mapped_column(Day)
    note: Mapped[str | None] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "discrepancy_id"),
        refers("discrepancy_id", "discrepancies"),
        refers("recorded_by", "people"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("paid_on >= agreed_on", name="paid_later"),
    )


class Repair(Owned, Base):
    """Damaged copies are mended (修补) in the central library's workroom, or turn out to be beyond it."""

    __tablename__ = "repairs"

    discrepancy_id: Mapped[int | None] = mapped_column(Key)
    lot_id: Mapped[int] = mapped_column(Key)
    serial: Mapped[bool]
    quantity: Mapped[int]
    begun_on: Mapped[date] = mapped_column(Day)
    begun_entry_id: Mapped[int] = mapped_column(Key)
    ended_on: Mapped[date | None] = mapped_column(Day)
    outcome: Mapped[str | None] = mapped_column(String(20))
    entry_id: Mapped[int | None] = mapped_column(Key)
    cost_fen: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("discrepancy_id", "discrepancies"),
        refers("lot_id", "lots", also=["serial"]),
        refers("begun_entry_id", "entries"),
        refers("entry_id", "entries"),
        refers("recorded_by", "people"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT serial OR quantity = 1", name="serial_one"),
        CheckConstraint(one_of("outcome", REPAIR_OUTCOMES), name="outcome"),
        CheckConstraint("(ended_on IS NULL) = (outcome IS NULL)", name="ended"),
        CheckConstraint("ended_on >= begun_on", name="ended_later"),
        CheckConstraint("cost_fen >= 0", name="cost"),
        Index(None, "network_id", "lot_id"),
    )


class Disposal(Owned, Base):
    """A disposal list (处置单): lost and damaged copies leave the books by it, once it is approved; state property."""

    __tablename__ = "disposals"

    number: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    made_on: Mapped[date] = mapped_column(Day)
    approval_number: Mapped[str | None] = mapped_column(String(60))
    """The number of the paper that approved it (批准文号)."""
    approved_on: Mapped[date | None] = mapped_column(Day)
    entry_id: Mapped[int | None] = mapped_column(Key)
    note: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "number"),
        refers("entry_id", "entries"),
        refers("created_by", "people"),
        CheckConstraint(one_of("state", DISPOSAL_STATES), name="state"),
        CheckConstraint(
            "(state = 'approved') = (approval_number IS NOT NULL AND approved_on IS NOT NULL AND entry_id IS NOT NULL)",
            name="approved",
        ),
        CheckConstraint("length(approval_number) > 0", name="approval_number"),
        CheckConstraint("approved_on >= made_on", name="approved_later"),
    )


class DisposalLine(Owned, Base):
    """So many copies of a lot on a disposal list, from where they wait: lost, or to be disposed."""

    __tablename__ = "disposal_lines"

    disposal_id: Mapped[int] = mapped_column(Key)
    lot_id: Mapped[int] = mapped_column(Key)
    serial: Mapped[bool]
    from_place_id: Mapped[int] = mapped_column(Key)
    quantity: Mapped[int]

    __table_args__ = (
        refers("disposal_id", "disposals"),
        refers("lot_id", "lots", also=["serial"]),
        refers("from_place_id", "places"),
        UniqueConstraint("network_id", "disposal_id", "lot_id", "from_place_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT serial OR quantity = 1", name="serial_one"),
        Index(None, "network_id", "lot_id"),
    )
