"""What must always hold for the stocktakes of a network. Reports; repairs nothing."""

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, literal, or_, select, union_all

from branchnet.database import Rows
from branchnet.models import (
    Discrepancy,
    Entry,
    FoundItem,
    Lot,
    Move,
    Stocktake,
    StocktakeCount,
    StocktakeCrossing,
)
from branchnet.stock.checks import Asked


def stocktake_days(network_id: int) -> Rows:
    """Counts of a day on which their stocktake had not begun, or was over; and copies that were counted twice."""
    wrong = or_(
        StocktakeCount.counted_on < Stocktake.begun_on,
        and_(Stocktake.state == "closed", StocktakeCount.counted_on > Stocktake.ended_on),
        and_(Lot.serial.is_(True), StocktakeCount.quantity != 1),
    )
    return (
        select(Stocktake.id.label("stocktake_id"), StocktakeCount.lot_id, StocktakeCount.counted_on)
        .join(StocktakeCount, _of(StocktakeCount, network_id))
        .outerjoin(Lot, and_(Lot.network_id == network_id, Lot.id == StocktakeCount.lot_id))
        .where(Stocktake.network_id == network_id, wrong)
    )


def stocktake_elsewhere(network_id: int) -> Asked:
    """Differences and found items of a stocktake that are not of its place; open ones of one that is not closed."""
    stray = or_(
        Discrepancy.place_id != Stocktake.place_id,
        Discrepancy.opened_on < Stocktake.begun_on,
        and_(Discrepancy.closed_on.is_(None), Stocktake.state != "closed"),
    )
    cases = (
        select(Stocktake.id.label("stocktake_id"), Discrepancy.id.label("row_id"))
        .join(Discrepancy, _of(Discrepancy, network_id))
        .where(Stocktake.network_id == network_id, stray)
    )
    items = (
        select(Stocktake.id, FoundItem.id)
        .join(FoundItem, _of(FoundItem, network_id))
        .where(Stocktake.network_id == network_id, FoundItem.place_id != Stocktake.place_id)
    )
    return union_all(cases, items)


def stocktake_unanswered(network_id: int) -> Rows:
    """Closed stocktakes of which nobody said on which side of a title's count a move lies that its day leaves open.

    A move and what takes it back are one: neither is asked about.
    """
    undo = exists().where(Entry.network_id == network_id, Entry.reverses_id == Move.entry_id).correlate(Move)
    answered = exists().where(
        StocktakeCrossing.network_id == network_id,
        StocktakeCrossing.stocktake_id == Stocktake.id,
        StocktakeCrossing.entry_id == Move.entry_id,
    )
    change = func.sum(case((Move.to_place_id == Stocktake.place_id, Move.quantity), else_=-Move.quantity))
    either_side = or_(
        and_(Move.id > func.coalesce(Stocktake.last_move_id, 0), Entry.happened_on <= Stocktake.begun_on),
        and_(Entry.happened_on == StocktakeCount.counted_on, Entry.happened_on > Stocktake.begun_on),
    )
    return (
        select(Stocktake.id.label("stocktake_id"), Move.entry_id, cast(change, Integer).label("copies"))
        .join(StocktakeCount, _of(StocktakeCount, network_id))
        .join(Move, and_(Move.network_id == network_id, Move.lot_id == StocktakeCount.lot_id, Move.serial.is_(False)))
        .join(Entry, and_(Entry.network_id == network_id, Entry.id == Move.entry_id, Entry.reverses_id.is_(None)))
        .where(
            Stocktake.network_id == network_id,
            Stocktake.state == "closed",
            or_(Move.to_place_id == Stocktake.place_id, Move.from_place_id == Stocktake.place_id),
            Move.id <= Stocktake.closed_move_id,
            either_side,
            ~undo,
            ~answered,
        )
        .group_by(Stocktake.id, Move.entry_id)
        .having(change != literal(0))
    )


def _of(table: type[StocktakeCount | Discrepancy | FoundItem], network_id: int) -> ColumnElement[bool]:
    return and_(table.network_id == network_id, table.stocktake_id == Stocktake.id)
