"""Lists from files: brought, their columns confirmed, tried, and taken in or dropped."""

import hashlib
import re
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import queries as batches
from branchnet.batches.lists import commands, queries
from branchnet.batches.lists.commands import Brought, Choice
from branchnet.batches.lists.known import PURPOSES
from branchnet.batches.lists.schemas import COLUMN, ApplyForm, SheetForm, read_columns
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.list_columns import Layout, layout_of
from branchnet.blueprints.staff.list_page import show
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Invalid
from branchnet.stock.lists import LIMITS, read_table
from branchnet.words import field_of_list

Answer = Response | tuple[str, int]


@blueprint.get("/lists/new")
@require("batch.write")
def new_list() -> str:
    """The form for a file: of new books, or of barcodes for a batch."""
    return _new_page(request.args.get("batch", ""), Refusal())


@blueprint.post("/lists/new")
@require("batch.write")
def bring_list() -> Answer:
    """Read a file and go on to its columns; one that cannot be read is not kept."""
    who, number = staff(), request.form.get("batch", "")
    try:
        brought = _brought(number)
        body = {
            "purpose": brought.purpose,
            "batch": number,
            "name": brought.name,
            "sha256": hashlib.sha256(brought.content).hexdigest(),
        }

        def effect() -> Outcome:
            return {"list": commands.bring(who.act, brought).id}

        made = perform(who.act, op_id(), "bring_list", body, effect)["list"]
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _new_page(number, refusal), refusal.status
    return redirect(url_for("staff.list_page", list_id=made), 303)


def _brought(number: str) -> Brought:
    who, sent = staff(), request.files.get("file")
    batch_id = batches.own_batch(who.network_id, number) if number else None
    if sent is None or not sent.filename:
        raise Invalid(fields={"file": "file_missing"})
    # Some browsers send the folder too.
    name = re.split(r"[/\\]", sent.filename)[-1].strip()[:200] or "?"
    content = sent.stream.read(LIMITS.size + 1)
    return Brought("pick" if number else "accession", name, content, read_table(name, content), batch_id)


def _new_page(number: str, refusal: Refusal) -> str:
    who = staff()
    batch_id = batches.own_batch(who.network_id, number) if number else None
    return render_template(
        "staff/lists/new.html",
        refusal=refusal,
        number=number,
        recent=queries.lists_recent(who.network_id, batch_id),
        megabytes=LIMITS.size // 1_000_000,
        language_next=url_for("staff.new_list", batch=number or None),
    )


@blueprint.get("/lists/<int:list_id>/columns")
@require("batch.write")
def list_columns(list_id: int) -> str:
    """Which column is which: as the headings say, or as was confirmed before."""
    return _columns_page(list_id, Refusal())


@blueprint.post("/lists/<int:list_id>/columns")
@require("batch.write")
def try_list(list_id: int) -> Answer:
    """Confirm the columns and try the list."""
    who = staff()
    head = queries.list_head(who.network_id, list_id)
    try:
        sheet, columns = read_columns(request.form, PURPOSES[head.purpose].names)
        body = {"list": list_id, "sheet": sheet, "row": columns.heading_row, "fields": dict(columns.fields)}

        def effect() -> Outcome:
            commands.try_out(who.act, list_id, sheet, columns)
            return {}

        perform(who.act, op_id(), "try_list", body, effect)
    except BranchNetError as error:
        refusal = refused(error, "columns")
        return _columns_page(list_id, refusal), refusal.status
    return redirect(url_for("staff.list_page", list_id=list_id), 303)


def _columns_page(list_id: int, refusal: Refusal) -> str:
    who = staff()
    head = queries.list_head(who.network_id, list_id)
    options, confirmed = queries.options_of(who.network_id, list_id)
    purpose = PURPOSES[head.purpose]
    layout = _layout(options.get("sheets", []), confirmed)
    chosen = {
        column.index: refusal.typed("columns", f"{COLUMN}{column.index}", column.field) for column in layout.columns
    }
    return render_template(
        "staff/lists/columns.html",
        list=head,
        refusal=refusal,
        layout=layout,
        chosen=chosen,
        fields=[(field, field_of_list(field)) for field in purpose.names],
        doubled=[field_of_list(field) for field in layout.doubled],
        missing=[field_of_list(field) for field in purpose.needs if field not in chosen.values()],
        column_name=COLUMN,
        language_next=url_for("staff.list_columns", list_id=list_id),
    )


def _layout(sheets: list[dict[str, Any]], confirmed: dict[str, Any]) -> Layout:
    """Another sheet or another row of headings can be asked for; otherwise what was confirmed, or what is guessed."""
    asked = request.values if "sheet" in request.values else confirmed
    if not asked:
        return layout_of(sheets)
    form = read(SheetForm(), {name: str(asked[name]) for name in ("sheet", "heading_row") if name in asked})
    fields = confirmed.get("fields") if "sheet" not in request.values else None
    return layout_of(sheets, form["sheet"], form["heading_row"] if "heading_row" in asked else None, fields)


@blueprint.post("/lists/<int:list_id>/apply")
@require("batch.write")
def apply_list(list_id: int) -> Answer:
    """Take in what was tried."""
    who = staff()
    queries.list_head(who.network_id, list_id)
    try:
        sent = read(ApplyForm(), request.form)
        choice = Choice(sent["how"] == "all", sent["take_in"], sent["day"])

        def effect() -> Outcome:
            commands.apply(who.act, list_id, choice)
            return {}

        perform(who.act, op_id(), "apply_list", {"list": list_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "apply")
        return show(list_id, refusal), refusal.status
    return redirect(url_for("staff.list_page", list_id=list_id), 303)


@blueprint.post("/lists/<int:list_id>/drop")
@require("batch.write")
def drop_list(list_id: int) -> Answer:
    """Let a list go."""
    who = staff()
    head = queries.list_head(who.network_id, list_id)

    def effect() -> Outcome:
        commands.drop(who.act, list_id)
        return {}

    try:
        perform(who.act, op_id(), "drop_list", {"list": list_id}, effect)
    except BranchNetError as error:
        refusal = refused(error, "drop")
        return show(list_id, refusal), refusal.status
    return redirect(url_for("staff.new_list", batch=head.batch if head.purpose == "pick" else None), 303)
