"""The life of a copy or counted lot: where it is now, and every move it made, told with the names of the time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Entry, Holding, Lot, Move, Network, Person, Place, PointName, ServicePoint
from branchnet.stock.queries import AT_ONCE

MOVES_PAGE = 50
"""Moves on one page."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as it was called on a day: a point by its name then, any other by its kind."""

    place_id: int
    kind: str
    name: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """So many copies (册) at a place, since when, and with which batch they came."""

    spot: Spot
    quantity: int
    since: date
    batch: str | None


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move: the day it happened, the day it counts from (later where the month was closed), when and by whom it was
    recorded. ``undone``: a later move took it back; ``undoes``: it takes an earlier one back, ``note`` says why."""

    id: int
    entry_id: int
    happened_on: date
    posted_on: date
    recorded_at: datetime
    person: str | None
    start: Spot
    end: Spot
    quantity: int
    reason: str
    batch: str | None
    note: str | None
    undone: bool
    undoes: bool


@dataclass(frozen=True, slots=True)
class Names:
    """What places are called: points by the names they had on a day."""

    kinds: Mapping[int, str]
    codes: Mapping[int, str] = field(default_factory=dict)
    dated: Mapping[int, Sequence[tuple[date, str]]] = field(default_factory=dict)
    """By place the names of its point, the earliest first."""

    def on(self, place_id: int, day: date) -> Spot:
        """The place as it was called on a day; before its first name, by that one."""
        names = self.dated.get(place_id, ())
        held = [name for since, name in names if since <= day] or [name for _since, name in names[:1]]
        return Spot(place_id, self.kinds[place_id], held[-1] if held else None, self.codes.get(place_id))


def lot_of(networks: Iterable[int], lot_id: int) -> tuple[Lot, Network]:
    """A lot of one of these networks, and its network. Raises NotFound."""
    query: Rows = select(Lot, Network).join(Network, Network.id == Lot.network_id).where(Lot.id == lot_id)
    row = db.session.execute(within(query, Lot, networks)).one_or_none()
    if row is None:
        raise NotFound(lot_id=lot_id)
    return row[0], row[1]


def standings(networks: Iterable[int], lot_ids: Sequence[int], today: date) -> dict[int, list[Standing]]:
    """By lot where its copies are now, most first. A move that was taken back, and the one that did, tell nothing."""
    wanted = sorted(networks)
    rows = [row for part in _parts(_last_moves(wanted, lot_ids)) for row in _held_after(wanted, part)]
    names = names_of(wanted, {row.to_place_id for row in rows})
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-row.quantity, row.to_place_id)):
        spot = names.on(row.to_place_id, today)
        found[row.lot_id].append(Standing(spot, row.quantity, row.occurred_on, row.number))
    return dict(found)


def _last_moves(networks: Sequence[int], lot_ids: Sequence[int]) -> list[int]:
    """By lot and place the last move that brought it there and stands."""
    undoing = aliased(Move)
    query = (
        select(func.max(Move.id))
        .where(
            Move.network_id.in_(networks),
            Move.lot_id.in_(lot_ids),
            Move.reverses_id.is_(None),
            ~exists().where(undoing.network_id == Move.network_id, undoing.reverses_id == Move.id),
        )
        .group_by(Move.network_id, Move.lot_id, Move.to_place_id)
    )
    return list(db.session.scalars(query))


def _held_after(networks: Sequence[int], move_ids: Sequence[int]) -> Sequence[Any]:
    """What is still where these moves brought it.

    From the moves to the holdings, and apart from the question which moves: no index leads from a lot to its holdings.
    """
    return db.session.execute(
        select(Move.lot_id, Move.to_place_id, Holding.quantity, Move.occurred_on, Batch.number)
        .join(
            Holding,
            and_(
                Holding.network_id == Move.network_id,
                Holding.place_id == Move.to_place_id,
                Holding.lot_id == Move.lot_id,
            ),
        )
        .outerjoin(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .where(Move.network_id.in_(networks), Move.id.in_(move_ids), Holding.quantity > 0)
    ).all()


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """However many, in parts that any engine takes; one part at least, so that a page asks as often as another."""
    for start in range(0, max(len(ids), 1), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def moves_of(lot: Lot, page: int = 1, size: int = MOVES_PAGE) -> tuple[list[MoveRow], int]:
    """A page of a lot's moves, the last first, and how many it made."""
    undoing = aliased(Move)
    mine = (Move.network_id == lot.network_id, Move.lot_id == lot.id)
    undone = exists().where(undoing.network_id == Move.network_id, undoing.reverses_id == Move.id)
    rows = db.session.execute(
        select(Move, Entry.happened_on, Entry.reason, Batch.number, Person.display_name, undone)
        .join(Entry, and_(Entry.network_id == Move.network_id, Entry.id == Move.entry_id))
        .outerjoin(Batch, and_(Batch.network_id == Move.network_id, Batch.id == Move.batch_id))
        .outerjoin(Person, and_(Person.network_id == Move.network_id, Person.id == Move.recorded_by))
        .where(*mine)
        .order_by(Move.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    total = db.session.execute(select(func.count(Move.id)).where(*mine)).scalar_one()
    places = {place for row in rows for place in (row[0].from_place_id, row[0].to_place_id)}
    names = names_of([lot.network_id], places)
    return [_row(*row, names=names) for row in rows], int(total)


def _row(
    move: Move, happened_on: date, note: str | None, batch: str | None, person: str | None, undone: bool, names: Names
) -> MoveRow:
    return MoveRow(
        id=move.id,
        entry_id=move.entry_id,
        happened_on=happened_on,
        posted_on=move.occurred_on,
        recorded_at=move.recorded_at,
        person=person,
        start=names.on(move.from_place_id, happened_on),
        end=names.on(move.to_place_id, happened_on),
        quantity=move.quantity,
        reason=move.reason,
        batch=batch,
        note=note,
        undone=undone,
        undoes=move.reverses_id is not None,
    )


def names_of(networks: Iterable[int], place_ids: Iterable[int]) -> Names:
    """What these places are and were called. Two statements, whatever their number."""
    wanted, ids = sorted(networks), sorted(set(place_ids))
    kinds = db.session.execute(select(Place.id, Place.kind).where(Place.network_id.in_(wanted), Place.id.in_(ids)))
    rows = db.session.execute(
        select(ServicePoint.place_id, ServicePoint.code, PointName.valid_from, PointName.name)
        .join(PointName, and_(PointName.network_id == ServicePoint.network_id, PointName.point_id == ServicePoint.id))
        .where(ServicePoint.network_id.in_(wanted), ServicePoint.place_id.in_(ids))
        .order_by(ServicePoint.place_id, PointName.valid_from)
    )
    codes: dict[int, str] = {}
    dated: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for place_id, code, since, name in rows:
        codes[place_id] = code
        dated[place_id].append((since, name))
    return Names(dict(kinds.all()), codes, dict(dated))
