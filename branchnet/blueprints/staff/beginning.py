"""A new batch: where it goes, as what, and on which terms."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.batches.commands import NewBatch, close_wish, draft
from branchnet.batches.schemas import OUTGOING_KINDS, NewBatchForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.matching import names_apart, point_options
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.wishes import wishes_listed
from branchnet.blueprints.staff.words import kind_words, terms_explained
from branchnet.errors import BranchNetError, Invalid
from branchnet.models.batch import TERMS
from branchnet.points.queries import Point, points_on


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
        sent = read(NewBatchForm(), request.form)
        new = _as_meant(sent)

        def effect() -> dict[str, Any]:
            batch = draft(who.act, new)
            if sent["wish"] is not None:
                close_wish(who.act, sent["wish"], batch.id)
            return {"number": batch.number}

        number = perform(who.act, op_id(), "draft", sent, effect)["number"]
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _new_page(refusal), refusal.status
    return redirect(url_for("staff.batch_page", number=number), 303)


def _as_meant(sent: dict[str, Any]) -> NewBatch:
    """The batch that the form asks for; what does not belong to its kind is left out. Raises Invalid for a point."""
    kind = sent["kind"]
    return NewBatch(
        kind,
        sent["drafted_on"],
        _place(sent["to"], "to", open_points()),
        _place(sent["start"], "from", all_points()) if kind == "rotation" else None,
        terms=sent["terms"],
        note=sent["note"],
        due_back_on=sent["due_back_on"] if kind == "delivery" else None,
    )


def _place(code: str, field: str, points: list[Point]) -> int:
    place = next((point.place_id for point in points if point.code == code), None)
    if place is None:
        raise Invalid(fields={field: "kind"})
    return place


def all_points() -> list[Point]:
    """The points of one's own network by name, closed ones too: books are fetched from there."""
    who = staff()
    return points_on([who.network_id], who.act.today())


def open_points() -> list[Point]:
    """The points that something can be sent to today, by name."""
    day = staff().act.today()
    return [point for point in all_points() if point.closed_on is None or day < point.closed_on]


def _new_page(refusal: Refusal) -> str:
    who = staff()
    wishes = wishes_listed()
    asked = request.values.get("wish", type=int)
    chosen = next((one for one in wishes if one["wish"].id == asked), None)
    return render_template(
        "staff/new.html",
        refusal=refusal,
        points=point_options(open_points()),
        starts=[*names_apart(all_points()).items()],
        kinds=[(kind, kind_words(kind)) for kind in OUTGOING_KINDS],
        terms=[(term, terms_explained(term)) for term in TERMS],
        day=who.act.today(),
        stay_days=who.act.network.stay_days,
        wishes=wishes,
        chosen=chosen,
        to=chosen["point"].code if chosen else request.args.get("to", ""),
        writes=True,
        language_next=request.full_path if request.method == "GET" else url_for("staff.new_batch"),
    )
