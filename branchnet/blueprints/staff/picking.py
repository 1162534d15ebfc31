"""Picking: copies by barcode, counted lots, boxes, and taking a line out again."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.queries import Draft
from branchnet.batches.schemas import CopyForm, CountedForm, LineForm, UnknownForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.batch import picked, show
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Conflict
from branchnet.stock.rules import NewLot, barcode_of

Answer = Response | tuple[str, int]
FORMS = ("copy", "unknown", "list", "counted", "box", "line")
"""The forms of picking: what one of them answers stands beside the scanner's field."""


@blueprint.post("/batches/<number>/copies")
@require("batch.write")
def add_copy(number: str) -> Answer:
    """A scan: one more line, or what is wrong with this copy. A label of one of the batch's boxes chooses the box."""
    who, batch = staff(), _batch(number)

    def add() -> Outcome:
        sent = read(CopyForm(), request.form)

        def effect() -> Outcome:
            added = commands.add_copy(who.act, batch.id, sent["barcode"], sent["box"])
            return {
                "line": added.line_id,
                "lot": added.lot_id,
                "title": added.title,
                "barcode": added.barcode,
                "box": sent["box"],
            }

        try:
            return perform(who.act, op_id(), "add_copy", {"batch": number, **sent}, effect)
        except Conflict as error:
            if error.reason != "box_label" or error.data["number"] != number:
                raise
            return {"chosen": error.data["box"]}

    return answer(batch, "copy", add)


@blueprint.post("/batches/<number>/copies/unknown")
@require("batch.write")
def add_unknown(number: str) -> Answer:
    """A copy that the books do not know comes into them with its title, and goes along."""
    who, batch = staff(), _batch(number)

    def add() -> Outcome:
        sent = read(UnknownForm(), request.form)
        new = NewLot(sent["title"], barcode=barcode_of(sent["barcode"]))

        def effect() -> Outcome:
            lot_id = commands.add_unknown_copy(who.act, batch.id, new, sent["box"])
            line_id = queries.line_of_copy(who.network_id, batch.id, lot_id)
            return {
                "line": line_id,
                "lot": lot_id,
                "title": new.title,
                "barcode": new.barcode,
                "box": sent["box"],
                "taken_in": True,
            }

        return perform(who.act, op_id(), "add_unknown_copy", {"batch": number, **sent}, effect)

    return answer(batch, "unknown", add)


@blueprint.post("/batches/<number>/counted")
@require("batch.write")
def add_counted(number: str) -> Answer:
    """So many copies of a counted lot, by its name."""
    who, batch = staff(), _batch(number)

    def add() -> Outcome:
        sent = read(CountedForm(), request.form)

        def effect() -> Outcome:
            name = commands.add_counted(who.act, batch.id, sent["what"], sent["quantity"], sent["box"])
            return {"name": name, "quantity": sent["quantity"], "box": sent["box"]}

        return perform(who.act, op_id(), "add_counted", {"batch": number, **sent}, effect)

    return answer(batch, "counted", add)


@blueprint.post("/batches/<number>/boxes")
@require("batch.write")
def open_box(number: str) -> Answer:
    """Open the next box; what comes next goes into it."""
    who, batch = staff(), _batch(number)

    def add() -> Outcome:
        return perform(
            who.act,
            op_id(),
            "open_box",
            {"batch": number},
            lambda: {"opened": commands.open_box(who.act, batch.id).number},
        )

    return answer(batch, "box", add)


@blueprint.post("/batches/<number>/lines/<int:line_id>/remove")
@require("batch.write")
def remove_line(number: str, line_id: int) -> Answer:
    """Take a line out again: the undo of a scan."""
    who, batch = staff(), _batch(number)

    def add() -> Outcome:
        sent = read(LineForm(), request.form)

        def effect() -> Outcome:
            commands.remove_line(who.act, batch.id, line_id, sent["lot"])
            return {"removed": line_id, "box": sent["box"]}

        return perform(who.act, op_id(), "remove_line", {"batch": number, "line": line_id, **sent}, effect)

    return answer(batch, "line", add)


@blueprint.post("/batches/<number>/lines/<int:line_id>/move")
@require("batch.write")
def move_line(number: str, line_id: int) -> Answer:
    """Put a copy that is in the batch already into another of its boxes."""
    who, batch = staff(), _batch(number)

    def add() -> Outcome:
        sent = read(LineForm(), request.form)

        def effect() -> Outcome:
            lot = commands.move_line(who.act, batch.id, line_id, sent["box"])
            return {"moved": line_id, "title": lot.title, "barcode": lot.barcode, "box": sent["box"]}

        return perform(who.act, op_id(), "move_line", {"batch": number, "line": line_id, **sent}, effect)

    return answer(batch, "line", add)


@blueprint.get("/batches/<number>/changes")
@require("batch.write")
def changes(number: str) -> Answer:
    """What others changed while this page is open: nothing where the stamp still holds, else the part that changes."""
    batch = _batch(number)
    contents = queries.contents_of(batch.network_id, batch.id, batch.state)
    if contents.stamp == request.args.get("stamp"):
        return Response(status=204)
    return render_template("staff/_picked.html", **picked(batch, contents), done={}, refusal=Refusal()), 200


def answer(batch: Draft, form: str, add: Callable[[], Outcome]) -> Answer:
    """With htmx the part of the page that changed; without it the whole page, or back to it."""
    try:
        done = add()
    except BranchNetError as error:
        refusal = refused(error, form)
        if "HX-Request" in request.headers:
            return part(batch, {}, refusal), refusal.status
        return show(batch.number, refusal), refusal.status
    if "HX-Request" in request.headers:
        return part(batch, done, Refusal()), 200
    box = next((done[name] for name in ("opened", "chosen", "box") if name in done), None)
    return redirect(url_for("staff.batch_page", number=batch.number, **({} if box is None else {"box": box})), 303)


def part(batch: Draft, done: dict[str, Any], refusal: Refusal) -> str:
    """The part of the page that a scan changes."""
    contents = queries.contents_of(batch.network_id, batch.id, batch.state)
    return render_template("staff/_picked.html", **picked(batch, contents), done=done, refusal=refusal)


def _batch(number: str) -> Draft:
    return queries.draft_of(staff().network_id, number)
