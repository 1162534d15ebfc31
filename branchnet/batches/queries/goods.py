"""What goes along with a batch and is no book."""

from dataclasses import dataclass

from sqlalchemy import select

from branchnet.extensions import db
from branchnet.models import BatchGoods


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """So many of something in its own unit; ``number`` is None where nobody counted."""

    id: int
    kind: str
    name: str
    number: int | None
    unit: str


def goods_of(network_id: int, batch_id: int) -> list[GoodsRow]:
    """What is listed on a batch, in the order it was added."""
    rows = db.session.execute(
        select(BatchGoods.id, BatchGoods.kind, BatchGoods.name, BatchGoods.number, BatchGoods.unit)
        .where(BatchGoods.network_id == network_id, BatchGoods.batch_id == batch_id)
        .order_by(BatchGoods.id)
    )
    return [GoodsRow(*row) for row in rows]
