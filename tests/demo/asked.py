"""What the tables say, asked of the ledger and the readings alone: never of the story that filled them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import (
    Batch,
    BatchEvent,
    Lot,
    Move,
    Network,
    PointKind,
    PointName,
    Reading,
    ReadingRevision,
    ServicePoint,
)
from branchnet.stock.rules import worst_quality

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def network_id(slug: str) -> int:
    """The id of a network."""
    return db.session.execute(select(Network.id).where(Network.slug == slug)).scalar_one()


def points(slug: str, *where: Any) -> Sequence[ServicePoint]:
    """Points of a network, by code."""
    return db.session.scalars(
        select(ServicePoint)
        .join(PointName, (PointName.network_id == ServicePoint.network_id) & (PointName.point_id == ServicePoint.id))
        .join(PointKind, (PointKind.network_id == ServicePoint.network_id) & (PointKind.point_id == ServicePoint.id))
        .where(ServicePoint.network_id == network_id(slug), *where)
        .order_by(ServicePoint.code)
    ).all()


def place(slug: str, name: str) -> int:
    """The place of the point of this name."""
    (point,) = points(slug, PointName.name == name)
    return point.place_id


def _sent(slug: str, kinds: Sequence[str], *columns: Any) -> Rows:
    """Moves that put batches of these kinds on the road in the report year."""
    return (
        select(*columns)
        .select_from(Move)
        .join(Batch, (Batch.network_id == Move.network_id) & (Batch.id == Move.batch_id))
        .join(Lot, (Lot.network_id == Move.network_id) & (Lot.id == Move.lot_id))
        .outerjoin(
            ServicePoint,
            (ServicePoint.network_id == Batch.network_id) & (ServicePoint.place_id == Batch.to_place_id),
        )
        .outerjoin(
            PointKind, (PointKind.network_id == ServicePoint.network_id) & (PointKind.point_id == ServicePoint.id)
        )
        .where(
            Batch.network_id == network_id(slug),
            Batch.kind.in_(kinds),
            Batch.dispatched_on.between(FIRST, LAST),
            Move.from_place_id == Batch.from_place_id,
            Move.to_place_id == Batch.transit_place_id,
        )
    )


def copies_sent(slug: str, kinds: Sequence[str], *where: Any) -> int:
    """Copies (册) that left on batches of these kinds in the report year."""
    return int(db.session.scalar(_sent(slug, kinds, func.sum(Move.quantity)).where(*where)) or 0)


def batches_sent(slug: str, kinds: Sequence[str], *where: Any) -> Sequence[Batch]:
    """Those batches themselves."""
    ids = _sent(slug, kinds, Batch.id).where(*where)
    return db.session.scalars(
        select(Batch).where(Batch.network_id == network_id(slug), Batch.id.in_(ids)).order_by(Batch.id)
    ).all()


def quality_sent(slug: str, kinds: Sequence[str], *where: Any) -> str:
    """How well their number is known: as well as the worst of the lots."""
    return worst_quality(db.session.scalars(_sent(slug, kinds, Lot.quality).where(*where).distinct()))


def copies_moved(batch: Batch, reason: str) -> int:
    """Copies (册) that a batch moved for a reason."""
    mine = (Move.network_id == batch.network_id, Move.batch_id == batch.id, Move.reason == reason)
    return int(db.session.scalar(select(func.sum(Move.quantity)).where(*mine)) or 0)


def event(batch: Batch, step: str) -> BatchEvent:
    """The one event of a step."""
    return db.session.scalars(
        select(BatchEvent).where(
            BatchEvent.network_id == batch.network_id, BatchEvent.batch_id == batch.id, BatchEvent.step == step
        )
    ).one()


def reported(slug: str, *where: Any) -> tuple[int, int, int, int, int]:
    """Windows of the report year that hold a reading, and the sums of its four numbers."""
    row = db.session.execute(
        select(
            func.count(),
            func.sum(ReadingRevision.in_school_visits),
            func.sum(ReadingRevision.in_school_loans),
            func.sum(ReadingRevision.community_visits),
            func.sum(ReadingRevision.community_loans),
        )
        .select_from(Reading)
        .join(
            ReadingRevision,
            (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.id == Reading.current_id),
        )
        .join(ServicePoint, (ServicePoint.network_id == Reading.network_id) & (ServicePoint.id == Reading.point_id))
        .where(Reading.network_id == network_id(slug), Reading.month.between("2025-01", "2025-12"), *where)
    ).one()
    windows, *numbers = (int(value or 0) for value in row)
    return windows, numbers[0], numbers[1], numbers[2], numbers[3]
