"""What is out at a point, by the batch that brought it, and a return begun from there."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.fetching import fetchable
from branchnet.batches.return_schemas import NO_BATCH, BringBackForm
from branchnet.batches.schemas import StepForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.books import point_seen
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.models import Network
from branchnet.points.queries import Point

Answer = Response | tuple[str, int]


@blueprint.get("/points/<code>/return")
@require("batch.see")
def point_return(code: str) -> str:
    """By batch, what is out at a point; from here it is brought back."""
    network, point = point_seen(code)
    return _page(network, point, Refusal())


@blueprint.post("/points/<code>/return")
@require("batch.write")
def bring_back(code: str) -> Answer:
    """Bring back what some batches brought: on its way, counted in, or counted and shelved."""
    who = staff()
    network, point = point_seen(code)

    def effect() -> Outcome:
        known = {row.number: row.id for row in queries.out_at(network.id, point.place_id).rows}
        chosen = {None if number == NO_BATCH else known.get(number, 0) for number in sent["batches"]}
        done = commands.bring_back(
            who.act,
            point.place_id,
            sent["happened_on"],
            chosen,
            sent["copies"] if sent["how"] != "road" else None,
            shelved=sent["how"] == "shelved",
        )
        return {"number": done.batch.number, "differences": len(done.differences), "how": sent["how"]}

    try:
        sent = read(BringBackForm(), {**request.form.to_dict(), "batches": request.form.getlist("batches")})
        done = perform(who.act, op_id(), "bring_back", {"point": code, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "bring_back")
        return _page(network, point, refusal), refusal.status
    said = {
        "road": _("归还批次建好了，书在路上；到馆以后点数、扫书。"),
        "counted": _("归还的册数记下了，接着扫书过电脑。"),
        "shelved": _("点过数，入库了，这些书可以再配。"),
    }[done["how"]]
    if done["differences"]:
        said += _("记下差异 %(count)s 条。", count=done["differences"])
    flash(said, "done")
    return redirect(url_for("staff.batch_page", number=done["number"]), 303)


@blueprint.post("/points/<code>/return/scan")
@require("batch.write")
def begin_return(code: str) -> Answer:
    """A return that is made up scan by scan: the one begun already, or a new one."""
    who = staff()
    network, point = point_seen(code)

    def effect() -> Outcome:
        return {"number": commands.return_for(who.act, point.place_id, sent["happened_on"]).number}

    try:
        sent = read(StepForm(), request.form)
        done = perform(who.act, op_id(), "begin_return", {"point": code, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "begin_return")
        return _page(network, point, refusal), refusal.status
    return redirect(url_for("staff.scan_back", number=done["number"]), 303)


def _page(network: Network, point: Point, refusal: Refusal) -> str:
    chosen: list[Any] | None = request.form.getlist("batches") if refusal.form == "bring_back" else None
    out = queries.out_at(network.id, point.place_id)
    return render_template(
        "staff/returns/point.html",
        point=point,
        network=request.args.get("network"),
        writes=writes(network.id),
        out=out,
        missing=fetchable(network.id, point.place_id, [*(row.id for row in out.rows), None]).missing,
        under_way=queries.returns_under_way(network.id, point.place_id),
        chosen=chosen,
        no_batch=NO_BATCH,
        day=Act(network.id).today(),
        refusal=refusal,
        language_next=url_for("staff.point_return", code=point.code, network=request.args.get("network")),
    )
