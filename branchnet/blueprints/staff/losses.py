"""Loss and damage of what stands somewhere is reported: by barcode, by title and number, or by number alone."""

from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.batches import commands
from branchnet.batches.counted import suggestions
from branchnet.batches.losses.rules import REPORTED
from branchnet.batches.losses.schemas import ReportForm
from branchnet.batches.losses.there import lot_named
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.loss_words import reported_words
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.whereabouts import place_asked, place_options
from branchnet.errors import Invalid
from branchnet.language import _


@blueprint.get("/losses/new")
@require("batch.write")
def report_loss() -> str:
    """The form: for the place (``where``) and the book (``what``) that are named."""
    return _page(Refusal())


@blueprint.post("/losses/new")
@require("batch.write")
def report_loss_done() -> Answer:
    """A difference that both ends see, and its page."""

    def step(sent: dict[str, Any]) -> Outcome:
        who = staff()
        place_id = place_asked(sent["where"], "shelf")
        lot_id = lot_named(who.network_id, place_id, sent["what"]) if sent["what"] else None
        quantity = sent["quantity"] or 1
        case_id = commands.report(who.act, place_id, sent["kind"], quantity, sent["happened_on"], lot_id, sent["note"])
        return {"case": case_id}

    said = _("记下了，成为一条未结的差异，两头都看得见。")
    return press(
        "report", ReportForm(), {}, step, said, lambda done: url_for("staff.case", case_id=done["case"]), _page
    )


def _page(refusal: Refusal) -> str:
    who = staff()
    where = str(refusal.typed("report", "where", request.args.get("where", "")))
    try:
        place_id = place_asked(where, "shelf") if where else None
    except Invalid:
        place_id = None
    return render_template(
        "staff/losses/report.html",
        refusal=refusal,
        where=where,
        what=request.args.get("what", ""),
        places=place_options("shelf"),
        kinds=[(kind, reported_words(kind)) for kind in REPORTED],
        titles=suggestions(who.network_id, place_id) if place_id is not None else [],
        day=who.act.today(),
        language_next=url_for("staff.report_loss", where=where or None),
    )
