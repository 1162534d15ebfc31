"""Deliveries that are still out, before they are fetched: what is there, what the point was told and answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, select

from branchnet.access.scope import within
from branchnet.batches.queries.listing import End, ends_of, out_on_delivery
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, Holding, Network, Person, Settlement, StayAnswer


@dataclass(frozen=True, slots=True)
class Answered:
    """What a teacher answered, and what staff decided; ``accepted`` is None while nobody has."""

    id: int
    batch_id: int
    answer: str
    wanted_on: date | None
    note: str | None
    said_at: datetime
    person: str | None
    accepted: bool | None
    reply: str | None


@dataclass(frozen=True, slots=True)
class Staying:
    """A delivery that stands at a point: copies (册) of it that are there, and until when."""

    id: int
    number: str
    copies: int
    due_on: date | None
    announced_on: date | None
    answered: Answered | None
    """The last answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The last answer about a delivery that is still out, as staff see it."""

    network_id: int
    network: str
    number: str
    end: End
    due_on: date | None
    said: Answered


def staying_at(network_id: int, place_id: int) -> list[Staying]:
    """The deliveries that stand at a place, the one due first first. Four statements."""
    rows = db.session.execute(
        select(Batch.id, Batch.number, Batch.due_back_on)
        .where(
            Batch.network_id == network_id,
            Batch.to_place_id == place_id,
            out_on_delivery(),
            Batch.received_on.is_not(None),
        )
        .order_by(Batch.due_back_on, Batch.id)
    ).all()
    ids = [row.id for row in rows]
    copies, told, said = still_there([network_id], ids), announced([network_id], ids), last_answers([network_id], ids)
    return [
        Staying(row.id, row.number, copies.get(row.id, 0), row.due_back_on, told.get(row.id), said.get(row.id))
        for row in rows
        if copies.get(row.id)
    ]


def still_there(networks: Iterable[int], batch_ids: Sequence[int]) -> dict[int, int]:
    """By delivery the copies (册) to be fetched: what it brought and no return settled, no more than stands there."""
    settled = (
        select(func.sum(Settlement.quantity))
        .where(
            Settlement.network_id == BatchLine.network_id,
            Settlement.settles_id == BatchLine.batch_id,
            Settlement.lot_id == BatchLine.lot_id,
        )
        .correlate(BatchLine)
        .scalar_subquery()
    )
    brought: Rows = (
        select(
            Batch.id,
            BatchLine.network_id,
            Batch.to_place_id,
            BatchLine.lot_id,
            (func.sum(BatchLine.quantity) - func.coalesce(settled, 0)).label("copies"),
        )
        .join(BatchLine, and_(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id))
        .where(Batch.id.in_(batch_ids))
        .group_by(Batch.id, BatchLine.network_id, BatchLine.batch_id, Batch.to_place_id, BatchLine.lot_id)
    )
    lots = within(brought, Batch, networks).subquery()
    there = case((Holding.quantity < lots.c.copies, Holding.quantity), else_=lots.c.copies)
    rows = db.session.execute(
        select(lots.c.id, cast(func.sum(there), Integer))
        .join(
            Holding,
            and_(
                Holding.network_id == lots.c.network_id,
                Holding.place_id == lots.c.to_place_id,
                Holding.lot_id == lots.c.lot_id,
            ),
        )
        .group_by(lots.c.id)
    )
    return dict(rows.all())


def announced(networks: Iterable[int], batch_ids: Sequence[int]) -> dict[int, date]:
    """By batch the day on which its point was last told that it will be fetched."""
    query: Rows = (
        select(BatchEvent.batch_id, func.max(BatchEvent.happened_on))
        .where(BatchEvent.batch_id.in_(batch_ids), BatchEvent.step == "announced")
        .group_by(BatchEvent.batch_id)
    )
    return dict(db.session.execute(within(query, BatchEvent, networks)).all())


def last_answers(networks: Iterable[int], batch_ids: Sequence[int]) -> dict[int, Answered]:
    """By batch the last answer to it."""
    query = _answers().where(StayAnswer.batch_id.in_(batch_ids), StayAnswer.id.in_(_last()))
    return {row.batch_id: Answered(*row) for row in db.session.execute(within(query, StayAnswer, networks))}


def asked_before_fetching(networks: Iterable[int], today: date) -> list[Asked]:
    """The last answers about deliveries still out: those to decide first, then who is ready. Two statements."""
    wanted = sorted(networks)
    query = (
        _answers()
        .add_columns(Batch.network_id, Network.slug, Batch.number, Batch.to_place_id, Batch.due_back_on)
        .join(Batch, and_(Batch.network_id == StayAnswer.network_id, Batch.id == StayAnswer.batch_id))
        .join(Network, Network.id == Batch.network_id)
        .where(out_on_delivery(), StayAnswer.id.in_(_last()), StayAnswer.decided_at.is_(None))
        .order_by(StayAnswer.answer == "ready", StayAnswer.id)
    )
    rows: Sequence[Any] = db.session.execute(within(query, StayAnswer, wanted)).all()
    ends = ends_of({row.to_place_id for row in rows}, wanted, today)
    return [
        Asked(row.network_id, row.slug, row.number, ends[row.to_place_id], row.due_back_on, Answered(*row[:9]))
        for row in rows
    ]


def _answers() -> Rows:
    return select(
        StayAnswer.id,
        StayAnswer.batch_id,
        StayAnswer.answer,
        StayAnswer.wanted_on,
        StayAnswer.note,
        StayAnswer.said_at,
        Person.display_name,
        StayAnswer.accepted,
        StayAnswer.reply,
    ).outerjoin(Person, and_(Person.network_id == StayAnswer.network_id, Person.id == StayAnswer.said_by))


def _last() -> Any:
    """The last answer of each batch: a later one stands in place of those before it."""
    return select(func.max(StayAnswer.id)).group_by(StayAnswer.network_id, StayAnswer.batch_id)
