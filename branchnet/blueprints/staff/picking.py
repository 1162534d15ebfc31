"""Picking: copies by barcode, counted lots, boxes, and taking a line out again."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.commands import NewLine
from branchnet.batches.schemas import CopyForm, CountedForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.batch import picked, show
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError

Answer = Response | tuple[str, int]


@blueprint.post("/batches/<number>/copies")
@require("batch.write")
def add_copy(number: str) -> Answer:
    """A scan: one more line, or what is wrong with this copy."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)

    def add() -> Outcome:
        sent = read(CopyForm(), request.form)

        def effect() -> Outcome:
            lot = commands.add_copy(who.act, batch_id, sent["barcode"], sent["box"])
            line_id = queries.line_of_copy(who.network_id, batch_id, lot.id)
            return {"line": line_id, "title": lot.title, "barcode": lot.barcode, "box": sent["box"]}

        return perform(who.act, op_id(), "add_copy", {"batch": number, **sent}, effect)

    return _answer(number, "copy", add)


@blueprint.post("/batches/<number>/counted")
@require("batch.write")
def add_counted(number: str) -> Answer:
    """So many copies of a counted lot."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)

    def add() -> Outcome:
        sent = read(CountedForm(), request.form)

        def effect() -> Outcome:
            commands.add_lines(who.act, batch_id, [NewLine(sent["lot"], sent["quantity"], sent["box"])])
            return {"quantity": sent["quantity"], "box": sent["box"]}

        return perform(who.act, op_id(), "add_counted", {"batch": number, **sent}, effect)

    return _answer(number, "counted", add)


@blueprint.post("/batches/<number>/boxes")
@require("batch.write")
def open_box(number: str) -> Answer:
    """Open the next box; what comes next goes into it."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)

    def add() -> Outcome:
        return perform(
            who.act,
            op_id(),
            "open_box",
            {"batch": number},
            lambda: {"opened": commands.open_box(who.act, batch_id).number},
        )

    return _answer(number, "box", add)


@blueprint.post("/batches/<number>/lines/<int:line_id>/remove")
@require("batch.write")
def remove_line(number: str, line_id: int) -> Answer:
    """Take a line out again: the undo of a scan."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)

    def effect() -> Outcome:
        commands.remove_line(who.act, batch_id, line_id)
        return {"removed": line_id}

    body = {"batch": number, "line": line_id}
    return _answer(number, "line", lambda: perform(who.act, op_id(), "remove_line", body, effect))


def _answer(number: str, form: str, add: Callable[[], Outcome]) -> Answer:
    """With htmx the part of the page that changed; without it the whole page, or back to it."""
    try:
        done = add()
    except BranchNetError as error:
        refusal = refused(error, form)
        if "HX-Request" in request.headers:
            return _part(number, {}, refusal), refusal.status
        return show(number, refusal), refusal.status
    if "HX-Request" in request.headers:
        return _part(number, done, Refusal()), 200
    box = done.get("opened", done.get("box"))
    return redirect(url_for("staff.batch_page", number=number, **({} if box is None else {"box": box})), 303)


def _part(number: str, done: dict[str, Any], refusal: Refusal) -> str:
    who = staff()
    head = queries.batch_head([who.network_id], number, who.act.network.slug, who.act.today())
    boxes = queries.boxes_of(head.network_id, head.id)
    return render_template("staff/_picked.html", **picked(head, boxes), done=done, refusal=refusal)
