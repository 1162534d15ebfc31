"""What facts are made of: how copies at a place changed, what was read there, which batches came. A statement each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, exists, func, or_, select, union_all

from branchnet.calendar.rules import month_of
from branchnet.coverage.rules import Change
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Discrepancy, HandOver, Lot, Move, Reading, ReadingRevision

SENT_KINDS = ("allocation", "delivery", "rotation", "accession")
"""Kinds of batches that bring books to a point. An opening is none of them: its books were there before."""


class Numbers(NamedTuple):
    """Visits (人次) and loans (册次) of a point's month; None where nothing was counted."""

    in_school_visits: int | None = None
    in_school_loans: int | None = None
    community_visits: int | None = None
    community_loans: int | None = None


def changes(network_id: int, place_ids: Sequence[int]) -> Iterator[tuple[int, Change]]:
    """How copies at these places changed, from the first day on; and what open differences say of them."""
    for place_id, on, quality, undoes, copies in db.session.execute(_moved(network_id, place_ids)):
        yield place_id, Change(on, int(copies), quality, bool(undoes))
    yield from _differences(network_id, place_ids)


def _moved(network_id: int, place_ids: Sequence[int]) -> Rows:
    """By place, day, quality and direction, what the ledger moved."""
    came = select(
        Move.to_place_id.label("place_id"),
        Move.lot_id,
        Move.occurred_on,
        Move.reverses_id.is_not(None).label("undoes"),
        Move.quantity.label("copies"),
    ).where(Move.network_id == network_id, Move.to_place_id.in_(place_ids))
    left = select(
        Move.from_place_id,
        Move.lot_id,
        Move.occurred_on,
        Move.reverses_id.is_not(None),
        -Move.quantity,
    ).where(Move.network_id == network_id, Move.from_place_id.in_(place_ids))
    both = union_all(came, left).subquery()
    incoming = case((both.c.copies > 0, 1), else_=0)
    return (
        select(both.c.place_id, both.c.occurred_on, Lot.quality, both.c.undoes, func.sum(both.c.copies))
        .join(Lot, (Lot.network_id == network_id) & (Lot.id == both.c.lot_id))
        .group_by(both.c.place_id, both.c.occurred_on, Lot.quality, both.c.undoes, incoming)
        .order_by(both.c.place_id, both.c.occurred_on)
    )


def _differences(network_id: int, place_ids: Sequence[int]) -> Iterator[tuple[int, Change]]:
    """Counted stock is what was moved, less what is short, more what is over, while nobody knows why.

    Found in a batch it is of where that went; found in a stocktake, or reported, of the place that it names.

    The day a difference is closed the ledger says it with moves of its own: the two change places without a gap.
    """
    place = func.coalesce(Batch.to_place_id, Discrepancy.place_id)
    rows = db.session.execute(
        select(place, Discrepancy.kind, Discrepancy.quantity, Discrepancy.opened_on, Discrepancy.closed_on)
        .outerjoin(Batch, (Batch.network_id == Discrepancy.network_id) & (Batch.id == Discrepancy.batch_id))
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.in_transit.is_(False),
            Discrepancy.kind.in_(("short", "over")),
            or_(Batch.to_place_id.in_(place_ids), Discrepancy.place_id.in_(place_ids)),
        )
    )
    for place_id, kind, quantity, opened_on, closed_on in rows:
        signed = quantity if kind == "over" else -quantity
        yield place_id, Change(opened_on, signed, "estimated", undoes=signed < 0)
        if closed_on is not None:
            yield place_id, Change(closed_on, -signed, "estimated", undoes=True)


def readings(network_id: int, point_ids: Sequence[int]) -> Iterator[tuple[int, str, Numbers]]:
    """By point and month what the revisions that hold add up to: the month's own, and stays that ended in it."""
    rows = db.session.execute(
        select(
            Reading.point_id,
            Reading.month,
            func.sum(ReadingRevision.in_school_visits),
            func.sum(ReadingRevision.in_school_loans),
            func.sum(ReadingRevision.community_visits),
            func.sum(ReadingRevision.community_loans),
        )
        .join(
            ReadingRevision,
            (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.id == Reading.current_id),
        )
        .where(Reading.network_id == network_id, Reading.point_id.in_(point_ids), Reading.month.is_not(None))
        .group_by(Reading.point_id, Reading.month)
    )
    for point_id, month, *sums in rows:
        if month is not None:
            yield point_id, month, Numbers(*(None if one is None else int(one) for one in sums))


def brings_books() -> tuple[ColumnElement[bool], ...]:
    """The conditions that a batch brought books to where it went, which were not there before."""
    taken_over = exists().where(HandOver.to_network_id == Batch.network_id, HandOver.to_batch_id == Batch.id)
    books = exists().where(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
    return (
        Batch.kind.in_(SENT_KINDS),
        Batch.received_on.is_not(None),
        Batch.state != "cancelled",
        books,
        ~taken_over,
    )


def batches_in(network_id: int, place_ids: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    """By place and month how many batches (批) brought books: a delivery in the month of its collection.

    Goods alone are no books, and what another network handed over was there before.
    """
    rows = db.session.execute(
        select(Batch.to_place_id, Batch.kind, Batch.received_on, Batch.collected_on).where(
            Batch.network_id == network_id,
            Batch.to_place_id.in_(place_ids),
            *brings_books(),
        )
    )
    found: Counter[tuple[int, str]] = Counter()
    for place_id, kind, received_on, collected_on in rows:
        day: date | None = collected_on if kind == "delivery" else received_on
        if day is not None:
            found[place_id, month_of(day)] += 1
    for (place_id, month), number in found.items():
        yield place_id, month, number
