"""What is settled of counted lots, and what may be. Reads."""

from sqlalchemy import Integer, cast, func, or_, select

from branchnet.batches.brought import came_with
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Move, Settlement

By = dict[int, dict[int, int]]
"""By lot and settled batch, copies (册)."""


def open_to_settle(network_id: int, batch: Batch) -> By:
    """By counted lot and earlier batch the copies (册) that a batch may settle: brought, less what others settled."""
    mine = select(BatchLine.lot_id).where(BatchLine.network_id == network_id, BatchLine.batch_id == batch.id)
    brought = db.session.execute(
        select(Move.lot_id, Move.batch_id, came_with(batch.from_place_id).label("copies"))
        .join(Batch, (Batch.network_id == Move.network_id) & (Batch.id == Move.batch_id))
        .where(
            Move.network_id == network_id,
            Move.serial.is_(False),
            Move.lot_id.in_(mine),
            Batch.to_place_id == batch.from_place_id,
            or_(Move.to_place_id == batch.from_place_id, Move.from_place_id == batch.from_place_id),
        )
        .group_by(Move.lot_id, Move.batch_id)
        .order_by(Move.lot_id, func.min(Move.occurred_on), Move.batch_id)
    ).all()
    others = db.session.execute(
        select(Settlement.lot_id, Settlement.settles_id, cast(func.sum(Settlement.quantity), Integer))
        .where(Settlement.network_id == network_id, Settlement.batch_id != batch.id, Settlement.lot_id.in_(mine))
        .group_by(Settlement.lot_id, Settlement.settles_id)
    )
    used = {(lot_id, settles_id): copies for lot_id, settles_id, copies in others}
    found: By = {}
    for lot_id, settles_id, copies in brought:
        found.setdefault(lot_id, {})[settles_id] = max(copies - used.get((lot_id, settles_id), 0), 0)
    return found


def settlements_of(network_id: int, batch_id: int) -> By:
    """By counted lot and batch what a return or rotation settles (册), in the order in which it was settled."""
    rows = db.session.execute(
        select(Settlement.lot_id, Settlement.settles_id, Settlement.quantity)
        .where(Settlement.network_id == network_id, Settlement.batch_id == batch_id)
        .order_by(Settlement.lot_id, Settlement.id)
    )
    found: By = {}
    for lot_id, settles_id, copies in rows:
        found.setdefault(lot_id, {})[settles_id] = copies
    return found
