"""What goes along with a batch and is no book: listed, and taken off the list again."""

from typing import Any

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.access.sent import Sent
from branchnet.batches import commands
from branchnet.batches.accession_schemas import GoodsForm
from branchnet.batches.commands import Goods
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.steps import Answer, take
from branchnet.language import _


@blueprint.post("/batches/<number>/goods")
@require("batch.write")
def add_goods(number: str) -> Answer:
    """So many of something that is no book; how many may be unknown."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        return {"goods": commands.add_goods(staff().act, batch_id, Goods(**sent))}

    return take(number, "goods", GoodsForm(), step, _("加上了。"))


@blueprint.post("/batches/<number>/goods/<int:goods_id>/remove")
@require("batch.write")
def remove_goods(number: str, goods_id: int) -> Answer:
    """Take it off the list."""

    def step(batch_id: int, _sent: dict[str, Any]) -> Outcome:
        commands.remove_goods(staff().act, batch_id, goods_id)
        return {"removed": goods_id}

    return take(number, f"remove-goods-{goods_id}", Sent(), step, _("去掉了。"))
