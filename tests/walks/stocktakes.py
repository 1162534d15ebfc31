"""Stocktakes for the walk over every page: one that goes on and has all that can be asked, one that is over."""

from datetime import timedelta

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.commands.taking_in import take_in
from branchnet.batches.queries.one import counted_lots_at
from branchnet.batches.stocktaking import commands
from branchnet.extensions import db, transaction
from branchnet.models import Holding, Lot, ServicePoint, Stocktake
from branchnet.points.queries import central_place
from branchnet.stock.rules import NewLot


def stocktakes(network_id: int, counting_at: str, closed_at: str) -> list[str]:
    """Their numbers; they are made the first time, at the points of these codes."""
    known = select(Stocktake.number).where(Stocktake.network_id == network_id).order_by(Stocktake.id)
    if not db.session.scalars(known).all():
        act = Act(network_id)
        with transaction():
            _going_on(act, _place(network_id, counting_at))
            _over(act, _place(network_id, closed_at))
    return list(db.session.scalars(known))


def _place(network_id: int, code: str) -> int:
    point = select(ServicePoint.place_id).where(ServicePoint.network_id == network_id, ServicePoint.code == code)
    return db.session.scalars(point).one()


def _going_on(act: Act, place_id: int) -> None:
    """Copies of here, of the shelf and of nobody; a number for the rest; and books that were dated back."""
    today = act.today()
    stocktake = commands.begin(act, place_id, "scan", today)
    shelf = central_place(act.network_id, "shelf")
    barcodes = db.session.scalars(
        select(Lot.barcode)
        .join(Holding, (Holding.network_id == Lot.network_id) & (Holding.lot_id == Lot.id))
        .where(Lot.network_id == act.network_id, Lot.serial, Holding.quantity > 0)
        .where(Holding.place_id.in_((place_id, shelf)))
        .order_by(Lot.id)
        .limit(30)
    )
    commands.count_list(act, stocktake.id, [*filter(None, barcodes), "978-nobody"], today)
    commands.note_found(act, stocktake.id, "县馆的书", 2, today, "县图书馆")
    take_in(act, "opening", [NewLot("补记的旧书", 9, quality="estimated")], today - timedelta(days=3), place_id)
    lots = {lot.id: lot.quantity for lot in counted_lots_at(act.network_id, place_id)}
    commands.count_titles(act, stocktake.id, lots, today, 5)


def _over(act: Act, place_id: int) -> None:
    today = act.today()
    stocktake = commands.begin(act, place_id, "count", today)
    lots = {lot.id: lot.quantity + 2 for lot in counted_lots_at(act.network_id, place_id)}
    commands.count_titles(act, stocktake.id, lots, today, 7)
    commands.close(act, stocktake.id, today)
