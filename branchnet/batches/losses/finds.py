"""What turned up again after it was written off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.batches.queries.listing import End, ends_of
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Discrepancy, Entry, Lot, Move, Place


@dataclass(frozen=True, slots=True)
class Find:
    """Copies (册) of a lot that turned up after they were written off: when, where, and whether that was taken back."""

    entry_id: int
    lot_id: int
    title: str
    quantity: int
    on: date
    note: str | None
    recorded_at: datetime
    undone: bool
    start: End
    end: End


def finds_of(network_id: int, mark: str, today: date) -> list[Find]:
    """What turned up again of what a case (#12) or a list (CZ26-001) had written off, in its order."""
    note = Entry.reason
    return _finds(network_id, today, or_(note == mark, note.startswith(f"{mark} ", autoescape=True)))


def finds_of_case(network_id: int, case_id: int, entry_id: int | None, today: date) -> list[Find]:
    """What turned up again of a case that ended by an entry: also of its barcoded copies once a list wrote them off."""
    note, closed, later = Entry.reason, aliased(Move), aliased(Move)
    mine = or_(note == f"#{case_id}", note.startswith(f"#{case_id} ", autoescape=True))
    if entry_id is None:
        return _finds(network_id, today, mine)
    of_it = exists().where(
        closed.network_id == network_id, closed.entry_id == entry_id, closed.lot_id == Move.lot_id, Lot.serial.is_(True)
    )
    of_another = exists().where(
        later.network_id == network_id,
        later.lot_id == Move.lot_id,
        later.entry_id > entry_id,
        later.entry_id < Entry.id,
        Discrepancy.network_id == network_id,
        Discrepancy.entry_id == later.entry_id,
    )
    return _finds(network_id, today, or_(mine, and_(Entry.id > entry_id, of_it, ~of_another)))


def copies_found(number: Any, network_id: Any) -> Any:
    """Copies (册) of a disposal list, both columns, that turned up again and are not gone once more: an expression."""
    find, undone = aliased(Entry), aliased(Entry)
    return (
        select(cast(func.coalesce(func.sum(Move.quantity), 0), Integer))
        .join(find, and_(find.network_id == Move.network_id, find.id == Move.entry_id))
        .where(
            find.network_id == network_id,
            find.verb == "found_again",
            or_(find.reason == number, find.reason.like(number + " %")),
            ~exists().where(undone.network_id == find.network_id, undone.reverses_id == find.id),
        )
        .scalar_subquery()
    )


def find_of(network_id: int, entry_id: int, today: date) -> Find:
    """One find by its entry. Raises NotFound."""
    found = _finds(network_id, today, Entry.id == entry_id)
    if not found:
        raise NotFound(entry_id=entry_id)
    return found[0]


def _finds(network_id: int, today: date, condition: ColumnElement[bool]) -> list[Find]:
    undone, start, end = aliased(Entry), aliased(Place), aliased(Place)
    rows: Sequence[Any] = db.session.execute(
        select(
            Entry.id,
            Move.lot_id,
            Lot.title,
            Move.quantity,
            Entry.happened_on,
            Entry.reason,
            Entry.recorded_at,
            undone.id.is_not(None),
            Move.from_place_id,
            start.kind,
            Move.to_place_id,
            end.kind,
        )
        .join(Move, and_(Move.network_id == network_id, Move.entry_id == Entry.id))
        .join(Lot, and_(Lot.network_id == network_id, Lot.id == Move.lot_id))
        .join(start, and_(start.network_id == network_id, start.id == Move.from_place_id))
        .join(end, and_(end.network_id == network_id, end.id == Move.to_place_id))
        .outerjoin(undone, and_(undone.network_id == network_id, undone.reverses_id == Entry.id))
        .where(Entry.network_id == network_id, Entry.verb == "found_again", condition)
        .order_by(Entry.id)
    ).all()
    points = ends_of({place for row in rows for place in (row[8], row[10])}, [network_id], today)
    return [
        Find(*(*row[:8], points.get(row[8]) or End(row[8], row[9]), points.get(row[10]) or End(row[10], row[11])))
        for row in rows
    ]
