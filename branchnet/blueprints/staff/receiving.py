"""Receiving for a point by scan: what was scanned has come, what was not is missing by name."""

import re

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.schemas import ScannedForm
from branchnet.blueprints.forms import op_id, refused
from branchnet.blueprints.staff.batch import show
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.words import strange_words

BETWEEN_CODES = re.compile(r"[\s,，;；、]+")


@blueprint.post("/batches/<number>/receive-scanned")
@require("batch.write")
def receive_scanned(number: str) -> Response | tuple[str, int]:
    """Receive what was scanned; what is not of the batch is told, and moves nothing."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)
    flat = {name: value for name, value in request.form.items() if not name.startswith("uncoded-")}
    uncoded = {name.removeprefix("uncoded-"): value for name, value in request.form.items() if name not in flat}
    try:
        sent = read(ScannedForm(), {**flat, "uncoded": {box: value for box, value in uncoded.items() if value.strip()}})
        codes = [code for code in BETWEEN_CODES.split(sent["codes"]) if code]

        def effect() -> Outcome:
            done = commands.receive_scanned(
                who.act, batch_id, sent["happened_on"], codes, sent["uncoded"], sent["note"], complete=sent["complete"]
            )
            return {"copies": done.copies, "differences": len(done.differences), "strange": done.strange}

        done = perform(who.act, op_id(), "receive_scanned", {"batch": number, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "scanned")
        return show(number, refusal), refusal.status
    said = _("签收了 %(copies)s 册。", copies=f"{done['copies']:,}")
    if done["differences"]:
        said += _("记下差异 %(count)s 条。", count=done["differences"])
    flash(said, "done")
    if done["strange"]:
        told = strange_words(who.network_id, done["strange"], who.act.today())
        flash(_("有 %(count)s 个码不是这一批的，没有收：%(told)s", count=len(done["strange"]), told=told), "look")
    return redirect(url_for("staff.batch_page", number=number), 303)
