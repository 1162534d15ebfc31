"""What taking something back would do, before it is done: what goes back, and what stands in the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.acts import Act
from branchnet.batches.commands.correcting import STATE_BEFORE, reverse_step
from branchnet.batches.commands.uncounting import uncount_box
from branchnet.batches.queries.rehearsing import Effect, tried
from branchnet.batches.undoing import undo_entry
from branchnet.database import Rows
from branchnet.errors import BranchNetError, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, Box, Entry

REHEARSED = "…"
"""A reason has to be given; a rehearsal's is seen by nobody."""


@dataclass(frozen=True, slots=True)
class Later:
    """Something recorded after that carried the copies on: its verb, its batch and step, where it is one of a batch."""

    entry_id: int
    verb: str
    happened_on: date
    number: str | None
    step: str | None
    copies: int | None
    event_id: int | None


@dataclass(frozen=True, slots=True)
class Reversal:
    """Something that somebody thinks of taking back: what it was, and what that would do or why it cannot be."""

    step: str
    happened_on: date
    copies: int | None
    effect: Effect | None
    refusal: BranchNetError | None
    later: tuple[Later, ...]
    """What stands in the way, newest first; empty where it can be taken back."""


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


def reversal_of(act: Act, batch_id: int, event_id: int) -> Reversal:
    """What it would mean to take this step back. Raises NotFound for a step that cannot be, or no longer."""
    row = db.session.execute(
        select(BatchEvent.step, BatchEvent.happened_on, BatchEvent.copies).where(
            BatchEvent.network_id == act.network_id,
            BatchEvent.batch_id == batch_id,
            BatchEvent.id == event_id,
            BatchEvent.id.in_(_standing(act.network_id)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(event_id=event_id)
    return _tried(
        act,
        (row.step, row.happened_on, row.copies),
        lambda: reverse_step(act, batch_id, event_id, REHEARSED),
        batch_id,
    )


def uncounting_of(act: Act, batch_id: int, number: int) -> Reversal:
    """What it would mean to take back the count of one box. Raises NotFound("box_not_counted")."""
    row = db.session.execute(
        select(Box.counted_on, Box.copies).where(
            Box.network_id == act.network_id,
            Box.batch_id == batch_id,
            Box.number == number,
            Box.counted_on.is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("box_not_counted", box=number)
    told = ("received", row.counted_on or act.today(), row.copies)
    return _tried(act, told, lambda: uncount_box(act, batch_id, number, REHEARSED), batch_id)


def undoing_of(act: Act, entry_id: int) -> Reversal:
    """What it would mean to take back an entry that is no step of a batch. Raises NotFound."""
    row = db.session.execute(
        select(Entry.verb, Entry.happened_on).where(Entry.network_id == act.network_id, Entry.id == entry_id)
    ).one_or_none()
    if row is None:
        raise NotFound(entry_id=entry_id)
    return _tried(act, (row.verb, row.happened_on, None), lambda: undo_entry(act, entry_id, REHEARSED), None)


def _tried(act: Act, told: tuple[str, date, int | None], undo: Callable[[], int], batch_id: int | None) -> Reversal:
    found = tried(act.network_id, act.today(), undo, lambda entry_id: _undo_first(act, entry_id), batch_id)
    later = later_steps(act.network_id, found.entries) if found.entries else ()
    return Reversal(*told, found.effect, found.refusal, later)


def _undo_first(act: Act, entry_id: int) -> int:
    event = db.session.execute(
        select(BatchEvent.batch_id, BatchEvent.id).where(
            BatchEvent.network_id == act.network_id,
            BatchEvent.entry_id == entry_id,
            BatchEvent.step.in_(sorted(STATE_BEFORE)),
        )
    ).first()
    return undo_entry(act, entry_id, REHEARSED) if event is None else reverse_step(act, *event, REHEARSED)


def later_steps(network_id: int, entry_ids: Sequence[int]) -> tuple[Later, ...]:
    """What these entries were, newest first: steps of batches, and what has no batch."""
    undone = aliased(Entry)
    rows = db.session.execute(
        select(
            Entry.id,
            Entry.verb,
            Entry.happened_on,
            Batch.number,
            BatchEvent.step,
            BatchEvent.copies,
            BatchEvent.id,
        )
        .outerjoin(
            BatchEvent,
            and_(BatchEvent.network_id == Entry.network_id, BatchEvent.entry_id == Entry.id),
        )
        .outerjoin(Batch, and_(Batch.network_id == BatchEvent.network_id, Batch.id == BatchEvent.batch_id))
        .where(
            Entry.network_id == network_id,
            Entry.id.in_(entry_ids),
            or_(BatchEvent.id.is_(None), BatchEvent.step != "reversed"),
            ~select(undone.id).where(undone.network_id == network_id, undone.reverses_id == Entry.id).exists(),
        )
        .order_by(Entry.id.desc(), BatchEvent.id.desc())
    )
    return tuple(Later(*row) for row in rows)


def event_of(network_id: int, entry_id: int) -> tuple[str, int] | None:
    """The batch and the step by which an entry is taken back, where it is a step of a batch."""
    row = db.session.execute(
        select(Batch.number, BatchEvent.id)
        .join(Batch, and_(Batch.network_id == BatchEvent.network_id, Batch.id == BatchEvent.batch_id))
        .where(
            BatchEvent.network_id == network_id,
            BatchEvent.entry_id == entry_id,
            BatchEvent.step.in_(sorted(STATE_BEFORE)),
        )
    ).first()
    return None if row is None else (row.number, row.id)
