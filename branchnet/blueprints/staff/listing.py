"""The list of batches."""

from flask import render_template, request

from branchnet.access.guards import require, staff
from branchnet.batches import queries
from branchnet.batches.queries import PAGE, Filters
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.words import kind_words, stage_words
from branchnet.models.batch import KINDS

STAGES = (
    "draft",
    "packed",
    "dispatched",
    "slow",
    "arrived",
    "received",
    "fetch",
    "overdue",
    "differences",
    "closed",
    "cancelled",
)


@blueprint.get("/batches")
@require("batch.see")
def batches() -> str:
    """Batches, newest first, narrowed by state, kind and text."""
    who = staff()
    asked = request.args
    filters = Filters(_one_of(asked.get("state"), STAGES), _one_of(asked.get("kind"), KINDS), _text(asked.get("q")))
    page = max(asked.get("page", 1, type=int), 1)
    rows, count = queries.batches_listed(who.networks, filters, who.act.today(), page)
    return render_template(
        "staff/batches.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // PAGE), 1),
        filters=filters,
        stages=[(stage, stage_words(stage)) for stage in STAGES],
        kinds=[(kind, kind_words(kind)) for kind in KINDS],
        writes=writes(who.network_id),
        several=len(who.networks) > 1,
    )


def _one_of(asked: str | None, known: tuple[str, ...]) -> str:
    return asked if asked in known else ""


def _text(asked: str | None) -> str:
    return (asked or "").strip()[:60]
