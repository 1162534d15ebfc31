"""One repair: mended, or beyond it; and that taken back."""

from typing import Any

from flask import render_template, url_for

from branchnet.access.guards import require, staff
from branchnet.access.sent import Sent
from branchnet.batches import commands
from branchnet.batches.losses import registers
from branchnet.batches.losses.schemas import EndRepairForm
from branchnet.batches.schemas import ReverseForm
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.loss_words import repair_end_words, repair_words
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.language import _
from branchnet.models.difference import REPAIR_OUTCOMES


@blueprint.get("/repairs/<int:repair_id>")
@require("batch.see")
def repair(repair_id: int) -> str:
    """Copies in the workroom, or what became of them."""
    return _page(repair_id, Refusal())


@blueprint.post("/repairs/<int:repair_id>/end")
@require("batch.write")
def end_repair(repair_id: int) -> Answer:
    """Back to the shelf, or on to what is to be disposed."""

    def step(sent: dict[str, Any]) -> None:
        commands.end_repair(staff().act, repair_id, sent["outcome"], sent["happened_on"], sent["cost"], sent["note"])

    return _press("end_repair", repair_id, EndRepairForm(), step, _("修补的结果记下了。"))


@blueprint.post("/repairs/<int:repair_id>/reverse")
@require("batch.write")
def reverse_repair(repair_id: int) -> Answer:
    """How it ended was a mistake: the copies are in the workroom again."""

    def step(sent: dict[str, Any]) -> None:
        commands.reverse_repair(staff().act, repair_id, sent["reason"])

    return _press("reverse_repair", repair_id, ReverseForm(), step, _("撤回了，书还在总馆整理间。"))


def _press(form: str, repair_id: int, schema: Sent, step: Any, said: str) -> Answer:
    return press(
        form,
        schema,
        {"repair": repair_id},
        step,
        said,
        lambda _done: url_for("staff.repair", repair_id=repair_id),
        lambda refusal: _page(repair_id, refusal),
    )


def _page(repair_id: int, refusal: Refusal) -> str:
    who = staff()
    row = registers.repair_row(who.networks, repair_id, who.act.today())
    return render_template(
        "staff/losses/repair.html",
        repair=row,
        state=repair_words(row.outcome),
        outcomes=[(outcome, repair_end_words(outcome)) for outcome in REPAIR_OUTCOMES],
        refusal=refusal,
        writes=writes(row.network_id),
        day=who.act.today(),
        language_next=url_for("staff.repair", repair_id=repair_id),
    )
