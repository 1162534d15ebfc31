"""What must always hold in the ledger of a network, asked of the database set by set. Reports; repairs nothing."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Entry, Holding, Lot, Move, Place

Violation = dict[str, Any]
Asked = Rows | CompoundSelect[*tuple[Any, ...]]
Checks = dict[str, Callable[[int], Asked]]


def violations(network_id: int) -> list[Violation]:
    """All that is wrong with the ledger of a network, in five statements; empty where all is well.

    Each names its ``check``: holding_differs (holdings against moves, none below zero, the last day), below_zero_once
    (no place ever gave more of a lot than it had by the end of a day), lot_total (a lot's copies over all places are
    what came out of supply; a barcoded copy is in one place or in supply), crosses_networks, entry_incomplete (an
    entry has moves; a reversal mirrors all moves of its entry).
    """
    checks: Checks = {
        "holding_differs": holding_differs,
        "below_zero_once": below_zero_once,
        "lot_total": lot_total,
        "crosses_networks": crosses_networks,
        "entry_incomplete": entry_incomplete,
    }
    return [found for name, check in checks.items() for found in ask(name, check(network_id))]


def ask(name: str, rows: Asked) -> list[Violation]:
    """The rows of a check as plain dicts that name it."""
    return [{"check": name, **row} for row in db.session.execute(rows).mappings()]


def holding_differs(network_id: int) -> Rows:
    """Every holding, recomputed from the moves: copies (册) held and by the moves, and the last day of both."""
    nothing, no_day = literal(0), cast(null(), Integer)
    arrived = (
        select(
            Move.to_place_id.label("place_id"),
            Move.lot_id,
            nothing.label("held"),
            Move.quantity.label("moved"),
            no_day.label("held_day"),
            cast(Move.occurred_on, Integer).label("moved_day"),
            nothing.label("kept"),
        )
        .join(Place, (Place.network_id == network_id) & (Place.id == Move.to_place_id) & Place.keeps)
        .where(Move.network_id == network_id)
    )
    left = (
        select(
            Move.from_place_id, Move.lot_id, nothing, -Move.quantity, no_day, cast(Move.occurred_on, Integer), nothing
        )
        .join(Place, (Place.network_id == network_id) & (Place.id == Move.from_place_id) & Place.keeps)
        .where(Move.network_id == network_id)
    )
    standing = select(
        Holding.place_id, Holding.lot_id, Holding.quantity, nothing, cast(Holding.last_on, Integer), no_day, literal(1)
    ).where(Holding.network_id == network_id)
    both = union_all(arrived, left, standing).subquery()
    held, moved = _sum(both.c.held), _sum(both.c.moved)
    held_day, moved_day = func.max(both.c.held_day), func.max(both.c.moved_day)
    same_day = func.coalesce(held_day, -1) == func.coalesce(moved_day, -1)
    return (
        select(both.c.place_id, both.c.lot_id, held.label("held"), moved.label("by_moves"))
        .group_by(both.c.place_id, both.c.lot_id)
        .having(or_(held != moved, held < 0, (func.max(both.c.kept) == 1) & ~same_day))
        .order_by(both.c.place_id, both.c.lot_id)
    )


def below_zero_once(network_id: int) -> Rows:
    """Days at whose end a place had less than nothing of a lot, by the days on which its moves are dated."""
    ends = ((Move.to_place_id, Move.quantity), (Move.from_place_id, -Move.quantity))
    both = union_all(
        *(
            select(place.label("place_id"), Move.lot_id, Move.occurred_on.label("day"), change.label("change"))
            .join(Place, (Place.network_id == network_id) & (Place.id == place) & Place.keeps)
            .where(Move.network_id == network_id)
            for place, change in ends
        )
    ).subquery()
    running = func.sum(func.sum(both.c.change)).over(partition_by=(both.c.place_id, both.c.lot_id), order_by=both.c.day)
    by_day = (
        select(both.c.place_id, both.c.lot_id, both.c.day, cast(running, Integer).label("there"))
        .group_by(both.c.place_id, both.c.lot_id, both.c.day)
        .subquery()
    )
    return (
        select(by_day.c.place_id, by_day.c.lot_id, by_day.c.day, by_day.c.there)
        .where(by_day.c.there < 0)
        .order_by(by_day.c.place_id, by_day.c.lot_id, by_day.c.day)
    )


def lot_total(network_id: int) -> Rows:
    """Lots whose copies over all places are not what came out of supply; copies in more than one place."""
    nothing = literal(0)
    out = (
        select(
            Move.lot_id,
            case((Place.id == Move.from_place_id, Move.quantity), else_=-Move.quantity).label("out"),
            nothing.label("held"),
            nothing.label("place"),
        )
        .join(Place, (Place.network_id == network_id) & Place.id.in_([Move.from_place_id, Move.to_place_id]))
        .where(Move.network_id == network_id, Place.kind == "supply")
    )
    standing = select(Holding.lot_id, nothing, Holding.quantity, case((Holding.quantity > 0, 1), else_=0)).where(
        Holding.network_id == network_id
    )
    both = union_all(out, standing).subquery()
    came, held, places = _sum(both.c.out), _sum(both.c.held), _sum(both.c.place)
    one_place = or_(~Lot.serial, (held <= 1) & (places <= 1))
    return (
        select(
            both.c.lot_id,
            came.label("out_of_supply"),
            held.label("held"),
            places.label("places"),
        )
        .join(Lot, (Lot.network_id == network_id) & (Lot.id == both.c.lot_id))
        .group_by(both.c.lot_id, Lot.serial)
        .having(or_(came != held, ~one_place))
        .order_by(both.c.lot_id)
    )


def crosses_networks(network_id: int) -> Asked:
    """Rows of this network's ledger that point at something which is not of this network."""
    references = (
        (Move, Move.entry_id, Entry),
        (Move, Move.lot_id, Lot),
        (Move, Move.from_place_id, Place),
        (Move, Move.to_place_id, Place),
        (Move, Move.batch_id, Batch),
        (Holding, Holding.place_id, Place),
        (Holding, Holding.lot_id, Lot),
        (BatchLine, BatchLine.lot_id, Lot),
        (BatchLine, BatchLine.batch_id, Batch),
    )
    return union_all(
        *(
            select(literal(f"{row.__tablename__}.{column.key}").label("reference"), row.id.label("row_id"))
            .outerjoin(to, (to.id == column) & (to.network_id == network_id))
            .where(row.network_id == network_id, column.is_not(None), to.id.is_(None))
            for row, column, to in references
        )
    )


