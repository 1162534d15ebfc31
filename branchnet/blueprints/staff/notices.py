"""Before a delivery is fetched: the teacher was told, and staff answer what the teacher asked for."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.asking_schema import DecideForm
from branchnet.blueprints.forms import op_id, refused
from branchnet.blueprints.staff.batch import show
from branchnet.blueprints.staff.day import show_day
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError
from branchnet.language import _

Answer = Response | tuple[str, int]


@blueprint.post("/batches/<number>/announced")
@require("batch.write")
def announced(number: str) -> Answer:
    """The words were sent to the teacher."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)
    try:

        def effect() -> Outcome:
            commands.announce(who.act, batch_id)
            return {}

        perform(who.act, op_id(), "announce", {"batch": number}, effect)
    except BranchNetError as error:
        refusal = refused(error, "announced")
        return show(number, refusal), refusal.status
    flash(_("记下了：%(number)s 已经告诉老师。", number=number), "done")
    there = url_for("staff.today") if request.form.get("from") == "day" else url_for("staff.batch_page", number=number)
    return redirect(there, 303)


@blueprint.post("/stay-answers/<int:answer_id>")
@require("batch.write")
def decide(answer_id: int) -> Answer:
    """What a teacher asked for is accepted, or declined with a word."""
    who = staff()
    try:
        sent = read(DecideForm(), request.form)

        def effect() -> Outcome:
            commands.decide_stay(who.act, answer_id, **sent)
            return {"answer": answer_id}

        perform(who.act, op_id(), "decide_stay", {"answer": answer_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, f"answer-{answer_id}")
        return show_day(refusal), refusal.status
    flash(
        _("同意了，应还日期改好了，老师的链接上看得到。")
        if sent["accepted"]
        else _("回话记下了，老师的链接上看得到。"),
        "done",
    )
    return redirect(url_for("staff.today"), 303)
