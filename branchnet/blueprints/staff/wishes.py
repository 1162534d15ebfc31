"""Wishes of points for their next box: closed without one, for a batch is begun for a wish where batches begin."""

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.batches.commands import close_wish
from branchnet.batches.queries import open_wishes
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.points.queries import points_on
from branchnet.words import say


@blueprint.post("/wishes/<int:wish_id>/close")
@require("batch.write")
def end_wish(wish_id: int) -> Response:
    """A wish is closed without a batch."""
    who = staff()

    def effect() -> Outcome:
        close_wish(who.act, wish_id)
        return {"wish": wish_id}

    try:
        perform(who.act, op_id(), "close_wish", {"wish": wish_id}, effect)
    except BranchNetError as error:
        flash(" ".join(say(error)), "look")
    else:
        flash(_("这个心愿关了。"), "done")
    return redirect(url_for("staff.new_batch"), 303)


def wishes_listed(point_id: int | None = None) -> list[dict[str, Any]]:
    """The open wishes of one's own network, or of one point, with where they come from."""
    who = staff()
    rows = open_wishes(who.network_id, point_id)
    points = {
        point.id: point
        for point in points_on([who.network_id], who.act.today(), sorted({row.point_id for row in rows}))
    }
    return [{"wish": row, "point": points[row.point_id]} for row in rows]
