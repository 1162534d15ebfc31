"""What stands at a place, by the batch that brought it. Reads; a fixed number of statements, however many copies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.batches.settling import Brought, still_out
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, Holding, Move, Settlement

ByBatch = dict[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything at a place: by barcoded copy the batch that brought it (None: none did), by counted lot and batch
    the copies (册), and of counted lots what no batch brought.
    """

    copies: dict[int, int | None]
    counted: dict[int, ByBatch]
    unexplained: dict[int, int]

    def of(self, batch_id: int | None) -> dict[int, int]:
        """By lot the copies (册) of one batch; of None, what no batch brought."""
        found = {lot_id: 1 for lot_id, brought in self.copies.items() if brought == batch_id}
        if batch_id is None:
            return found | self.unexplained
        return found | {lot_id: by[batch_id] for lot_id, by in self.counted.items() if batch_id in by}

    def copies_of(self, lot_id: int) -> int:
        """Copies (册) of a lot that are there, whoever brought them."""
        counted = sum(self.counted.get(lot_id, {}).values()) + self.unexplained.get(lot_id, 0)
        return 1 if lot_id in self.copies else counted

    def totals(self) -> dict[int | None, int]:
        """By batch all copies (册) that are there; a batch of which nothing is left is not in it."""
        found: dict[int | None, int] = {}
        for brought in self.copies.values():
            found[brought] = found.get(brought, 0) + 1
        for by in self.counted.values():
            for batch_id, copies in by.items():
                found[batch_id] = found.get(batch_id, 0) + copies
        if self.unexplained:
            found[None] = found.get(None, 0) + sum(self.unexplained.values())
        return found


def standing_at(network_id: int, place_id: int) -> Standing:
    """What stands at a place and which batch brought it. Four statements."""
    held = _held(network_id, place_id)
    counted = counted_out(network_id, place_id, held)
    left = {lot_id: copies - sum(counted.get(lot_id, {}).values()) for lot_id, copies in held.items()}
    return Standing(
        copies=copies_out(network_id, place_id),
        counted=counted,
        unexplained={lot_id: copies for lot_id, copies in left.items() if copies},
    )


def counted_out(
    network_id: int, place_id: int, standing: Mapping[int, int], lot_ids: Collection[int] | None = None
) -> dict[int, ByBatch]:
    """By counted lot and batch the copies (册) that are still at a place, where so many of each are ``standing``.

    The oldest open batch is settled first, a gift last: what leaves is taken to be the deposit. Settlements that were
    written down come before that. Two statements.
    """
    settled: dict[tuple[int, int], int] = {
        (row.settles_id, row.lot_id): row.copies for row in db.session.execute(_settled(network_id, place_id))
    }
    rows: dict[int, list[Brought]] = {}
    for row in db.session.execute(_brought(network_id, place_id, lot_ids)):
        one = Brought(row.batch_id, row.brought, row.gone, settled.get((row.batch_id, row.lot_id), 0))
        rows.setdefault(row.lot_id, []).append(one)
    found = {lot_id: still_out(batches, standing.get(lot_id, 0)) for lot_id, batches in rows.items()}
    return {lot_id: by for lot_id, by in found.items() if by}


def _held(network_id: int, place_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(Holding.lot_id, Holding.quantity).where(
            Holding.network_id == network_id,
            Holding.place_id == place_id,
            Holding.serial.is_(False),
            Holding.quantity > 0,
        )
    )
    return dict(rows.all())


def _settled(network_id: int, place_id: int) -> Rows:
    return (
        select(Settlement.settles_id, Settlement.lot_id, cast(func.sum(Settlement.quantity), Integer).label("copies"))
        .join(Batch, and_(Batch.network_id == Settlement.network_id, Batch.id == Settlement.settles_id))
        .where(Settlement.network_id == network_id, Batch.to_place_id == place_id)
        .group_by(Settlement.settles_id, Settlement.lot_id)
    )


def _brought(network_id: int, place_id: int, lot_ids: Collection[int] | None) -> Rows:
    """By batch and counted lot what it brought and what left again under its own number, oldest first, gifts last."""
    first = func.min(Move.occurred_on)
    query: Rows = (
        select(
            Move.batch_id,
            Move.lot_id,
            came_with(place_id).label("brought"),
            _left_with(place_id).label("gone"),
        )
        .join(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .where(Move.network_id == network_id, Move.serial.is_(False), *_touching(place_id))
        .group_by(Move.batch_id, Move.lot_id, Batch.terms)
        .having(came_with(place_id) > 0)
        .order_by(Batch.terms == "gift", first, Move.batch_id)
    )
    return query if lot_ids is None else query.where(Move.lot_id.in_(lot_ids))


def _touching(place_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Batch.to_place_id == place_id, or_(Move.to_place_id == place_id, Move.from_place_id == place_id))


def came_with(place: Any) -> Any:
    """The sum of the copies (册) that moves brought to a place, less what of it was taken back since."""
    return _sum(
        case(
            (and_(Move.to_place_id == place, Move.reverses_id.is_(None)), Move.quantity),
            (and_(Move.from_place_id == place, Move.reverses_id.is_not(None)), -Move.quantity),
            else_=0,
        )
    )


def _left_with(place_id: int) -> Any:
    return _sum(
        case(
            (and_(Move.from_place_id == place_id, Move.reverses_id.is_(None)), Move.quantity),
            (and_(Move.to_place_id == place_id, Move.reverses_id.is_not(None)), -Move.quantity),
            else_=0,
        )
    )


def _sum(values: Any) -> Any:
    return cast(func.sum(values), Integer)


def copies_out(network_id: int, place_id: int, lot_ids: Collection[int] | None = None) -> dict[int, int | None]:
    """By barcoded copy that stands at a place the batch that brought it last; None where none did. One statement."""
    here = [Holding.network_id == network_id, Holding.place_id == place_id, Holding.serial, Holding.quantity > 0]
    if lot_ids is not None:
        here.append(Holding.lot_id.in_(lot_ids))
    last = last_brought(network_id, place_id, lot_ids).subquery()
    rows = db.session.execute(
        select(Holding.lot_id, Move.batch_id)
        .outerjoin(last, last.c.lot_id == Holding.lot_id)
        .outerjoin(Move, and_(Move.network_id == network_id, Move.id == last.c.move_id))
        .where(*here)
        .order_by(Holding.lot_id)
    )
    return dict(rows.all())


def last_brought(network_id: int, place_id: int, lot_ids: Collection[int] | None = None) -> Rows:
    """By barcoded copy the last move by which a batch for this place brought it there, and which stands."""
    undoing = aliased(Move)
    query: Rows = (
        select(Move.lot_id, func.max(Move.id).label("move_id"))
        .join(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .where(
            Move.network_id == network_id,
            Move.to_place_id == place_id,
            Batch.to_place_id == place_id,
            Move.serial,
            Move.reverses_id.is_(None),
            ~exists().where(undoing.network_id == Move.network_id, undoing.reverses_id == Move.id),
        )
        .group_by(Move.lot_id)
    )
    return query if lot_ids is None else query.where(Move.lot_id.in_(lot_ids))


def brought_in_all(network_id: int, place_id: int) -> dict[int, tuple[int, date]]:
    """By batch all copies (册) it brought to a place, barcoded and counted, and the day the first of them came."""
    rows = db.session.execute(
        select(Move.batch_id, came_with(place_id), func.min(Move.occurred_on))
        .join(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .where(Move.network_id == network_id, *_touching(place_id))
        .group_by(Move.batch_id)
    )
    return {batch_id: (copies, day) for batch_id, copies, day in rows if batch_id is not None}
