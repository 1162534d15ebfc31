"""What a return settles: which earlier batches its counted copies came from, and how the clerk changes it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.return_schemas import ResettleForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.batch import head_of
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.errors import BranchNetError
from branchnet.language import _

PREFIX = "settles-"


@blueprint.get("/batches/<number>/settles")
@require("batch.see")
def settles(number: str) -> str:
    """By counted lot, which batches brought it to the point, and how much of each this return settles."""
    return _page(number, Refusal())


@blueprint.post("/batches/<number>/settles")
@require("batch.write")
def resettle(number: str) -> Response | tuple[str, int]:
    """Settle otherwise."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)
    flat = {name: value for name, value in request.form.items() if not name.startswith(PREFIX)}
    asked = {
        name.removeprefix(PREFIX): value.strip() or "0" for name, value in request.form.items() if name not in flat
    }
    try:
        sent = read(ResettleForm(), {**flat, "settles": asked})

        def effect() -> Outcome:
            by: dict[int, dict[int, int]] = {}
            for name, copies in sent["settles"].items():
                lot_id, _dash, one = name.partition("-")
                by.setdefault(int(lot_id), {})[int(one)] = copies
            commands.resettle(who.act, batch_id, sent["happened_on"], by)
            return {}

        perform(who.act, op_id(), "resettle", {"batch": number, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "resettle")
        return _page(number, refusal), refusal.status
    flash(_("结清哪批改好了，原来的记在经过里。"), "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


def _page(number: str, refusal: Refusal) -> str:
    head = head_of(number)
    return render_template(
        "staff/returns/settles.html",
        batch=head,
        writes=writes(head.network_id),
        lots=queries.to_settle(head.network_id, head.id),
        day=staff().act.today(),
        refusal=refusal,
        language_next=url_for("staff.settles", number=number, network=request.args.get("network")),
    )
