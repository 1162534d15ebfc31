"""A delivery of which nothing is out any more has ended its stay, also where no return took the last of it."""

from datetime import date
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.acts import Act
from branchnet.batches.brought import standing_at
from branchnet.batches.commands.shared import batch_for
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Holding, Move, Settlement, StayEnd

DELIVERED = ("received", "closed")


def follow_stays(act: Act, place_id: int) -> None:
    """Bring the stays at a place to what stands there, after moves that no return settled: lost, damaged, found again.

    A stay ends on the day of the last leaving. One that ended so, and of which something is out again, goes on.
    """
    ended = db.session.scalars(
        select(StayEnd.delivery_id)
        .join(Batch, and_(Batch.network_id == StayEnd.network_id, Batch.id == StayEnd.delivery_id))
        .where(StayEnd.network_id == act.network_id, StayEnd.return_id.is_(None), Batch.to_place_id == place_id)
    ).all()
    running = db.session.scalars(
        select(Batch.id).where(
            Batch.network_id == act.network_id,
            Batch.to_place_id == place_id,
            Batch.kind == "delivery",
            Batch.state.in_(DELIVERED),
            Batch.collected_on.is_(None),
        )
    ).all()
    if not ended and not running:
        return
    there = standing_at(act.network_id, place_id).totals()
    for delivery_id in sorted({*ended, *(one for one in running if one not in there)}):
        _follow(act, delivery_id, delivery_id in ended, delivery_id in there)


def _follow(act: Act, delivery_id: int, ended: bool, there: bool) -> None:
    delivery = batch_for(act, delivery_id)
    over = delivery.state in DELIVERED and not there and not _on_the_road(act, delivery)
    if ended and not (over and delivery.collected_on):
        delivery.collected_on = None
        mine = (StayEnd.network_id == act.network_id, StayEnd.delivery_id == delivery_id)
        db.session.execute(delete(StayEnd).where(*mine))
    if over and delivery.collected_on is None and (day := _last_left(act, delivery)) is not None:
        delivery.collected_on = day
        db.session.execute(insert(StayEnd).values(network_id=act.network_id, delivery_id=delivery_id, return_id=None))
    db.session.flush()


def _on_the_road(act: Act, delivery: Batch) -> bool:
    road = (Holding.network_id == act.network_id, Holding.place_id == delivery.transit_place_id, Holding.quantity > 0)
    return bool(db.session.scalar(select(exists().where(*road))))


def _last_left(act: Act, delivery: Batch) -> date | None:
    """The last day on which something of it left its place, or its road for elsewhere; None where nothing ever did."""
    undoing: Any = aliased(Move)
    settling = select(Settlement.batch_id).where(
        Settlement.network_id == act.network_id, Settlement.settles_id == delivery.id
    )
    # Of a counted lot others may have brought copies too: those that left with another's return are not meant.
    own = or_(Move.serial, Move.batch_id.is_(None), Move.batch_id == delivery.id, Move.batch_id.in_(settling))
    return db.session.scalar(
        select(func.max(Move.occurred_on)).where(
            Move.network_id == act.network_id,
            Move.lot_id.in_(
                select(BatchLine.lot_id).where(
                    BatchLine.network_id == act.network_id, BatchLine.batch_id == delivery.id
                )
            ),
            or_(
                and_(Move.from_place_id == delivery.to_place_id, own),
                and_(Move.from_place_id == delivery.transit_place_id, Move.to_place_id != delivery.to_place_id),
            ),
            Move.reverses_id.is_(None),
            ~exists().where(undoing.network_id == Move.network_id, undoing.reverses_id == Move.id),
        )
    )
