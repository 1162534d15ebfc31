"""Which batches still have to do with a place: what is meant for it or leaves it, and what is to be fetched there."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Integer, cast, func, or_, select

from branchnet.batches import rules
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Holding

DELIVERED = frozenset({"received", "closed"})


@dataclass(frozen=True, slots=True)
class Touching:
    """A batch that begins or ends at a place, with the copies (册) on its lines."""

    id: int
    number: str
    kind: str
    state: str
    comes: bool
    """Whether it is meant for the place; else it leaves it."""
    copies: int
    due_back_on: date | None


def under_way(network_id: int, place_id: int) -> list[Touching]:
    """Drafts, packed batches and those on the road that come to a place or leave it, the oldest first."""
    there = or_(Batch.to_place_id == place_id, Batch.from_place_id == place_id)
    return _found(network_id, place_id, there, Batch.state.in_(rules.OPEN | rules.ON_THE_ROAD))


def to_collect(network_id: int, place_id: int) -> list[Touching]:
    """Deliveries that were taken in at a place and not fetched yet, the oldest first."""
    delivered = (Batch.kind == "delivery", Batch.state.in_(DELIVERED), Batch.collected_on.is_(None))
    return _found(network_id, place_id, Batch.to_place_id == place_id, *delivered)


def stays_behind(network_id: int, place_id: int) -> dict[int, int]:
    """By lot the copies (册) that a delivery brought to a place and that are to be fetched; at most what is there."""
    delivered = [batch.id for batch in to_collect(network_id, place_id)]
    brought = (
        select(BatchLine.lot_id, cast(func.sum(BatchLine.quantity), Integer).label("copies"))
        .where(BatchLine.network_id == network_id, BatchLine.batch_id.in_(delivered))
        .group_by(BatchLine.lot_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Holding.lot_id, Holding.quantity, brought.c.copies)
        .join(brought, brought.c.lot_id == Holding.lot_id)
        .where(Holding.network_id == network_id, Holding.place_id == place_id)
    ).all()
    return {lot_id: min(quantity, copies) for lot_id, quantity, copies in rows}


def _found(network_id: int, place_id: int, *where: ColumnElement[bool]) -> list[Touching]:
    copies = (
        select(func.coalesce(func.sum(BatchLine.quantity), 0))
        .where(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Batch.id,
            Batch.number,
            Batch.kind,
            Batch.state,
            (Batch.to_place_id == place_id).label("comes"),
            cast(copies, Integer),
            Batch.due_back_on,
        )
        .where(Batch.network_id == network_id, *where)
        .order_by(Batch.id)
    )
    return [Touching(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6]) for row in rows]
