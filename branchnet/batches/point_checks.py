"""What must always hold for the points of a network, with what was sent to them. Reports; repairs nothing."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from branchnet.batches.rules import OUTBOUND
from branchnet.database import Rows
from branchnet.models import Batch, PointPause, ServicePoint
from branchnet.stock.checks import Checks


def sent_to_closed(network_id: int) -> Rows:
    """Batches that were sent to a point from the day on that it closed."""
    at_point = and_(ServicePoint.network_id == network_id, ServicePoint.place_id == Batch.to_place_id)
    return (
        select(Batch.id.label("batch_id"), ServicePoint.id.label("point_id"))
        .join(ServicePoint, at_point)
        .where(
            Batch.network_id == network_id,
            Batch.kind.in_(OUTBOUND),
            Batch.state != "cancelled",
            Batch.dispatched_on >= ServicePoint.closed_on,
        )
    )


def pauses_wrong(network_id: int) -> Rows:
    """Pauses that share a day with another of the same point, or lie outside the days between opening and closing."""
    other = aliased(PointPause)
    another = and_(
        other.network_id == network_id,
        other.point_id == PointPause.point_id,
        other.begins_on > PointPause.begins_on,
        or_(PointPause.ends_on.is_(None), other.begins_on < PointPause.ends_on),
    )
    outside = or_(
        ServicePoint.opened_on.is_(None),
        PointPause.begins_on < ServicePoint.opened_on,
        and_(
            ServicePoint.closed_on.is_not(None),
            or_(PointPause.ends_on.is_(None), PointPause.ends_on > ServicePoint.closed_on),
        ),
    )
    return (
        select(PointPause.point_id, PointPause.begins_on)
        .join(ServicePoint, and_(ServicePoint.network_id == network_id, ServicePoint.id == PointPause.point_id))
        .where(PointPause.network_id == network_id, or_(outside, select(other.id).where(another).exists()))
    )


CHECKS: Checks = {"sent_to_closed": sent_to_closed, "pauses_wrong": pauses_wrong}
