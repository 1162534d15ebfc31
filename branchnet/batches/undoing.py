"""Entries that are no step of a batch, taken back. What keeps records beside its moves says here how it is undone."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, exists, or_, select

from branchnet.access.acts import Act
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import BatchEvent, Discrepancy, Disposal, Entry, Repair
from branchnet.stock.commands import reverse

Undo = Callable[[Act, int, str], int]
"""Takes back an entry by its id, with a reason, and all that was recorded with it; returns the reversal's entry."""

WAYS: dict[str, Undo] = {}
"""By verb, for entries that more was recorded with than their moves."""


def undo_entry(act: Act, entry_id: int, reason: str) -> int:
    """Take back an entry that no batch has a step for: by the way of its verb, else its moves alone.

    Raises NotFound, Conflict("step_of_a_batch") for one that its batch takes back, Conflict("not_reversible") where
    something stands on it that nobody has said how to undo, and what ``stock.commands.reverse`` raises.
    """
    entry = db.session.execute(
        select(Entry.verb, Entry.batch_id).where(Entry.network_id == act.network_id, Entry.id == entry_id)
    ).one_or_none()
    if entry is None:
        raise NotFound(entry_id=entry_id)
    if way := WAYS.get(entry.verb):
        return way(act, entry_id, reason)
    if _any(act, BatchEvent, BatchEvent.entry_id == entry_id):
        raise Conflict("step_of_a_batch", entry_id=entry_id)
    if any(
        _any(act, table, or_(*(column == entry_id for column in columns)))
        for table, columns in (
            (Discrepancy, (Discrepancy.entry_id, Discrepancy.opened_entry_id)),
            (Repair, (Repair.entry_id, Repair.begun_entry_id)),
            (Disposal, (Disposal.entry_id,)),
        )
    ):
        raise Conflict("not_reversible", step=entry.verb)
    return reverse(act, entry_id, reason)


def _any(act: Act, table: Any, condition: Any) -> bool:
    return bool(db.session.scalar(select(exists().where(table.network_id == act.network_id, condition))))


def kept_with(network_id: int, entry_id: int) -> tuple[str, int | str] | None:
    """What an entry was recorded with, and is taken back on the page of: a case, a disposal list, a repair.

    With its id, a list with its number. None where its moves are all there is.
    """
    tables: tuple[tuple[str, Any, Any], ...] = (
        ("case", Discrepancy.id, and_(Discrepancy.entry_id == entry_id, Discrepancy.batch_id.is_(None))),
        ("disposal", Disposal.number, Disposal.entry_id == entry_id),
        ("repair", Repair.id, or_(Repair.entry_id == entry_id, Repair.begun_entry_id == entry_id)),
    )
    for name, key, condition in tables:
        found = db.session.scalar(select(key).where(key.class_.network_id == network_id, condition))
        if found is not None:
            return name, found
    return None
