"""What must always hold of what one network handed over to another. Reports; repairs nothing."""

from typing import Any

from sqlalchemy import Integer, and_, cast, func, or_, select, union_all

from branchnet.database import Rows
from branchnet.models import Batch, BatchLine, HandOver, Lot, ServicePoint

SAME = (
    *(Lot.barcode, Lot.title, Lot.author, Lot.publisher, Lot.isbn, Lot.category, Lot.call_number, Lot.year),
    *(Lot.price_fen, Lot.property_number, Lot.fund, Lot.quality),
)
"""What is true of a copy in whosever books it stands; whose it is may change."""
ENDS = (
    (HandOver.network_id, HandOver.batch_id, HandOver.point_id, "withdrawal", 1),
    (HandOver.to_network_id, HandOver.to_batch_id, HandOver.to_point_id, "accession", -1),
)


def handed_over_differs(network_id: int) -> Rows:
    """By hand over, on either side of it: copies (册) that the withdrawal has and the accession has not."""
    both = union_all(*(_of(network_id, *end) for end in ENDS)).subquery()
    off = cast(func.sum(both.c.copies), Integer)
    told = (both.c.hand_over_id, both.c.barcode, both.c.title)
    return (
        select(*told, off.label("off"))
        .group_by(both.c.hand_over_id, *(both.c[column.key] for column in SAME))
        .having(off != 0)
        .order_by(both.c.hand_over_id, both.c.title)
    )


def _of(network_id: int, network: Any, batch_id: Any, point_id: Any, kind: str, sign: int) -> Rows:
    """What stands on one end, if that is a batch of its kind which ended, from or to its point."""
    place = Batch.from_place_id if kind == "withdrawal" else Batch.to_place_id
    ended = (Batch.kind == kind, Batch.state == "closed")
    return (
        select(HandOver.id.label("hand_over_id"), *SAME, (BatchLine.quantity * sign).label("copies"))
        .join(Batch, and_(Batch.network_id == network, Batch.id == batch_id, *ended))
        .join(ServicePoint, and_(ServicePoint.network_id == network, ServicePoint.id == point_id))
        .join(BatchLine, and_(BatchLine.network_id == network, BatchLine.batch_id == Batch.id))
        .join(Lot, and_(Lot.network_id == network, Lot.id == BatchLine.lot_id))
        .where(or_(HandOver.network_id == network_id, HandOver.to_network_id == network_id))
        .where(ServicePoint.place_id == place)
    )
