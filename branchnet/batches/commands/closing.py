"""A point closes. Nothing was sent to it since that day: then it was open for somebody."""

from datetime import date, timedelta

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch, ServicePoint
from branchnet.points.life import commands as life


def close_point(
    act: Act, point_id: int, day: date, reason: str, successor_id: int | None = None, step: str = "closed"
) -> ServicePoint:
    """Close a point from a day on (``points.life.commands.close``).

    Books may stand there, and be on the road to it: both stay listed. Raises what `not_sent_since` raises.
    """
    not_sent_since(act, point_id, day)
    return life.close(act, point_id, day, reason, successor_id, step)


def not_sent_since(act: Act, point_id: int, day: date) -> None:
    """Raises Invalid("sent_since") with the earliest day possible where a batch was sent to it on that day or later."""
    last = db.session.scalar(
        select(func.max(Batch.dispatched_on))
        .join(
            ServicePoint,
            (ServicePoint.network_id == Batch.network_id) & (ServicePoint.place_id == Batch.to_place_id),
        )
        .where(Batch.network_id == act.network_id, ServicePoint.id == point_id, Batch.state != "cancelled")
    )
    if last is not None and last >= day:
        raise Invalid("sent_since", earliest=last + timedelta(days=1), fields={"day": "sent_since"})
