"""The list of batches, and a new one."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.batches import queries
from branchnet.batches.commands import NewBatch, draft
from branchnet.batches.queries import PAGE, Filters
from branchnet.batches.schemas import OUTGOING_KINDS, NewBatchForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.words import kind_words, point_kind_words, stage_words
from branchnet.errors import BranchNetError, Invalid
from branchnet.models.batch import KINDS
from branchnet.points.queries import Point, points_on

STAGES = ("draft", "packed", "dispatched", "arrived", "received", "overdue", "differences", "closed", "cancelled")


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


@blueprint.get("/batches/new")
@require("batch.write")
def new_batch() -> str:
    """The form for a new batch."""
    return _new_page(Refusal())


@blueprint.post("/batches/new")
@require("batch.write")
def make_batch() -> Response | tuple[str, int]:
    """Begin a batch, and go on to picking."""
    who = staff()
    try:
        new = read(NewBatchForm(), request.form)
        point = next((point for point in _open_points() if point.code == new["to"]), None)
        if point is None:
            raise Invalid(fields={"to": "kind"})
        due = new["due_back_on"] if new["kind"] == "delivery" else None

        def effect() -> dict[str, Any]:
            made = draft(
                who.act,
                NewBatch(new["kind"], new["drafted_on"], point.place_id, note=new["note"], due_back_on=due),
            )
            return {"number": made.number}

        number = perform(who.act, op_id(), "draft", new, effect)["number"]
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _new_page(refusal), refusal.status
    return redirect(url_for("staff.batch_page", number=number), 303)


def _open_points() -> list[Point]:
    who = staff()
    day = who.act.today()
    return [point for point in points_on([who.network_id], day) if point.closed_on is None or day < point.closed_on]


def _new_page(refusal: Refusal) -> str:
    who = staff()
    return render_template(
        "staff/new.html",
        refusal=refusal,
        points=[(point.code, f"{point.name} · {point_kind_words(point.kind)}") for point in _open_points()],
        kinds=[(kind, kind_words(kind)) for kind in OUTGOING_KINDS],
        day=who.act.today(),
        stay_days=who.act.network.stay_days,
    )
