"""What a receiver says at the door, recorded as of today, with what they are told in return."""

from collections.abc import Mapping

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.boxes import on_its_way
from branchnet.batches.commands.receiving import arrive, receive
from branchnet.extensions import db
from branchnet.models import BatchEvent, BatchLine, Box, Discrepancy

Counted = dict[str, int]


def say_arrived(act: Act, batch_id: int) -> Counted:
    """The boxes came, and nobody has counted."""
    arrive(act, batch_id, act.today())
    return {}


def say_counted(
    act: Act,
    batch_id: int,
    counts: Mapping[int, int] | None,
    note: str | None,
    damaged: Mapping[int, int] | None = None,
) -> Counted:
    """So many in each box, or all as sent, and how many of them are broken.

    Returns the copies counted, short, over and damaged (册), and the boxes left. Raises what `receive` raises.
    """
    opened = receive(act, batch_id, act.today(), counts, note, damaged)
    rows = db.session.execute(
        select(Discrepancy.kind, func.sum(Discrepancy.quantity))
        .where(Discrepancy.network_id == act.network_id, Discrepancy.id.in_(opened))
        .group_by(Discrepancy.kind)
    )
    off = {kind: int(copies) for kind, copies in rows}
    return {
        "copies": _counted(act, batch_id),
        "short": off.get("short", 0),
        "over": off.get("over", 0),
        "damaged": off.get("damaged", 0),
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
            .where(Box.network_id == act.network_id, Box.batch_id == batch_id, on_its_way())
        )
        or 0
    )
