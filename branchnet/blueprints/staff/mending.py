"""What went otherwise than planned: a step taken back with a reason, the rest recalled, damage reported."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.queries import Later
from branchnet.batches.schemas import DamagedForm, RecallForm, ReverseForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.steps import Answer, take
from branchnet.errors import BranchNetError
from branchnet.language import _


@blueprint.get("/batches/<number>/events/<int:event_id>/reverse")
@require("batch.write")
def reversal(number: str, event_id: int) -> str:
    """What would happen if this step were taken back, and what stands in the way."""
    return _reversal_page(number, event_id, Refusal())


@blueprint.post("/batches/<number>/events/<int:event_id>/reverse")
@require("batch.write")
def reverse(number: str, event_id: int) -> Answer:
    """Take a step back, with a reason."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)
    try:
        sent = read(ReverseForm(), request.form)

        def effect() -> Outcome:
            return {"entry": commands.reverse_step(who.act, batch_id, event_id, sent["reason"])}

        perform(who.act, op_id(), "reverse_step", {"batch": number, "event": event_id, **sent}, effect)
    except BranchNetError as error:
        refusal, stopped_by = refused(error, "reverse"), error.data.get("entries", [])
        later = queries.later_steps(who.network_id, stopped_by)
        return _reversal_page(number, event_id, refusal, later), refusal.status
    flash(_("这一步撤回了，书记回原处；原因记在经过里。"), "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


def _reversal_page(number: str, event_id: int, refusal: Refusal, later: tuple[Later, ...] = ()) -> str:
    who = staff()
    day = who.act.today()
    head = queries.batch_head([who.network_id], number, who.act.network.slug, day)
    found = queries.reversal_of(who.network_id, head.id, event_id, day)
    return render_template(
        "staff/reverse.html",
        batch=head,
        reversal=found,
        later=later or found.later,
        refusal=refusal,
    )


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
