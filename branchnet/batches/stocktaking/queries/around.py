"""What stands around a count: batches under way, and the differences that came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from branchnet.batches.queries.listing import End, arrived, ends_of
from branchnet.extensions import db
from branchnet.models import (
    Batch,
    BatchLine,
    Discrepancy,
    Holding,
    Lot,
    Place,
    Stocktake,
)


@dataclass(frozen=True, slots=True)
class RoadRow:
    """A batch under way: ``counts`` says whether its books belong into the count, for they are still there."""

    number: str
    kind: str
    stage: str
    start: End
    end: End
    copies: int
    counts: bool


def road_of(stocktake: Stocktake, today: date) -> list[RoadRow]:
    """Batches to and from the place that are made up or on the road, with the copies (册) that are. Two statements."""
    start, end = aliased(Place), aliased(Place)
    lines = (
        select(func.sum(BatchLine.quantity))
        .where(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    road = (
        select(func.sum(Holding.quantity))
        .where(Holding.network_id == Batch.network_id, Holding.place_id == Batch.transit_place_id)
        .correlate(Batch)
        .scalar_subquery()
    )
    here = stocktake.place_id
    mine = or_(
        and_(Batch.state == "dispatched", or_(Batch.to_place_id == here, Batch.from_place_id == here)),
        and_(Batch.state.in_(("draft", "packed")), Batch.from_place_id == here, lines > 0),
    )
    rows = db.session.execute(
        select(
            Batch.number,
            Batch.kind,
            Batch.state,
            and_(literal(True), arrived()).label("arrived"),
            Batch.from_place_id,
            start.kind.label("from_kind"),
            Batch.to_place_id,
            end.kind.label("to_kind"),
            _sum_of(case((Batch.state == "dispatched", road), else_=lines)).label("copies"),
        )
        .join(start, and_(start.network_id == Batch.network_id, start.id == Batch.from_place_id))
        .join(end, and_(end.network_id == Batch.network_id, end.id == Batch.to_place_id))
        .where(Batch.network_id == stocktake.network_id, mine)
        .order_by(Batch.id)
    ).all()
    ends = ends_of({one for row in rows for one in (row.from_place_id, row.to_place_id)}, [stocktake.network_id], today)
    return [
        RoadRow(
            number=row.number,
            kind=row.kind,
            stage="arrived" if row.state == "dispatched" and row.arrived else row.state,
            start=ends.get(row.from_place_id) or End(row.from_place_id, row.from_kind),
            end=ends.get(row.to_place_id) or End(row.to_place_id, row.to_kind),
            copies=row.copies,
            counts=row.state != "dispatched",
        )
        for row in rows
    ]


def _sum_of(value: Any) -> Any:
    return cast(func.coalesce(value, 0), Integer)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A difference of a stocktake: 册 short or over, of which lot where that is known, and how it ended.

    ``entry_id``: the moves by which it was closed, where copies moved.
    """

    id: int
    kind: str
    quantity: int
    lot_id: int | None
    title: str | None
    barcode: str | None
    quality: str | None
    opened_on: date
    closed_on: date | None
    resolution: str | None
    entry_id: int | None
    note: str | None


def cases_of(stocktake: Stocktake) -> list[CaseRow]:
    """All its differences, open ones first."""
    rows: Sequence[Any] = db.session.execute(
        select(
            Discrepancy.id,
            Discrepancy.kind,
            Discrepancy.quantity,
            Discrepancy.lot_id,
            Lot.title,
            Lot.barcode,
            Lot.quality,
            Discrepancy.opened_on,
            Discrepancy.closed_on,
            Discrepancy.resolution,
            Discrepancy.entry_id,
            Discrepancy.note,
        )
        .outerjoin(Lot, and_(Lot.network_id == Discrepancy.network_id, Lot.id == Discrepancy.lot_id))
        .where(Discrepancy.network_id == stocktake.network_id, Discrepancy.stocktake_id == stocktake.id)
        .order_by(Discrepancy.closed_on.is_not(None), Discrepancy.id)
    ).all()
    return [CaseRow(*row) for row in rows]
