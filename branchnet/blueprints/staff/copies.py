"""Finding any copy, and the whole life of one."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.blueprints.staff.root import blueprint, local_time, writes
from branchnet.stock import finding, lives


@blueprint.get("/copies")
@require("batch.see")
def copies() -> str | Response:
    """What a text finds, with where each is now. A barcode that is exact goes straight to its copy."""
    who = staff()
    text = finding.normal(request.args.get("q", ""))
    page = max(request.args.get("page", 1, type=int), 1)
    exact = finding.copies_with_barcode(who.networks, text) if text else []
    if len(exact) == 1:
        return redirect(url_for("staff.copy", lot_id=exact[0]))
    rows, count = finding.copies_found(who.networks, text, page) if text else ([], 0)
    return render_template(
        "staff/copies.html",
        text=text,
        rows=rows,
        count=count,
        counted_to=finding.COUNTED_TO,
        page=page,
        pages=max(-(-min(count, finding.COUNTED_TO) // finding.PAGE), 1),
        places=lives.standings(who.networks, [row.id for row in rows], who.act.today()) if rows else {},
        several=len(who.networks) > 1,
    )


@blueprint.get("/copies/<int:lot_id>")
@require("batch.see")
def copy(lot_id: int) -> str:
    """A copy or counted lot: where it is, what it is worth, and every move it made."""
    who = staff()
    lot, network = lives.lot_of(who.networks, lot_id)
    page = max(request.args.get("page", 1, type=int), 1)
    moves, count = lives.moves_of(lot, page)
    return render_template(
        "staff/copy.html",
        lot=lot,
        network=network.slug if lot.network_id != who.network_id else None,
        places=lives.standings([lot.network_id], [lot.id], who.act.today()).get(lot.id, []),
        moves=moves,
        count=count,
        page=page,
        pages=max(-(-count // lives.MOVES_PAGE), 1),
        writes=writes(lot.network_id),
        local=lambda moment: local_time(moment, network.time_zone),
    )
