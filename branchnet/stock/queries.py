"""Where copies are, and whether the holdings say what the moves say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select, tuple_, union_all

from branchnet import clock
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, Entry, Holding, Lot, Move, Place
from branchnet.points.queries import names_of_places
from branchnet.stock.rules import barcode_of

AT_ONCE = 10_000
"""Values in one IN list: SQLite takes 32,766 in a statement, PostgreSQL's protocol 65,535."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a lot is now: by place the number of copies (册), since when and with which batch they came."""

    network_id: int
    lot_id: int
    barcode: str | None
    title: str
    places: tuple["Standing", ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """So many copies at a place: its name, where it has one; on the road, the name of where they go."""

    place_id: int
    kind: str
    quantity: int
    since: date
    batch: str | None
    name: str | None = None
    bound_for: str | None = None


def whereabouts(network_id: int, lot_ids: Sequence[int]) -> dict[int, Whereabouts]:
    """For each lot where it is now; a lot in no holding is nowhere in the network."""
    came = (
        select(Move.lot_id, Move.to_place_id, func.max(Move.id).label("move_id"))
        .where(Move.network_id == network_id, Move.lot_id.in_(lot_ids))
        .group_by(Move.lot_id, Move.to_place_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Holding.lot_id,
            Holding.place_id,
            Place.kind,
            Holding.quantity,
            Move.occurred_on,
            Batch.number,
            Batch.to_place_id,
        )
        .join(Place, (Place.network_id == network_id) & (Place.id == Holding.place_id))
        .join(came, (came.c.lot_id == Holding.lot_id) & (came.c.to_place_id == Holding.place_id))
        .join(Move, (Move.network_id == network_id) & (Move.id == came.c.move_id))
        .outerjoin(Batch, (Batch.network_id == network_id) & (Batch.id == Move.batch_id))
        .where(Holding.network_id == network_id, Holding.lot_id.in_(lot_ids), Holding.quantity > 0)
        .order_by(Holding.lot_id, Holding.place_id)
    ).all()
    ends = {row.to_place_id for row in rows if row.kind == "transit"} - {None}
    names = names_of_places(network_id, {row.place_id for row in rows} | ends, clock.now().date())
    standing: dict[int, list[Standing]] = {}
    for lot_id, place_id, kind, quantity, since, batch, end in rows:
        bound_for = names.get(end) if kind == "transit" else None
        found = Standing(place_id, kind, quantity, since, batch, names.get(place_id), bound_for)
        standing.setdefault(lot_id, []).append(found)
    lots = db.session.execute(
        select(Lot.id, Lot.barcode, Lot.title).where(Lot.network_id == network_id, Lot.id.in_(lot_ids))
    ).all()
    return {
        lot.id: Whereabouts(network_id, lot.id, lot.barcode, lot.title, tuple(standing.get(lot.id, ()))) for lot in lots
    }


def recomputed(network_id: int) -> Rows:
    """Every holding as the moves alone give it: place_id, lot_id, quantity."""
    both = union_all(
        select(Move.to_place_id.label("place_id"), Move.lot_id, Move.quantity.label("change")).where(
            Move.network_id == network_id
        ),
        select(Move.from_place_id, Move.lot_id, -Move.quantity).where(Move.network_id == network_id),
    ).subquery()
    return (
        select(both.c.place_id, both.c.lot_id, func.sum(both.c.change).label("quantity"))
        .join(Place, (Place.network_id == network_id) & (Place.id == both.c.place_id))
        .where(Place.keeps)
        .group_by(both.c.place_id, both.c.lot_id)
    )


def differences(network_id: int) -> list[dict[str, int]]:
    """Where holdings and moves disagree: place, lot, held, by the moves. Reports; repairs nothing."""
    by_moves = {(row.place_id, row.lot_id): int(row.quantity) for row in db.session.execute(recomputed(network_id))}
    held = {
        (row.place_id, row.lot_id): row.quantity
        for row in db.session.execute(
            select(Holding.place_id, Holding.lot_id, Holding.quantity).where(Holding.network_id == network_id)
        )
    }
    return [
        {
            "place_id": place_id,
            "lot_id": lot_id,
            "held": held.get((place_id, lot_id), 0),
            "by_moves": by_moves.get((place_id, lot_id), 0),
        }
        for place_id, lot_id in sorted(by_moves.keys() | held.keys())
        if held.get((place_id, lot_id), 0) != by_moves.get((place_id, lot_id), 0)
    ]


def later_entries(network_id: int, entry_id: int) -> list[Entry]:
    """Entries that carried on what this one brought, newest first: what stands in the way of reversing it."""
    mine = select(Move.lot_id, Move.to_place_id).where(Move.network_id == network_id, Move.entry_id == entry_id)
    # Pairs looked up in a list: joined, SQLite compares each later move with each of these.
    on = select(Move.entry_id).where(
        Move.network_id == network_id,
        Move.entry_id > entry_id,
        tuple_(Move.lot_id, Move.from_place_id).in_(mine),
    )
    undone = select(Entry.reverses_id).where(Entry.network_id == network_id, Entry.reverses_id.is_not(None))
    return list(
        db.session.scalars(
            select(Entry)
            .where(
                Entry.network_id == network_id,
                Entry.id.in_(on),
                Entry.id.not_in(undone),
                Entry.reverses_id.is_(None),
            )
            .order_by(Entry.id.desc())
        )
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Copies (册) at a place, with the worst quality of their numbers: exact, at_least or estimated."""

    copies: int = 0
    quality: str = "exact"


def held_at(network_id: int, place_ids: Sequence[int]) -> dict[int, Held]:
    """What stands at each place now; a place without any is left out."""
    worst = func.max(case((Lot.quality == "estimated", 2), (Lot.quality == "at_least", 1), else_=0))
    rows = db.session.execute(
        select(Holding.place_id, func.sum(Holding.quantity), worst)
        .join(Lot, (Lot.network_id == Holding.network_id) & (Lot.id == Holding.lot_id))
        .where(Holding.network_id == network_id, Holding.place_id.in_(place_ids), Holding.quantity > 0)
        .group_by(Holding.place_id)
    )
    return {place_id: Held(int(copies), ("exact", "at_least", "estimated")[by]) for place_id, copies, by in rows}


def copies_at(network_id: int, place_ids: Sequence[int]) -> dict[int, int]:
    """Copies (册) at each place now; a place without any is left out."""
    return {place_id: held.copies for place_id, held in held_at(network_id, place_ids).items()}


def ids_of_copies(network_id: int, barcodes: Sequence[str]) -> dict[str, int]:
    """The lots that carry these barcodes, of those that are known; however many, in parts that any engine takes."""
    found: dict[str, int] = {}
    for start in range(0, len(barcodes), AT_ONCE):
        rows = db.session.execute(
            select(Lot.barcode, Lot.id).where(
                Lot.network_id == network_id, Lot.barcode.in_(barcodes[start : start + AT_ONCE])
            )
        )
        found.update((barcode, lot_id) for barcode, lot_id in rows if barcode is not None)
    return found


def lot_by_barcode(network_id: int, barcode: str) -> Lot | None:
    """The copy that carries a barcode, however a scanner gave it."""
    return db.session.scalars(
        select(Lot).where(Lot.network_id == network_id, Lot.barcode == barcode_of(barcode))
    ).one_or_none()
