"""What copies are worth: 册, 码洋, and how many of them have no list price. A gift is no asset of the network's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Subquery, and_, case, cast, func, literal, select, union_all

from branchnet.database import Key, Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Holding, Lot, Move, Place
from branchnet.stock.rules import QUALITY_ORDER

OTHERS = ("school", "book_house")
"""Owners whose books are in the network's care, and no asset of it."""


@dataclass(frozen=True, slots=True)
class Worth:
    """So many copies (册), list price of the priced ones in fen (码洋), and how many have none.

    ``fen`` is None where there are copies and not one has a price: unknown, never 0. ``quality``: how well the number
    of copies is known, by the worst of its records.
    """

    copies: int
    fen: int | None
    unpriced: int
    quality: str = "exact"


NOTHING = Worth(0, 0, 0)


def worth_of_batch(network_id: int, batch_id: int) -> Worth:
    """What stands on the lines of a batch."""
    lines = (
        select(literal(0).label("place_id"), BatchLine.lot_id, BatchLine.quantity.label("copies"))
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .subquery()
    )
    return _worths(network_id, lines).get(0, NOTHING)


def worth_at_places(network_id: int, place_ids: Sequence[int]) -> dict[int, Worth]:
    """What stands at each of these places now, gifts too; a place without any copy is left out."""
    held = (
        select(Holding.place_id, Holding.lot_id, Holding.quantity.label("copies"))
        .where(Holding.network_id == network_id, Holding.place_id.in_(place_ids), Holding.quantity > 0)
        .subquery()
    )
    return _worths(network_id, held)


def gifts_at_points(network_id: int) -> Worth:
    """What stands at the points as a gift (赠送): in the copies on site, in no asset."""
    return _worths(network_id, _gifts(network_id).subquery()).get(0, NOTHING)


def gifts_at(network_id: int, place_id: int) -> dict[int, int]:
    """By lot the copies (册) that stand at a point as a gift."""
    given = _gifts(network_id, place_id).subquery()
    return dict(db.session.execute(select(given.c.lot_id, given.c.copies)).all())


def assets_of_network(network_id: int) -> Worth:
    """What the network owns: copies in all its places, on the road and lost too until they are withdrawn (注销).

    Less what stands at points as a gift, and without what schools and book houses own. Three scans of an index,
    whatever the number of rows.
    """
    held = (
        select(literal(0).label("place_id"), Holding.lot_id, Holding.quantity.label("copies"))
        .join(Place, and_(Place.network_id == Holding.network_id, Place.id == Holding.place_id))
        .where(Holding.network_id == network_id, Holding.quantity > 0, Place.kind != "withdrawn")
    )
    given = _gifts(network_id).subquery()
    less = select(given.c.place_id, given.c.lot_id, -given.c.copies)
    owned = union_all(held, less).subquery()
    return _worths(network_id, owned, Lot.owner.not_in(OTHERS)).get(0, NOTHING)


def _worths(network_id: int, copies: Subquery, *where: Any) -> dict[int, Worth]:
    """By place, what these rows of place, lot and copies are worth."""
    priced = case((Lot.price_fen.is_not(None), copies.c.copies), else_=0)
    quality = case({name: rank for rank, name in enumerate(QUALITY_ORDER)}, value=Lot.quality)
    rows = db.session.execute(
        select(
            copies.c.place_id,
            cast(func.sum(copies.c.copies), Integer),
            cast(func.coalesce(func.sum(cast(copies.c.copies, Key) * Lot.price_fen), 0), Key),
            cast(func.sum(priced), Integer),
            func.max(quality),
        )
        .join(Lot, and_(Lot.network_id == network_id, Lot.id == copies.c.lot_id))
        .where(*where)
        .group_by(copies.c.place_id)
    )
    return {
        place_id: Worth(number, int(fen) if priced or not number else None, number - priced, QUALITY_ORDER[rank])
        for place_id, number, fen, priced, rank in rows
    }


def _gifts(network_id: int, place_id: int | None = None) -> Rows:
    """By lot, copies that stand at points as a gift: what gift batches moved there, net, as far as it is still there.

    ``place_id``: at this one alone.

    Of a counted lot that is at a point both ways, what leaves with another batch is taken to be the deposit. A copy
    is a gift where the batch that brought it last was one.
    """
    points = select(Place.id).where(Place.network_id == network_id, Place.kind == "point")
    if place_id is not None:
        points = points.where(Place.id == place_id)
    gift = (Batch.network_id == network_id, Batch.terms == "gift")
    mine = and_(Move.network_id == network_id, Move.batch_id == Batch.id)
    came = select(Move.to_place_id.label("place_id"), Move.lot_id, Move.quantity.label("copies"))
    left = select(Move.from_place_id, Move.lot_id, -Move.quantity)
    moved = union_all(
        came.join(Batch, mine).where(*gift, Move.to_place_id.in_(points)),
        left.join(Batch, mine).where(*gift, Move.from_place_id.in_(points)),
    ).subquery()
    net = (
        select(moved.c.place_id, moved.c.lot_id, cast(func.sum(moved.c.copies), Integer).label("copies"))
        .group_by(moved.c.place_id, moved.c.lot_id)
        .having(func.sum(moved.c.copies) > 0)
        .subquery()
    )
    there = case((Holding.quantity < net.c.copies, Holding.quantity), else_=net.c.copies)
    return (
        select(literal(0).label("place_id"), net.c.lot_id, there.label("copies"))
        .join(
            Holding,
            and_(
                Holding.network_id == network_id,
                Holding.place_id == net.c.place_id,
                Holding.lot_id == net.c.lot_id,
                Holding.quantity > 0,
            ),
        )
        .where(~Holding.serial | _brought_last_as_gift(network_id, net))
    )


def _brought_last_as_gift(network_id: int, net: Subquery) -> Any:
    came = and_(Move.network_id == network_id, Move.lot_id == net.c.lot_id, Move.to_place_id == net.c.place_id)
    last = select(func.max(Move.id)).where(came).correlate(net).scalar_subquery()
    brought = select(Move.batch_id).where(Move.network_id == network_id, Move.id == last).scalar_subquery()
    given = select(Batch.id).where(Batch.network_id == network_id, Batch.terms == "gift")
    return brought.in_(given)
