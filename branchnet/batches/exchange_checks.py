"""What must always hold for exchange visits. Reports; repairs nothing."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from branchnet.batches.rules import OUTBOUND
from branchnet.database import Rows
from branchnet.models import Batch, Exchange


def exchanges_differ(network_id: int) -> Rows:
    """Visits whose batches are not what they say: one sent to the point, and a return from there."""
    outgoing, returning = aliased(Batch), aliased(Batch)
    return (
        select(Exchange.id.label("exchange_id"), outgoing.number, returning.number.label("back"))
        .join(outgoing, and_(outgoing.network_id == network_id, outgoing.id == Exchange.outgoing_id))
        .join(returning, and_(returning.network_id == network_id, returning.id == Exchange.returning_id))
        .where(
            Exchange.network_id == network_id,
            or_(
                outgoing.to_place_id != Exchange.place_id,
                outgoing.kind.not_in(sorted(OUTBOUND)),
                returning.from_place_id != Exchange.place_id,
                returning.kind != "return",
            ),
        )
    )
