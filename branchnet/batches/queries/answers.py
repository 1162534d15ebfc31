"""What schools answered: the boxes came, or were counted, as teachers said through their links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, cast, exists, func, select

from branchnet import clock
from branchnet.access.scope import within
from branchnet.batches.queries.listing import End, ends_of
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Account, Batch, BatchEvent, Discrepancy, Network, Person

ANSWER_DAYS = 7
"""An answer is news for so many days."""
SAID = ("arrived", "received")
"""The steps that a teacher takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a teacher said about a batch: a step of it, the copies (册) counted, and what was different."""

    network_id: int
    network: str
    number: str
    end: End
    step: str
    happened_on: date
    recorded_at: datetime
    person: str | None
    copies: int | None
    note: str | None
    found: Mapping[str, int]
    """Copies (册) short, over and damaged, by kind; a kind that nobody found is left out."""


def answers(networks: Iterable[int], today: date, size: int, page: int = 1) -> tuple[list[Answer], int]:
    """The answers of the last `ANSWER_DAYS` days, newest first, and how many there are. Five statements."""
    wanted = sorted(networks)
    query = _said(wanted)
    rows = db.session.execute(query.order_by(BatchEvent.id.desc()).limit(size).offset((max(page, 1) - 1) * size)).all()
    total = select(func.count()).select_from(query.with_only_columns(BatchEvent.id).subquery())
    ends = ends_of({row.to_place_id for row in rows}, wanted, today)
    found = _found(wanted, rows)
    made = [
        Answer(
            network_id=row.network_id,
            network=row.slug,
            number=row.number,
            end=ends.get(row.to_place_id) or End(row.to_place_id, "shelf"),
            step=row.step,
            happened_on=row.happened_on,
            recorded_at=row.recorded_at,
            person=row.display_name,
            copies=row.copies,
            note=row.note,
            found=found.get(row.id, {}),
        )
        for row in rows
    ]
    return made, int(db.session.execute(total).scalar_one())


def _said(networks: Sequence[int]) -> Rows:
    """The steps that somebody without an account took: only teachers have none."""
    has_account = exists().where(
        Account.network_id == BatchEvent.network_id, Account.person_id == BatchEvent.recorded_by
    )
    query: Rows = (
        select(
            BatchEvent.id,
            BatchEvent.network_id,
            BatchEvent.batch_id,
            BatchEvent.entry_id,
            BatchEvent.recorded_by,
            BatchEvent.step,
            BatchEvent.happened_on,
            BatchEvent.recorded_at,
            BatchEvent.copies,
            BatchEvent.note,
            Batch.number,
            Batch.to_place_id,
            Network.slug,
            Person.display_name,
        )
        .join(Batch, and_(Batch.network_id == BatchEvent.network_id, Batch.id == BatchEvent.batch_id))
        .join(Network, Network.id == BatchEvent.network_id)
        .join(Person, and_(Person.network_id == BatchEvent.network_id, Person.id == BatchEvent.recorded_by))
        .where(
            BatchEvent.step.in_(SAID),
            BatchEvent.recorded_at >= clock.now() - timedelta(days=ANSWER_DAYS),
            ~has_account,
        )
    )
    return within(query, BatchEvent, networks)


def _found(networks: Sequence[int], rows: Sequence[Any]) -> dict[int, dict[str, int]]:
    """By event, the copies (册) short, over and damaged that came with it.

    A count names its differences by its entry. Damage that was found apart from a count has none: it belongs to what
    the same person last said of the batch on that day.
    """
    by_entry = {row.entry_id: row.id for row in rows if row.entry_id is not None}
    by_day: dict[tuple[int, int, date], int] = {}
    for row in rows:
        by_day.setdefault((row.batch_id, row.recorded_by, row.happened_on), row.id)
    query: Rows = (
        select(
            Discrepancy.batch_id,
            Discrepancy.opened_by,
            Discrepancy.opened_on,
            Discrepancy.opened_entry_id,
            Discrepancy.kind,
            cast(func.sum(Discrepancy.quantity), Integer).label("copies"),
        )
        .where(Discrepancy.batch_id.in_({row.batch_id for row in rows}))
        .group_by(
            Discrepancy.batch_id,
            Discrepancy.opened_by,
            Discrepancy.opened_on,
            Discrepancy.opened_entry_id,
            Discrepancy.kind,
        )
    )
    found: dict[int, dict[str, int]] = {}
    for row in db.session.execute(within(query, Discrepancy, networks)):
        said = (row.batch_id, row.opened_by, row.opened_on)
        event = by_day.get(said) if row.opened_entry_id is None else by_entry.get(row.opened_entry_id)
        if event is not None:
            kinds = found.setdefault(event, {})
            kinds[row.kind] = kinds.get(row.kind, 0) + row.copies
    return found
