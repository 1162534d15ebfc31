"""What a receiver says at the door, recorded as of today, with what they are told in return."""

from collections.abc import Mapping

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.commands.road import arrive, receive
from branchnet.extensions import db
from branchnet.models import BatchEvent, BatchLine, Box, Discrepancy

Counted = dict[str, int]


def say_arrived(act: Act, batch_id: int) -> Counted:
    """The boxes came, and nobody has counted."""
    arrive(act, batch_id, act.today())
    return {}


def say_counted(act: Act, batch_id: int, counts: Mapping[int, int] | None, note: str | None) -> Counted:
    """So many in each box, or all as sent. Returns the copies counted, short and over (册), and the boxes left.

    Raises what `receive` raises.
    """
    opened = receive(act, batch_id, act.today(), counts, note)
    off = dict(
        db.session.execute(
            select(Discrepancy.kind, func.sum(Discrepancy.quantity))
            .where(Discrepancy.network_id == act.network_id, Discrepancy.id.in_(opened))
            .group_by(Discrepancy.kind)
        )
        .tuples()
        .all()
    )
    return {
        "copies": _counted(act, batch_id),
        "short": int(off.get("short", 0)),
        "over": int(off.get("over", 0)),
        "left": _boxes_left(act, batch_id),
    }


def _counted(act: Act, batch_id: int) -> int:
    return int(
        db.session.scalars(
            select(BatchEvent.copies)
            .where(
                BatchEvent.network_id == act.network_id,
                BatchEvent.batch_id == batch_id,
                BatchEvent.step == "received",
            )
            .order_by(BatchEvent.id.desc())
            .limit(1)
        ).one()
        or 0
    )


def _boxes_left(act: Act, batch_id: int) -> int:
    return int(
        db.session.scalar(
            select(func.count(Box.id.distinct()))
            .join(BatchLine, (BatchLine.network_id == Box.network_id) & (BatchLine.box_id == Box.id))
            .where(Box.network_id == act.network_id, Box.batch_id == batch_id, Box.counted_on.is_(None))
        )
        or 0
    )
