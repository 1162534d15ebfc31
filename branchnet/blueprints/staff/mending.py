"""What went otherwise than planned: the rest of a batch recalled, damage reported."""

from typing import Any

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.batches import commands, queries
from branchnet.batches.schemas import DamagedForm, RecallForm
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.steps import Answer, take
from branchnet.language import _


@blueprint.post("/batches/<number>/recall")
@require("batch.write")
def recall(number: str) -> Answer:
    """What is still on the road came back; what did not is written off."""
    who = staff()

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        lost = queries.named_lots(who.network_id, sent["barcodes"].split())
        if sent["lot"] is not None and sent["lost"]:
            lost[sent["lot"]] = sent["lost"]
        commands.recall(who.act, batch_id, sent["happened_on"], sent["note"], lost)
        return {}

    return take(number, "recall", RecallForm(), step, _("其余的书追回来了，记回出发的地方。"))


@blueprint.post("/batches/<number>/damaged")
@require("batch.write")
def damaged(number: str) -> Answer:
    """Copies are damaged: a difference that both ends see."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        who = staff()
        found = commands.report_damaged(
            who.act, batch_id, sent["damaged"], sent["happened_on"], sent["lot"], sent["note"]
        )
        return {"difference": found}

    return take(number, "damaged", DamagedForm(), step, _("破损记下了，成为一条未结的差异。"))
