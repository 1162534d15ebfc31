"""When books came to points and left them again, for how long they stand there. A statement each."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, case, exists, func, select, union_all
from sqlalchemy.orm import aliased

from branchnet.coverage.history import SENT_KINDS
from branchnet.coverage.rules import Leg
from branchnet.extensions import db
from branchnet.models import Batch, HandOver, Move

_CAME = ("receive", "accession")
"""Reasons of moves with which a batch's books come in: what is found or over later is no batch."""


def arrivals(network_id: int, place_ids: Sequence[int]) -> Iterator[tuple[int, Leg]]:
    """By place the days on which books of a batch came in, boxes that came on several days on each of them.

    An opening is no batch that came, and neither is what another network handed over: both were there before.
    """
    undone: Any = aliased(Move)
    taken_over = exists().where(HandOver.to_network_id == Batch.network_id, HandOver.to_batch_id == Batch.id)
    rows = db.session.execute(
        select(Move.to_place_id, Move.occurred_on, undone.occurred_on, func.sum(Move.quantity))
        .join(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .outerjoin(undone, and_(undone.network_id == Move.network_id, undone.reverses_id == Move.id))
        .where(
            Move.network_id == network_id,
            Move.to_place_id.in_(place_ids),
            Move.reason.in_(_CAME),
            Batch.to_place_id == Move.to_place_id,
            Batch.kind.in_(SENT_KINDS),
            ~taken_over,
        )
        .group_by(Move.to_place_id, Move.occurred_on, undone.occurred_on)
    )
    for place_id, on, undone_on, copies in rows:
        yield place_id, Leg(on, on, int(copies), undone_on)


def legs(network_id: int, place_ids: Sequence[int]) -> Iterator[tuple[int, Leg]]:
    """By place what came and left, in groups: most lots come to a place once, and all that came on a day are alike."""
    moved = _moved(network_id, place_ids)
    of_lot = (moved.c.place_id, moved.c.lot_id)
    told = select(
        moved,
        func.sum(case((moved.c.copies > 0, 1), else_=0)).over(partition_by=of_lot).label("came"),
        func.min(case((moved.c.copies > 0, moved.c.on))).over(partition_by=of_lot).label("first_on"),
    ).subquery()
    once = told.c.came == 1
    grouped = select(
        told.c.place_id,
        case((once, 0), else_=told.c.lot_id).label("lot"),
        case((once, told.c.first_on)).label("first_on"),
        told.c.on,
        told.c.undone_on,
        told.c.copies,
    ).subquery()
    keys = (grouped.c.place_id, grouped.c.lot, grouped.c.first_on, grouped.c.on, grouped.c.undone_on)
    leaves = case((grouped.c.copies < 0, 1), else_=0)
    rows = db.session.execute(select(*keys, func.sum(grouped.c.copies)).group_by(*keys, leaves))
    for place_id, lot, first_on, on, undone_on, copies in rows:
        yield place_id, Leg(lot or first_on, on, int(copies), undone_on)


def _moved(network_id: int, place_ids: Sequence[int]) -> Any:
    """Every move to and from these places that reverses none, with the day on which it was reversed itself."""
    undone: Any = aliased(Move)
    sides = [
        select(
            place.label("place_id"),
            Move.lot_id,
            Move.occurred_on.label("on"),
            undone.occurred_on.label("undone_on"),
            copies.label("copies"),
        )
        .outerjoin(undone, and_(undone.network_id == Move.network_id, undone.reverses_id == Move.id))
        .where(Move.network_id == network_id, place.in_(place_ids), Move.reverses_id.is_(None))
        for place, copies in ((Move.to_place_id, Move.quantity), (Move.from_place_id, -Move.quantity))
    ]
    return union_all(*sides).subquery()