def entry_incomplete(network_id: int) -> Rows:
    """Entries without moves, and reversals that do not mirror every move of the entry they take back."""
    original = aliased(Move)
    of_entry = (
        select(
            Move.entry_id,
            func.count(Move.id).label("moves"),
            func.count(original.id).label("mirrors"),
            func.min(original.entry_id).label("first"),
            func.max(original.entry_id).label("last"),
        )
        .outerjoin(original, (original.network_id == network_id) & (original.id == Move.reverses_id))
        .where(Move.network_id == network_id)
        .group_by(Move.entry_id)
        .subquery()
    )
    taken_back = of_entry.alias()
    moves, mirrors = func.coalesce(of_entry.c.moves, 0), func.coalesce(of_entry.c.mirrors, 0)
    mirrors_all = and_(
        mirrors == moves,
        moves == taken_back.c.moves,
        of_entry.c.first == Entry.reverses_id,
        of_entry.c.last == Entry.reverses_id,
    )
    whole = case((Entry.reverses_id.is_(None), mirrors == 0), else_=mirrors_all)
    return (
        select(Entry.id.label("entry_id"), Entry.reverses_id, moves.label("moves"), mirrors.label("mirrors"))
        .outerjoin(of_entry, of_entry.c.entry_id == Entry.id)
        .outerjoin(taken_back, taken_back.c.entry_id == Entry.reverses_id)
        .where(Entry.network_id == network_id, or_(moves == 0, ~whole))
        .order_by(Entry.id)
    )


def _sum(column: Any) -> Any:
    return cast(func.sum(column), Integer)
