"""What must always hold for books that come back. Reports; repairs nothing."""

from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from branchnet.batches.brought import came_with
from branchnet.batches.settling import SETTLES
from branchnet.database import Rows
from branchnet.models import Batch, BatchLine, BatchScan, Move, Place, Settlement, StayEnd
from branchnet.stock.checks import Asked


def settled_more(network_id: int) -> Asked:
    """By batch and lot: more settled of a batch than it brought there; more settled by one than it took away (册)."""
    return union_all(_more_than_brought(network_id), _more_than_taken(network_id))


def _more_than_brought(network_id: int) -> Rows:
    settled = (
        select(
            Settlement.settles_id.label("batch_id"),
            Settlement.lot_id,
            cast(func.sum(Settlement.quantity), Integer).label("settled"),
        )
        .where(Settlement.network_id == network_id)
        .group_by(Settlement.settles_id, Settlement.lot_id)
        .subquery()
    )
    brought = (
        select(came_with(Batch.to_place_id))
        .where(Move.network_id == network_id, Move.batch_id == Batch.id, Move.lot_id == settled.c.lot_id)
        .correlate(Batch, settled)
        .scalar_subquery()
    )
    there = func.coalesce(brought, 0)
    return (
        select(settled.c.batch_id, settled.c.lot_id, settled.c.settled, there.label("moved"))
        .join(Batch, and_(Batch.network_id == network_id, Batch.id == settled.c.batch_id))
        .where(settled.c.settled > there)
    )


def _more_than_taken(network_id: int) -> Rows:
    settled = (
        select(Settlement.batch_id, Settlement.lot_id, cast(func.sum(Settlement.quantity), Integer).label("settled"))
        .where(Settlement.network_id == network_id)
        .group_by(Settlement.batch_id, Settlement.lot_id)
        .subquery()
    )
    change = case((Move.from_place_id == Batch.from_place_id, Move.quantity), else_=-Move.quantity)
    taken = (
        select(cast(func.sum(change), Integer))
        .where(
            Move.network_id == network_id,
            Move.batch_id == Batch.id,
            Move.lot_id == settled.c.lot_id,
            or_(Move.from_place_id == Batch.from_place_id, Move.to_place_id == Batch.from_place_id),
        )
        .correlate(Batch, settled)
        .scalar_subquery()
    )
    left = func.coalesce(taken, 0)
    return (
        select(settled.c.batch_id, settled.c.lot_id, settled.c.settled, left.label("moved"))
        .join(Batch, and_(Batch.network_id == network_id, Batch.id == settled.c.batch_id))
        .where(or_(settled.c.settled > left, Batch.kind.not_in(sorted(SETTLES))))
    )


def more_back(network_id: int) -> Rows:
    """By point and lot: more copies (册) taken away by returns and rotations than ever came there by any way."""
    nothing = literal(0)
    back = and_(Batch.kind.in_(sorted(SETTLES)), Batch.from_place_id == Place.id)
    undoes = Move.reverses_id.is_not(None)
    ends = (
        (Move.to_place_id, Move.quantity, Move.quantity),
        # What was lost there is no matter of this: only the reversal of what came takes it away again.
        (Move.from_place_id, -Move.quantity, case((undoes, -Move.quantity), else_=nothing)),
    )
    both = union_all(
        *(
            select(
                end.label("place_id"),
                Move.lot_id,
                case((back, nothing), else_=came).label("came"),
                case((back, -change), else_=nothing).label("taken"),
            )
            .join(Place, and_(Place.network_id == network_id, Place.id == end, Place.kind == "point"))
            .outerjoin(Batch, and_(Batch.network_id == network_id, Batch.id == Move.batch_id))
            .where(Move.network_id == network_id)
            for end, change, came in ends
        )
    ).subquery()
    brought, gone = _sum(both.c.came), _sum(both.c.taken)
    return (
        select(both.c.place_id, both.c.lot_id, brought.label("came"), gone.label("taken"))
        .group_by(both.c.place_id, both.c.lot_id)
        .having(gone > brought)
    )


def scanned_strangers(network_id: int) -> Rows:
    """Scans of a return that are of a copy which is not on its lines, or of more than one return may hold (册)."""
    line = (
        select(func.sum(BatchLine.quantity))
        .where(
            BatchLine.network_id == network_id,
            BatchLine.batch_id == BatchScan.batch_id,
            BatchLine.lot_id == BatchScan.lot_id,
        )
        .correlate(BatchScan)
        .scalar_subquery()
    )
    return (
        select(BatchScan.batch_id, BatchScan.lot_id, Batch.state)
        .join(Batch, and_(Batch.network_id == network_id, Batch.id == BatchScan.batch_id))
        .where(
            BatchScan.network_id == network_id,
            or_(line.is_(None), Batch.kind != "return", Batch.state.in_(("draft", "packed", "cancelled"))),
        )
    )


def stay_ends_differ(network_id: int) -> Rows:
    """Stays that ended: the delivery says the day, and the return that ended it, where one did, has left its place."""
    ending = aliased(Batch)
    return (
        select(StayEnd.delivery_id, StayEnd.return_id)
        .join(Batch, and_(Batch.network_id == network_id, Batch.id == StayEnd.delivery_id))
        .outerjoin(ending, and_(ending.network_id == network_id, ending.id == StayEnd.return_id))
        .where(
            StayEnd.network_id == network_id,
            or_(
                Batch.collected_on.is_(None),
                Batch.kind != "delivery",
                ending.from_place_id != Batch.to_place_id,
                and_(ending.id.is_not(None), ending.dispatched_on.is_(None)),
            ),
        )
    )


def _sum(column: Any) -> Any:
    return cast(func.sum(column), Integer)
