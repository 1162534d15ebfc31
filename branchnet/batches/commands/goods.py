"""What goes along with a batch and is no book (非书物品): listed by kind, never in the ledger."""

from dataclasses import dataclass

from sqlalchemy import delete, insert

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.shared import batch_for
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchGoods
from branchnet.models.batch import GOODS


@dataclass(frozen=True, slots=True)
class Goods:
    """So many of something, in its own unit; without a number where nobody counted (一批台和书架)."""

    kind: str
    name: str
    unit: str
    number: int | None = None


def add_goods(act: Act, batch_id: int, goods: Goods) -> int:
    """List goods on a batch that is not sent yet, or on an accession. Returns their id.

    Raises Invalid naming the field, Conflict("not_from_here") once the batch is on its way.
    """
    batch = _open_for_goods(act, batch_id)
    name, unit = goods.name.strip(), goods.unit.strip()
    if problems := rules.goods_problems(GOODS, goods.kind, name, unit, goods.number):
        raise Invalid("goods", fields=problems)
    return int(
        db.session.execute(
            insert(BatchGoods)
            .values(
                network_id=act.network_id,
                batch_id=batch.id,
                kind=goods.kind,
                name=name,
                unit=unit,
                number=goods.number,
                added_at=clock.now(),
                added_by=act.person_id,
            )
            .returning(BatchGoods.id)
        ).scalar_one()
    )


def remove_goods(act: Act, batch_id: int, goods_id: int) -> None:
    """Take goods off the list again. What is gone already is no error."""
    batch = _open_for_goods(act, batch_id)
    db.session.execute(
        delete(BatchGoods).where(
            BatchGoods.network_id == act.network_id, BatchGoods.batch_id == batch.id, BatchGoods.id == goods_id
        )
    )


def _open_for_goods(act: Act, batch_id: int) -> Batch:
    batch = batch_for(act, batch_id)
    came = batch.kind == "accession" and batch.state == "closed"
    if batch.state not in rules.OPEN and not came:
        raise Conflict("not_from_here", step="goods", state=batch.state, number=batch.number)
    return batch
