"""Starting mid-life: the ledger of years before comes in as one workbook, tried, signed, and taken in once."""

import hashlib
import re
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from marshmallow import fields
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import A_DATE, Sent, read
from branchnet.batches.lists import commands, queries
from branchnet.batches.lists.commands import Brought, Choice
from branchnet.batches.opening.known import content_of, taken_in
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.opening_page import ledger_head, show
from branchnet.blueprints.staff.opening_words import ledger_state_words
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Conflict, Invalid
from branchnet.language import _
from branchnet.stock.lists import LIMITS, read_table

Answer = Response | tuple[str, int]


class OpeningForm(Sent):
    """From which day the books are kept here: what stood where on that day."""

    day = fields.Date(required=True, error_messages=A_DATE)


@blueprint.get("/opening")
@require("stock.open")
def openings() -> str:
    """The form for a ledger, its template, and the ledgers brought before."""
    return _page(Refusal())


@blueprint.post("/opening")
@require("stock.open")
def bring_opening() -> Answer:
    """Read a workbook and try it; one that cannot be read is not kept."""
    who = staff()
    try:
        day: date = read(OpeningForm(), request.form)["day"]
        if day > who.act.today():
            raise Invalid(fields={"day": "in_the_future"})
        brought = _brought(day)
        body = {"name": brought.name, "day": day, "sha256": hashlib.sha256(brought.content).hexdigest()}

        def effect() -> Outcome:
            if (name := taken_in(who.network_id, brought.options["content"])) is not None:
                raise Conflict("opening_taken_in", name=name)
            return {"list": commands.bring(who.act, brought).id}

        made = perform(who.act, op_id(), "bring_opening", body, effect)["list"]
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _page(refusal), refusal.status
    return redirect(url_for("staff.opening", list_id=made), 303)


def _brought(day: date) -> Brought:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(fields={"file": "file_missing"})
    # Some browsers send the folder too.
    name = re.split(r"[/\\]", sent.filename)[-1].strip()[:150] or "?"
    content = sent.stream.read(LIMITS.size + 1)
    table = read_table(name, content)
    options = {"day": day.isoformat(), "note": _("期初台账 %(name)s", name=name), "content": content_of(table)}
    return Brought("opening", name, content, table, options=options)


def _page(refusal: Refusal) -> str:
    who = staff()
    return render_template(
        "staff/opening/new.html",
        refusal=refusal,
        recent=queries.lists_recent(who.network_id, purpose="opening"),
        state_words=ledger_state_words,
        megabytes=LIMITS.size // 1_000_000,
        day=who.act.today(),
        language_next=url_for("staff.openings"),
    )


@blueprint.get("/opening/<int:list_id>")
@require("stock.open")
def opening(list_id: int) -> str | Response:
    """Where a ledger stands; asked by its own progress bar, nothing but whether to look again."""
    work = queries.work_on(staff().network_id, list_id)
    if "HX-Request" in request.headers and not (work and work.busy):
        return Response(headers={"HX-Refresh": "true"})
    return show(list_id, Refusal())


@blueprint.post("/opening/<int:list_id>/apply")
@require("stock.open")
def apply_opening(list_id: int) -> Answer:
    """Take in what was tried and signed: all of it, or nothing."""
    options, _columns = queries.options_of(staff().network_id, ledger_head(list_id).id)
    choice = Choice(all_or_none=True, day=date.fromisoformat(options["day"]))
    return _change(list_id, "apply_opening", lambda act: commands.apply(act, list_id, choice))


@blueprint.post("/opening/<int:list_id>/drop")
@require("stock.open")
def drop_opening(list_id: int) -> Answer:
    """Let a ledger go."""
    ledger_head(list_id)
    return _change(list_id, "drop_opening", lambda act: commands.drop(act, list_id))


def _change(list_id: int, verb: str, change: Any) -> Answer:
    who = staff()

    def effect() -> Outcome:
        change(who.act)
        return {}

    try:
        perform(who.act, op_id(), verb, {"list": list_id}, effect)
    except BranchNetError as error:
        refusal = refused(error, verb)
        return show(list_id, refusal), refusal.status
    return redirect(url_for("staff.opening", list_id=list_id), 303)
