"""What every verb needs: the stocktake under lock, and days that fit it."""

from datetime import date

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.commands.shared import not_ahead
from branchnet.errors import Conflict, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Move, Network, Stocktake


def stocktake_for(act: Act, stocktake_id: int, *states: str, ends: bool = False) -> Stocktake:
    """The stocktake in one of these states (``counting`` unless told otherwise), locked.

    Many count at a time; whoever ``ends`` it waits for them. Raises NotFound, Conflict("stocktake_over").
    """
    stocktake = db.session.scalars(
        select(Stocktake)
        .where(Stocktake.network_id == act.network_id, Stocktake.id == stocktake_id)
        .with_for_update(read=not ends)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if stocktake is None:
        raise NotFound(stocktake_id=stocktake_id)
    if stocktake.state not in (states or ("counting",)):
        raise Conflict("stocktake_over", number=stocktake.number, state=stocktake.state)
    return stocktake


def day_of(act: Act, stocktake: Stocktake, day: date) -> date:
    """The day itself. Raises Invalid for one that has not come, TooEarly for one before the stocktake began."""
    if not_ahead(act, day) < stocktake.begun_on:
        raise TooEarly(earliest=stocktake.begun_on, fields={"happened_on": "too_early"})
    return day


def last_move(act: Act) -> int:
    """The last move of the network (0: none), once whatever is being posted is written: postings read this row."""
    mine = select(Network.id).where(Network.id == act.network_id)
    db.session.execute(mine.with_for_update(key_share=True)).one()
    return db.session.scalar(select(func.max(Move.id)).where(Move.network_id == act.network_id)) or 0
