"""What was handed over to another network stays there: it is neither taken back here nor found again."""

from sqlalchemy import and_, case, func, or_, select

from branchnet.access.acts import Act
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import Batch, HandOver, Holding, Move
from branchnet.points.queries import central_place


def check_not_handed_over(act: Act, batch: Batch) -> None:
    """Neither end of a hand over is taken back alone. Raises Conflict("point_handed_over")."""
    here = and_(HandOver.network_id == act.network_id, HandOver.batch_id == batch.id)
    there = and_(HandOver.to_network_id == act.network_id, HandOver.to_batch_id == batch.id)
    if db.session.execute(select(HandOver.id).where(or_(here, there))).first() is not None:
        raise Conflict("point_handed_over")


def check_not_away(act: Act, lot_id: int, quantity: int) -> None:
    """So many copies (册) of what is withdrawn may turn up here: another network has the others. Raises Conflict."""
    gone = central_place(act.network_id, "withdrawn")
    out = and_(Move.to_place_id == gone, Move.reason == "handed_over")
    home = and_(Move.from_place_id == gone, Move.reason == "accession")
    net = case((out, Move.quantity), (home, -Move.quantity), else_=0)
    mine = (Move.network_id == act.network_id, Move.lot_id == lot_id)
    away = db.session.scalar(select(func.coalesce(func.sum(net), 0)).where(*mine)) or 0
    held = (Holding.network_id == act.network_id, Holding.lot_id == lot_id, Holding.place_id == gone)
    there = db.session.scalar(select(Holding.quantity).where(*held)) or 0
    if away and quantity > there - away:
        raise Conflict("point_handed_over")
