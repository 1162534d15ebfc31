"""What taking a step of a batch back would do, before it is done: what goes back, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, and_, cast, func, select, union_all
from sqlalchemy.orm import aliased

from branchnet.batches import rules
from branchnet.batches.commands.correcting import STATE_BEFORE
from branchnet.batches.queries.listing import End, ends_of
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, Discrepancy, Entry, Holding, Move, Place
from branchnet.stock.queries import later_entries


@dataclass(frozen=True, slots=True)
class WayBack:
    """So many copies (册) that would go back from a place to a place."""

    start: End
    end: End
    copies: int


@dataclass(frozen=True, slots=True)
class Later:
    """A step of any batch that came after: its batch's number, and its event, where it can be taken back itself."""

    number: str
    step: str
    happened_on: date
    copies: int | None
    event_id: int


@dataclass(frozen=True, slots=True)
class Reversal:
    """A step that somebody thinks of taking back. ``miscounted``: copies (册) of open differences that end with it."""

    event_id: int
    entry_id: int
    step: str
    happened_on: date
    copies: int | None
    state: str
    """Where the batch would stand again."""
    ways: tuple[WayBack, ...]
    miscounted: int
    settled: bool
    """A difference of that count was settled with a move since: then the count stands."""
    later: tuple[Later, ...]
    """The steps that carried on what this one brought, newest first; empty where it can be taken back."""


def reversible_events(network_id: int, batch_id: int) -> set[int]:
    """The ids of the steps of a batch that moved copies and still stand."""
    rows = db.session.scalars(_standing(network_id).where(BatchEvent.batch_id == batch_id))
    return set(rows.all())


def _standing(network_id: int) -> Rows:
    undone = aliased(Entry)
    return select(BatchEvent.id).where(
        BatchEvent.network_id == network_id,
        BatchEvent.step.in_(sorted(STATE_BEFORE)),
        BatchEvent.entry_id.is_not(None),
        ~select(undone.id)
        .where(undone.network_id == BatchEvent.network_id, undone.reverses_id == BatchEvent.entry_id)
        .exists(),
    )


def reversal_of(network_id: int, batch_id: int, event_id: int, today: date) -> Reversal:
    """What it would mean to take this step back. Raises NotFound for a step that cannot be, or no longer."""
    row = db.session.execute(
        select(
            BatchEvent.id,
            BatchEvent.entry_id,
            BatchEvent.step,
            BatchEvent.happened_on,
            BatchEvent.copies,
            Batch.kind,
        )
        .join(Batch, and_(Batch.network_id == BatchEvent.network_id, Batch.id == BatchEvent.batch_id))
        .where(
            BatchEvent.network_id == network_id,
            BatchEvent.batch_id == batch_id,
            BatchEvent.id == event_id,
            BatchEvent.id.in_(_standing(network_id)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(event_id=event_id)
    entry_id = int(row.entry_id)
    found = (Discrepancy.network_id == network_id, Discrepancy.opened_entry_id == entry_id)
    opened = select(func.sum(Discrepancy.quantity)).where(*found, Discrepancy.closed_on.is_(None))
    settled = select(Discrepancy.id).where(*found, Discrepancy.entry_id.is_not(None)).limit(1)
    blocked = _blocked(network_id, entry_id)
    return Reversal(
        event_id=row.id,
        entry_id=entry_id,
        step=row.step,
        happened_on=row.happened_on,
        copies=row.copies,
        state="cancelled" if row.kind in rules.INTO_THE_BOOKS else STATE_BEFORE[row.step],
        ways=_ways(network_id, entry_id, today),
        miscounted=int(db.session.scalar(opened) or 0),
        settled=db.session.execute(settled).first() is not None,
        later=later_steps(network_id, [entry.id for entry in later_entries(network_id, entry_id)]) if blocked else (),
    )


def _ways(network_id: int, entry_id: int, today: date) -> tuple[WayBack, ...]:
    start, end = aliased(Place), aliased(Place)
    rows = db.session.execute(
        select(
            Move.to_place_id,
            start.kind,
            Move.from_place_id,
            end.kind,
            cast(func.sum(Move.quantity), Integer),
        )
        .join(start, and_(start.network_id == Move.network_id, start.id == Move.to_place_id))
        .join(end, and_(end.network_id == Move.network_id, end.id == Move.from_place_id))
        .where(Move.network_id == network_id, Move.entry_id == entry_id)
        .group_by(Move.to_place_id, start.kind, Move.from_place_id, end.kind)
        .order_by(Move.to_place_id, Move.from_place_id)
    ).all()
    named = ends_of({place for row in rows for place in (row[0], row[2])}, [network_id], today)
    return tuple(
        WayBack(named.get(there) or End(there, there_kind), named.get(back) or End(back, back_kind), copies)
        for there, there_kind, back, back_kind, copies in rows
    )


def _blocked(network_id: int, entry_id: int) -> bool:
    """Whether a place no longer holds what this entry, all in all, brought there."""
    mine = (Move.network_id == network_id, Move.entry_id == entry_id)
    both = union_all(
        select(Move.to_place_id.label("place_id"), Move.lot_id, Move.quantity).where(*mine),
        select(Move.from_place_id, Move.lot_id, -Move.quantity).where(*mine),
    ).subquery()
    brought = (
        select(both.c.place_id, both.c.lot_id, func.sum(both.c.quantity).label("copies"))
        .group_by(both.c.place_id, both.c.lot_id)
        .having(func.sum(both.c.quantity) > 0)
        .subquery()
    )
    missing = (
        select(brought.c.lot_id)
        .join(Place, and_(Place.network_id == network_id, Place.id == brought.c.place_id, Place.keeps))
        .outerjoin(
            Holding,
            and_(
                Holding.network_id == network_id,
                Holding.place_id == brought.c.place_id,
                Holding.lot_id == brought.c.lot_id,
            ),
        )
        .where(func.coalesce(Holding.quantity, 0) < brought.c.copies)
        .limit(1)
    )
    return db.session.execute(missing).first() is not None


def later_steps(network_id: int, entry_ids: Sequence[int]) -> tuple[Later, ...]:
    """The steps that these entries belong to, newest first."""
    rows = db.session.execute(
        select(Batch.number, BatchEvent.step, BatchEvent.happened_on, BatchEvent.copies, BatchEvent.id)
        .join(Batch, and_(Batch.network_id == BatchEvent.network_id, Batch.id == BatchEvent.batch_id))
        .where(BatchEvent.network_id == network_id, BatchEvent.entry_id.in_(entry_ids))
        .order_by(BatchEvent.entry_id.desc(), BatchEvent.id.desc())
    )
    return tuple(Later(*row) for row in rows)
