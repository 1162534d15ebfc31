"""What a list of batches can be sorted by: a word of SORTS upwards, with "-" before it downwards."""

from datetime import date
from typing import Any

from sqlalchemy import case, func, literal, select

from branchnet.database import Day
from branchnet.models import Batch, BatchLine
from branchnet.models.batch import KINDS, STATES

_COPIES = (
    select(func.coalesce(func.sum(BatchLine.quantity), 0))
    .where(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
    .correlate(Batch)
    .scalar_subquery()
)


def _sent(missing: date) -> Any:
    return func.coalesce(Batch.dispatched_on, literal(missing, Day))


def _due(missing: date) -> Any:
    return func.coalesce(Batch.due_back_on, literal(missing, Day))


_NUMBER = (func.substr(Batch.number, 1, 2), func.length(Batch.number), Batch.number)
"""26-1000 comes after 26-999."""

SORTS: dict[str, tuple[Any, ...]] = {
    "number": _NUMBER,
    "kind": (case({kind: at for at, kind in enumerate(KINDS)}, value=Batch.kind),),
    "state": (case({state: at for at, state in enumerate(STATES)}, value=Batch.state),),
    "sent": (_sent(date.max),),
    "due": (_due(date.max),),
    "copies": (_COPIES,),
}
_DOWNWARDS = {**SORTS, "sent": (_sent(date.min),), "due": (_due(date.min),)}
"""What has no day stands last either way."""


def sorted_by(order: str) -> tuple[Any, ...]:
    """The columns to sort by. Raises KeyError for a word that is none."""
    if order.startswith("-"):
        return (*(column.desc() for column in _DOWNWARDS[order[1:]]), Batch.id.desc())
    return (*SORTS[order], Batch.id)
