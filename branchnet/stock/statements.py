"""The statements of a posting, built once: building them anew for each entry cost as much as running them.

Each takes ``network``, ``entry`` and, where it says so, ``day``. None knows how many copies (册) there are.
"""

from typing import Any

from sqlalchemy import (
    Integer,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from branchnet.database import Day, Key
from branchnet.models import Entry, Holding, Move, Place

DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}

_entries: Any = Entry.__table__
_moves: Any = Move.__table__
_holdings: Any = Holding.__table__
_places: Any = Place.__table__

_network, _entry, _day = bindparam("network", type_=Key), bindparam("entry", type_=Key), bindparam("day", type_=Day())
_mine = (_moves.c.network_id == _network, _moves.c.entry_id == _entry)


def _net() -> Subquery:
    """By place and lot, what an entry changes in all, and how many copies leave; supply keeps no holding."""
    both = union_all(
        select(
            _moves.c.from_place_id.label("place_id"),
            _moves.c.lot_id,
            _moves.c.serial,
            (-_moves.c.quantity).label("change"),
            _moves.c.quantity.label("leaving"),
        ).where(*_mine),
        select(_moves.c.to_place_id, _moves.c.lot_id, _moves.c.serial, _moves.c.quantity, literal(0)).where(*_mine),
    ).subquery()
    return (
        select(
            both.c.place_id,
            both.c.lot_id,
            both.c.serial,
            func.sum(both.c.change).label("delta"),
            func.sum(both.c.leaving).label("leaving"),
        )
        .join(_places, and_(_places.c.network_id == _network, _places.c.id == both.c.place_id))
        .where(_places.c.keeps)
        .group_by(both.c.place_id, both.c.lot_id, both.c.serial)
        .subquery("net")
    )


_delta = _net()
_here = and_(
    _holdings.c.network_id == _network,
    _holdings.c.place_id == _delta.c.place_id,
    _holdings.c.lot_id == _delta.c.lot_id,
)
_there = func.coalesce(_holdings.c.quantity, 0)
_missing = _there + _delta.c.delta < 0
_early = and_(_delta.c.leaving > 0, _holdings.c.last_on > _day)

NEW_ENTRY = insert(_entries).returning(_entries.c.id)
NEW_MOVES = insert(_moves)

LOCK = select(func.count()).select_from(
    select(_holdings.c.id).join(_delta, _here).order_by(_holdings.c.id).with_for_update(of=_holdings).subquery()
)
"""Locks what is to change, in the order of its ids."""

CHECK = (
    select(
        _delta.c.lot_id,
        _delta.c.place_id,
        (-_delta.c.delta).label("asked"),
        _there.label("there"),
        _delta.c.serial,
        _holdings.c.last_on,
        _missing.label("missing"),
    )
    .select_from(_delta)
    .outerjoin(_holdings, _here)
    .where(or_(_missing, _early))
    .order_by(_delta.c.lot_id)
)
"""What a place does not hold though it is to leave it, and what leaves before its last day there."""


def _later() -> Any:
    """By place, lot and day after ``day``, by how many copies moves changed what a place holds."""
    touched = (
        _moves.c.network_id == _network,
        _moves.c.lot_id.in_(bindparam("lots", expanding=True)),
        _moves.c.occurred_on > _day,
    )
    ends = ((_moves.c.to_place_id, _moves.c.quantity), (_moves.c.from_place_id, -_moves.c.quantity))
    both = union_all(
        *(
            select(place.label("place_id"), _moves.c.lot_id, _moves.c.occurred_on, change.label("change")).where(
                *touched, place.in_(bindparam("places", expanding=True))
            )
            for place, change in ends
        )
    ).subquery()
    return (
        select(
            both.c.place_id,
            both.c.lot_id,
            both.c.occurred_on,
            cast(func.sum(both.c.change), Integer).label("change"),
        )
        .group_by(both.c.place_id, both.c.lot_id, both.c.occurred_on)
        .order_by(both.c.place_id, both.c.lot_id, both.c.occurred_on.desc())
    )


LATER = _later()
"""What happened to counted lots at places after a day; takes ``lots`` and ``places`` besides ``day``."""

DEBIT = (
    update(_holdings)
    .where(_here, _delta.c.delta <= 0)
    .values(
        quantity=_holdings.c.quantity + _delta.c.delta,
        last_on=case((_holdings.c.last_on > _day, _holdings.c.last_on), else_=_day),
    )
)


def _credit(dialect: Any) -> Any:
    rows = select(_network, _delta.c.place_id, true(), _delta.c.lot_id, _delta.c.serial, _delta.c.delta, _day)
    statement = dialect.insert(_holdings).from_select(
        ["network_id", "place_id", "keeps", "lot_id", "serial", "quantity", "last_on"],
        rows.where(_delta.c.delta > 0).order_by(_delta.c.lot_id),
    )
    sent = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["network_id", "place_id", "lot_id"],
        set_={
            "quantity": _holdings.c.quantity + sent.quantity,
            "last_on": case((_holdings.c.last_on > sent.last_on, _holdings.c.last_on), else_=sent.last_on),
        },
    )


CREDIT = {name: _credit(dialect) for name, dialect in DIALECTS.items()}

POINTS_TOUCHED = (
    select(_places.c.id)
    .where(
        _places.c.network_id == _network,
        _places.c.kind == "point",
        _places.c.id.in_(
            union_all(
                select(_moves.c.from_place_id.label("place_id")).where(*_mine),
                select(_moves.c.to_place_id).where(*_mine),
            )
        ),
    )
    .order_by(_places.c.id)
)
