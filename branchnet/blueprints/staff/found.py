"""Books of others found among ours: listed until they went home."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.return_schemas import CloseFoundForm, FoundForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.models.coming_back import FOUND_OUTCOMES

Answer = Response | tuple[str, int]


@blueprint.get("/found")
@require("batch.see")
def found() -> str:
    """The found books that are still here, and those that went home."""
    return _page(Refusal())


@blueprint.post("/found")
@require("batch.write")
def record_found() -> Answer:
    """One more, found anywhere."""
    who = staff()
    try:
        sent = read(FoundForm(), request.form)

        def effect() -> Outcome:
            one = commands.Found(sent["barcode"], sent["title"], sent["whose"], sent["quantity"], sent["note"])
            return {"id": commands.record_found(who.act, one, who.act.today())}

        perform(who.act, op_id(), "record_found", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "found")
        return _page(refusal), refusal.status
    flash(_("记下了，这本书不进本馆的账。"), "done")
    return redirect(url_for("staff.found"), 303)


@blueprint.post("/found/<int:found_id>/close")
@require("batch.write")
def close_found(found_id: int) -> Answer:
    """It went home, is kept, or is ours after all."""
    who, form = staff(), f"close-{found_id}"
    try:
        sent = read(CloseFoundForm(), request.form)

        def effect() -> Outcome:
            commands.close_found(who.act, found_id, sent["outcome"], sent["happened_on"])
            return {}

        perform(who.act, op_id(), "close_found", {"found": found_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, form)
        return _page(refusal), refusal.status
    flash(_("办好了，这本书不再代管。"), "done")
    return redirect(url_for("staff.found"), 303)


def _page(refusal: Refusal) -> str:
    who = staff()
    closed = "closed" in request.args
    page = max(request.args.get("page", 1, type=int), 1)
    rows, count = queries.found_items(who.networks, closed=closed, page=page)
    return render_template(
        "staff/returns/found.html",
        rows=rows,
        count=count,
        closed=closed,
        page=page,
        pages=max(-(-count // queries.FOUND_PAGE), 1),
        outcomes=FOUND_OUTCOMES,
        writes=writes(who.network_id),
        own=who.network_id,
        several=len(who.networks) > 1,
        day=who.act.today(),
        refusal=refusal,
        language_next=url_for("staff.found"),
    )
