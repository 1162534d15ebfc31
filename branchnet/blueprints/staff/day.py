"""The first page: the day's work."""

from flask import render_template

from branchnet.access.guards import require, staff
from branchnet.access.rules import may
from branchnet.batches import queries
from branchnet.blueprints.staff.root import blueprint, writes


@blueprint.get("/")
@require("batch.see")
def today() -> str:
    """What is to pack, to send, on the road, not counted, overdue, or open."""
    who = staff()
    day = who.act.today()
    sections = queries.the_day(who.networks, day)
    return render_template(
        "staff/today.html",
        day=day,
        sections=sections,
        calls=queries.overdue_calls(who.networks, sections["overdue"].rows, day),
        sums=queries.open_sums(who.networks, [row.id for row in sections["differences"].rows]),
        count_due_days=who.act.network.count_due_days,
        writes=writes(who.network_id),
        teachers_too=may(who.roles, "link.manage"),
        several=len(who.networks) > 1,
    )
