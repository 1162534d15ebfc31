"""What the pages read of lists; the file itself is never loaded for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, FileList, Job, Person

RECENT = 20


@dataclass(frozen=True, slots=True)
class ListHead:
    """A list: what it is for, where it stands, who brought it when, and the batch it belongs to or made."""

    id: int
    network_id: int
    purpose: str
    file_name: str
    state: str
    created_at: datetime
    person: str | None
    batch: str | None
    batch_state: str | None
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """What the queue does with a list: trying or taking in; how far, of how much where that is known."""

    kind: str
    state: str
    attempts: int
    done: int
    all: int | None

    @property
    def busy(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")


def list_head(network_id: int, list_id: int) -> ListHead:
    """A list of this network. Raises NotFound: another network's is nobody's business here."""
    row = db.session.execute(_heads(network_id).where(FileList.id == list_id)).one_or_none()
    if row is None:
        raise NotFound(list_id=list_id)
    return _head(row)


def lists_recent(network_id: int, batch_id: int | None = None, purpose: str | None = None) -> list[ListHead]:
    """The lists brought last, but for dropped ones; of one batch or purpose where it is given."""
    query = _heads(network_id).where(FileList.state != "dropped").order_by(FileList.id.desc()).limit(RECENT)
    if batch_id is not None:
        query = query.where(FileList.batch_id == batch_id)
    if purpose is not None:
        query = query.where(FileList.purpose == purpose)
    return [_head(row) for row in db.session.execute(query)]


def _heads(network_id: int) -> Rows:
    return (
        select(
            FileList.id,
            FileList.network_id,
            FileList.purpose,
            FileList.file_name,
            FileList.state,
            FileList.created_at,
            Person.display_name,
            Batch.number,
            Batch.state,
            FileList.summary,
        )
        .outerjoin(Person, and_(Person.network_id == FileList.network_id, Person.id == FileList.created_by))
        .outerjoin(Batch, and_(Batch.network_id == FileList.network_id, Batch.id == FileList.batch_id))
        .where(FileList.network_id == network_id)
    )


def _head(row: Any) -> ListHead:
    known: list[Any] = [*row[:-1], row.summary or {}]
    return ListHead(*known)


def options_of(network_id: int, list_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A list's choices (with the first rows of its sheets), and its columns where they were confirmed."""
    row = db.session.execute(
        select(FileList.options, FileList.columns).where(FileList.network_id == network_id, FileList.id == list_id)
    ).one()
    return dict(row.options or {}), dict(row.columns or {})


def problems_of(network_id: int, list_id: int) -> tuple[Sequence[Any], list[list[Any]]]:
    """The headings' cells, and the rows with something to say: number, cells, problems, warnings."""
    found = db.session.scalar(
        select(FileList.problems).where(FileList.network_id == network_id, FileList.id == list_id)
    )
    kept: dict[str, Any] = dict(found or {})
    return kept.get("heading", ()), kept.get("rows", [])


def work_on(network_id: int, list_id: int) -> Work | None:
    """The last that the queue was asked to do with a list."""
    row = db.session.execute(
        select(Job.kind, Job.state, Job.attempts, Job.done_units, Job.all_units)
        .where(
            Job.network_id == network_id,
            Job.kind.in_(("list_check", "list_apply")),
            Job.subject == str(list_id),
        )
        .order_by(Job.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Work(*row)
