"""Differences as those see them who have the copies: open ones until they are closed, and how the last ones ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Integer, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.batches.boxes import on_its_way
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Discrepancy, Entry, Lot, Stocktake

SHOWN = 50
"""Cases that a page lists: who has more of them open needs the telephone."""


@dataclass(frozen=True, slots=True)
class Case:
    """So many copies (册) short, over or damaged; since when, and how it ended where it has.

    Found in a batch, in a stocktake, or, without the number of either, reported of the place. Of what stands at a place
    ``batch`` is the one that found it.
    """

    batch: str | None
    stocktake: str | None
    kind: str
    quantity: int
    box: int | None
    title: str | None
    barcode: str | None
    note: str | None
    opened_on: date
    closed_on: date | None
    resolution: str | None


def cases_at(network_id: int, place_id: int, closed_since: date) -> list[Case]:
    """Cases of a place, and of batches that came to it or left it: open ones first, then those closed since a day."""
    return _cases(
        network_id,
        or_(Batch.to_place_id == place_id, Batch.from_place_id == place_id, Discrepancy.place_id == place_id),
        or_(Discrepancy.closed_on.is_(None), Discrepancy.closed_on >= closed_since),
    )


def cases_of(network_id: int, batch_id: int) -> list[Case]:
    """All cases of a batch, open ones first."""
    return _cases(network_id, Batch.id == batch_id)


def not_counted(networks: Iterable[int], place_ids: Sequence[int] | None = None) -> dict[int, int]:
    """By place the copies (册) in boxes that are there and that nobody has counted: in no holding of it yet."""
    query: Rows = (
        select(Batch.to_place_id, cast(func.sum(BatchLine.quantity), Integer))
        .join(Box, and_(Box.network_id == Batch.network_id, Box.batch_id == Batch.id))
        .join(BatchLine, and_(BatchLine.network_id == Box.network_id, BatchLine.box_id == Box.id))
        .where(
            Batch.state == "dispatched",
            Box.arrived_on.is_not(None),
            on_its_way(),
        )
        .group_by(Batch.to_place_id)
    )
    if place_ids is not None:
        query = query.where(Batch.to_place_id.in_(place_ids))
    return dict(db.session.execute(within(query, Batch, networks)).all())


def _cases(network_id: int, *conditions: ColumnElement[bool]) -> list[Case]:
    finding = aliased(Batch)
    query: Rows = (
        select(
            func.coalesce(Batch.number, finding.number),
            Stocktake.number,
            Discrepancy.kind,
            Discrepancy.quantity,
            Box.number,
            Lot.title,
            Lot.barcode,
            Discrepancy.note,
            Discrepancy.opened_on,
            Discrepancy.closed_on,
            Discrepancy.resolution,
        )
        .outerjoin(Batch, and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id))
        .outerjoin(Entry, and_(Entry.network_id == Discrepancy.network_id, Entry.id == Discrepancy.opened_entry_id))
        .outerjoin(finding, and_(finding.network_id == Entry.network_id, finding.id == Entry.batch_id))
        .outerjoin(
            Stocktake,
            and_(Stocktake.network_id == Discrepancy.network_id, Stocktake.id == Discrepancy.stocktake_id),
        )
        .outerjoin(Box, and_(Box.network_id == Discrepancy.network_id, Box.id == Discrepancy.box_id))
        .outerjoin(Lot, and_(Lot.network_id == Discrepancy.network_id, Lot.id == Discrepancy.lot_id))
        .where(Discrepancy.network_id == network_id, *conditions)
        .order_by(Discrepancy.closed_on.is_not(None), Discrepancy.id.desc())
        .limit(SHOWN)
    )
    return [Case(*row) for row in db.session.execute(query)]
