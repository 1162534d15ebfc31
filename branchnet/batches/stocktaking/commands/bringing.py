"""A copy was scanned where the books do not have it: one press writes the batch that nobody had written down."""

from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.commands.afterwards import Afterwards, log_afterwards
from branchnet.batches.commands.lines import NewLine
from branchnet.batches.stocktaking.commands.shared import day_of, stocktake_for
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import Holding, Place, StocktakeCount

WAYS = {("shelf", "point"): "allocation", ("point", "point"): "rotation", ("point", "shelf"): "return"}
"""The batch by which books came from where the books have them to where they were scanned."""


def bring_here(act: Act, stocktake_id: int, from_place_id: int, happened_on: date) -> str:
    """Write down that the copies scanned here came from another place, as a batch of that day. Returns its number.

    Raises Conflict("cannot_bring") from where no batch comes (lost, to be disposed, on the road), or where no copy
    that was scanned is; and what `log_afterwards` raises.
    """
    stocktake = stocktake_for(act, stocktake_id)
    day = day_of(act, stocktake, happened_on)
    places = select(Place.id, Place.kind).where(
        Place.network_id == act.network_id, Place.id.in_((from_place_id, stocktake.place_id))
    )
    kinds = dict(db.session.execute(places).all())
    kind = WAYS.get((kinds.get(from_place_id, ""), kinds[stocktake.place_id]))
    lots = db.session.scalars(
        select(Holding.lot_id)
        .join(
            StocktakeCount,
            (StocktakeCount.network_id == Holding.network_id) & (StocktakeCount.lot_id == Holding.lot_id),
        )
        .where(
            Holding.network_id == act.network_id,
            Holding.place_id == from_place_id,
            Holding.quantity > 0,
            Holding.serial,
            StocktakeCount.stocktake_id == stocktake.id,
        )
        .order_by(Holding.lot_id)
    ).all()
    if kind is None or not lots or from_place_id == stocktake.place_id:
        raise Conflict("cannot_bring", number=stocktake.number)
    told = Afterwards(
        kind=kind,
        sent_on=day,
        from_place_id=from_place_id,
        to_place_id=stocktake.place_id,
        lines=[NewLine(lot_id) for lot_id in lots],
        received_on=day,
        note=stocktake.number,
    )
    return log_afterwards(act, told).number
