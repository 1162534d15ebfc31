"""What came under another report's id: staff say that they have seen it, and it is listed no longer."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.staff.root import blueprint
from branchnet.language import _
from branchnet.readings.commands import see_doubled


@blueprint.post("/readings/doubled/<int:conflict_id>")
@require("reading.write")
def doubled_seen(conflict_id: int) -> Response:
    """It stays on the page of its month, with who saw it."""
    act = staff().act

    def effect() -> Outcome:
        see_doubled(act, conflict_id)
        return {}

    perform(act, op_id(), "reading_doubled_seen", {"conflict": conflict_id}, effect)
    flash(_("记下了：看过了，不再列出。那个月的页上还看得到。"), "done")
    return redirect(url_for("staff.readings"), 303)
