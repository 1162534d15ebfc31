"""Exchange visits as pages read them: both batches, what was short, and what came of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Discrepancy, Entry, Exchange, Lot, Person

LATEST = 5
"""Exchanges that a page lists."""


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """A visit: its two batches by number, how many copies (册) each has, and how many were short and still are."""

    id: int
    network_id: int
    place_id: int
    happened_on: date
    note: str | None
    recorded_at: datetime
    person: str | None
    outgoing_id: int
    outgoing: str
    outgoing_state: str
    terms: str
    """On which terms the books were brought."""
    returning_id: int
    returning: str
    returning_state: str
    brought: int
    taken: int
    short: int
    open: int
    """Of the short ones (册), those that nobody has found or settled."""


@dataclass(frozen=True, slots=True)
class ShortRow:
    """Copies (册) of a lot that should have come back and did not; how that ended, where it has."""

    id: int
    quantity: int
    lot_id: int | None
    title: str | None
    barcode: str | None
    price_fen: int | None
    opened_on: date
    closed_on: date | None
    resolution: str | None


def exchange_of(network_id: int, exchange_id: int) -> ExchangeRow:
    """One visit. Raises NotFound."""
    row = db.session.execute(_exchanges(network_id).where(Exchange.id == exchange_id)).one_or_none()
    if row is None:
        raise NotFound(exchange_id=exchange_id)
    return ExchangeRow(*row)


def exchange_with(network_id: int, batch_id: int) -> ExchangeRow | None:
    """The visit to which a batch belongs, as what was brought or what was taken."""
    mine = or_(Exchange.outgoing_id == batch_id, Exchange.returning_id == batch_id)
    # A batch that was taken back to a draft may go along with another visit: the last one tells.
    row = db.session.execute(_exchanges(network_id).where(mine).order_by(Exchange.id.desc()).limit(1)).first()
    return None if row is None else ExchangeRow(*row)


def exchanges_at(network_id: int, place_id: int) -> list[ExchangeRow]:
    """The last visits to a place, newest first."""
    rows = db.session.execute(
        _exchanges(network_id)
        .where(Exchange.place_id == place_id)
        .order_by(Exchange.happened_on.desc(), Exchange.id.desc())
        .limit(LATEST)
    )
    return [ExchangeRow(*row) for row in rows]


def exchanges_open(network_id: int) -> list[ExchangeRow]:
    """The visits after which something is still short, the longest ago first."""
    rows = db.session.execute(
        _exchanges(network_id)
        .where(_short(Exchange.returning_id, Discrepancy.closed_on.is_(None)) > 0)
        .order_by(Exchange.happened_on, Exchange.id)
        .limit(LATEST)
    )
    return [ExchangeRow(*row) for row in rows]


def found_to_bring(network_id: int, place_id: int) -> int:
    """Copies (册) that were short at the last visit to a place, were found there, and were not fetched since."""
    last = select(func.max(Exchange.id)).where(Exchange.network_id == network_id, Exchange.place_id == place_id)
    fetched = exists().where(
        Batch.network_id == Discrepancy.network_id,
        Batch.kind == "return",
        Batch.from_place_id == place_id,
        Batch.id > Entry.batch_id,
        Batch.dispatched_on >= Discrepancy.closed_on,
        Batch.state != "cancelled",
    )
    found = (
        select(func.sum(Discrepancy.quantity))
        .join(Entry, and_(Entry.network_id == Discrepancy.network_id, Entry.id == Discrepancy.opened_entry_id))
        .join(Exchange, and_(Exchange.network_id == Entry.network_id, Exchange.returning_id == Entry.batch_id))
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.place_id == place_id,
            Discrepancy.resolution == "found",
            Exchange.id == last.scalar_subquery(),
            ~fetched,
        )
    )
    return int(db.session.scalar(found) or 0)


def shorts_of(network_id: int, returning_id: int) -> list[ShortRow]:
    """What was short at a visit, by the batch of what was taken back; open ones first."""
    rows = db.session.execute(
        select(
            Discrepancy.id,
            Discrepancy.quantity,
            Discrepancy.lot_id,
            Lot.title,
            Lot.barcode,
            Lot.price_fen,
            Discrepancy.opened_on,
            Discrepancy.closed_on,
            Discrepancy.resolution,
        )
        .join(Entry, and_(Entry.network_id == Discrepancy.network_id, Entry.id == Discrepancy.opened_entry_id))
        .outerjoin(Lot, and_(Lot.network_id == Discrepancy.network_id, Lot.id == Discrepancy.lot_id))
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.place_id.is_not(None),
            Entry.batch_id == returning_id,
        )
        .order_by(Discrepancy.closed_on.is_not(None), Discrepancy.id)
    )
    return [ShortRow(*row) for row in rows]


def ready_for(network_id: int, place_id: int) -> list[tuple[str, int]]:
    """The batches that are made up for a place and have not left: number and copies (册)."""
    rows: Sequence[Any] = db.session.execute(
        select(Batch.number, cast(func.sum(BatchLine.quantity), Integer))
        .join(BatchLine, and_(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id))
        .where(
            Batch.network_id == network_id,
            Batch.to_place_id == place_id,
            Batch.state.in_(("draft", "packed")),
            Batch.kind.in_(("allocation", "delivery")),
        )
        .group_by(Batch.id, Batch.number)
        .order_by(Batch.id)
    ).all()
    return [(number, copies) for number, copies in rows]


def _exchanges(network_id: int) -> Rows:
    outgoing, returning = aliased(Batch), aliased(Batch)
    return (
        select(
            Exchange.id,
            Exchange.network_id,
            Exchange.place_id,
            Exchange.happened_on,
            Exchange.note,
            Exchange.recorded_at,
            Person.display_name,
            outgoing.id,
            outgoing.number,
            outgoing.state,
            outgoing.terms,
            returning.id,
            returning.number,
            returning.state,
            _copies_of(Exchange.outgoing_id),
            _copies_of(Exchange.returning_id),
            _short(Exchange.returning_id),
            _short(Exchange.returning_id, Discrepancy.closed_on.is_(None)),
        )
        .join(outgoing, and_(outgoing.network_id == Exchange.network_id, outgoing.id == Exchange.outgoing_id))
        .join(returning, and_(returning.network_id == Exchange.network_id, returning.id == Exchange.returning_id))
        .outerjoin(Person, and_(Person.network_id == Exchange.network_id, Person.id == Exchange.recorded_by))
        .where(Exchange.network_id == network_id)
    )


def _copies_of(batch_id: Any) -> Any:
    lines = select(func.sum(BatchLine.quantity)).where(
        BatchLine.network_id == Exchange.network_id, BatchLine.batch_id == batch_id
    )
    return cast(func.coalesce(lines.correlate(Exchange).scalar_subquery(), 0), Integer)


def _short(batch_id: Any, *where: Any) -> Any:
    found = (
        select(func.sum(Discrepancy.quantity))
        .join(Entry, and_(Entry.network_id == Discrepancy.network_id, Entry.id == Discrepancy.opened_entry_id))
        .where(
            Discrepancy.network_id == Exchange.network_id,
            Discrepancy.place_id == Exchange.place_id,
            Entry.batch_id == batch_id,
            *where,
        )
    )
    return cast(func.coalesce(found.correlate(Exchange).scalar_subquery(), 0), Integer)
