"""Scanning back: one field, every book held once; what is of others is told, and has somewhere to go."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read
from branchnet.batches import commands, queries
from branchnet.batches.coming import look_back
from branchnet.batches.queries import BatchHead
from branchnet.batches.return_schemas import BackForm, CountedBackForm, FoundForm
from branchnet.batches.schemas import ListForm, StepForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.batch import head_of
from branchnet.blueprints.staff.picking_lists import barcodes_sent
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.errors import BranchNetError, NotFound
from branchnet.extensions import db
from branchnet.language import _
from branchnet.models import Batch
from branchnet.words import say

Answer = Response | tuple[str, int]
Effect = Callable[[int, dict[str, Any]], Outcome]
COMING = ("draft", "dispatched")
"""The states in which books are scanned back."""
ELSEWHERE = frozenset({"of_another_batch", "of_another_point"})
"""Why a copy was not scanned that can be brought along."""


@blueprint.get("/batches/<number>/scan-back")
@require("batch.see")
def scan_back(number: str) -> str:
    """A return while its books are scanned: how many of how many, the last ones, what is still to come."""
    return _page(_return(number), Refusal())


@blueprint.post("/batches/<number>/scan-back")
@require("batch.write")
def scan_copy_back(number: str) -> Answer:
    """A scan: the copy came back, or what is wrong with it."""

    def effect(batch_id: int, sent: dict[str, Any]) -> Outcome:
        copy = commands.scan_back(staff().act, batch_id, sent["barcode"])
        return {"lot": copy.lot_id, "title": copy.title, "barcode": copy.barcode}

    return _do(number, "copy", BackForm(), effect)


@blueprint.post("/batches/<number>/scan-back/list")
@require("batch.write")
def scan_list_back(number: str) -> Answer:
    """A column of barcodes, pasted or from a text file: the good ones are scanned, the others told one by one."""

    def effect(batch_id: int, sent: dict[str, Any]) -> Outcome:
        done = commands.scan_list_back(staff().act, batch_id, sent["codes"])
        return {"list": done.copies, "refused": done.refused, "repeated": done.repeated}

    def read_list() -> dict[str, Any]:
        sent = read(ListForm(), request.form)
        return {"codes": barcodes_sent(sent["barcodes"], request.files.get("file"))}

    return _do(number, "list", read_list, effect)


@blueprint.post("/batches/<number>/scan-back/counted")
@require("batch.write")
def count_back(number: str) -> Answer:
    """So many copies of a counted lot came back."""

    def effect(batch_id: int, sent: dict[str, Any]) -> Outcome:
        return {
            "name": commands.count_back(staff().act, batch_id, sent["what"], sent["quantity"]),
            "quantity": sent["quantity"],
        }

    return _do(number, "counted", CountedBackForm(), effect)


@blueprint.post("/batches/<number>/scan-back/<int:lot_id>/remove")
@require("batch.write")
def take_out(number: str, lot_id: int) -> Answer:
    """The undo of a scan."""

    def effect(batch_id: int, _sent: dict[str, Any]) -> Outcome:
        commands.take_out(staff().act, batch_id, lot_id)
        return {"removed": lot_id}

    return _do(number, "line", lambda: {"lot": lot_id}, effect)


@blueprint.post("/batches/<number>/scan-back/<int:lot_id>/along")
@require("batch.write")
def bring_along(number: str, lot_id: int) -> Answer:
    """A copy of another batch or point goes onto a return from where the books have it."""

    def effect(_batch_id: int, _sent: dict[str, Any]) -> Outcome:
        act = staff().act
        return {"along": commands.bring_along(act, lot_id, act.today()).number, "barcode": _barcode(lot_id)}

    return _do(number, "along", lambda: {"lot": lot_id}, effect)


@blueprint.post("/batches/<number>/scan-back/found")
@require("batch.write")
def found_in_return(number: str) -> Answer:
    """A book of another library among these: written down, and never in our books."""

    def effect(batch_id: int, sent: dict[str, Any]) -> Outcome:
        act = staff().act
        found = commands.Found(sent["barcode"], sent["title"], sent["whose"], sent["quantity"], sent["note"])
        commands.record_found(act, found, act.today(), batch_id)
        return {"found": sent["title"] or sent["barcode"], "barcode": sent["barcode"]}

    return _do(number, "unknown", FoundForm(), effect)


@blueprint.post("/batches/<number>/scan-back/finish")
@require("batch.write")
def finish_scanning(number: str) -> Answer:
    """All of it was scanned: the copies are in the workroom, what was not scanned is missing by name."""
    who, head = staff(), _return(number)
    try:
        sent = read(StepForm(), request.form)

        def effect() -> Outcome:
            opened = commands.finish_scanning(who.act, head.id, sent["happened_on"], sent["note"])
            return {"differences": len(opened)}

        done = perform(who.act, op_id(), "finish_scanning", {"batch": number, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "finish")
        return _page(head, refusal), refusal.status
    said = _("过电脑完成，书在总馆整理间。")
    if done["differences"]:
        said += _("记下差异 %(count)s 条。", count=done["differences"])
    flash(said, "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


@blueprint.get("/batches/<number>/scan-back/changes")
@require("batch.write")
def back_changes(number: str) -> Answer:
    """What others scanned while this page is open: nothing where the stamp still holds."""
    head = _return(number)
    scans = queries.scans_of(head.network_id, head.id, head.state, head.start.place_id)
    if scans.stamp == request.args.get("stamp"):
        return Response(status=204)
    return render_template("staff/returns/_scanned.html", **_scanned(head, scans), done={}, refusal=Refusal()), 200


def _do(number: str, form: str, schema: Sent | Callable[[], dict[str, Any]], effect: Effect) -> Answer:
    """Do what a form asks once; with htmx the part of the page that changed, without it the whole page."""
    who, head = staff(), _return(number)
    try:
        sent = schema() if callable(schema) else read(schema, request.form)
        done = perform(who.act, op_id(), f"back_{form}", {"batch": number, **sent}, lambda: effect(head.id, sent))
    except BranchNetError as error:
        refusal = refused(error, form)
        return (_part(head, {}, refusal) if _htmx() else _page(head, refusal)), refusal.status
    if "list" in done:
        done["reasons"] = _reasons(head, done)
        if not _htmx():
            left = Refusal("list", sent={"barcodes": "\n".join(done["refused"])})
            return _page(head, left, done), 200
    if _htmx():
        return _part(head, done, Refusal()), 200
    return redirect(url_for("staff.scan_back", number=number), 303)


def _page(head: BatchHead, refusal: Refusal, done: dict[str, Any] | None = None) -> str:
    coming = head.state in COMING
    page = request.args.get("page", type=int)
    asked = None if page is None else max(page, 1)
    scans = queries.scans_of(head.network_id, head.id, head.state, head.start.place_id, asked)
    return render_template(
        "staff/returns/scan.html",
        **_scanned(head, scans),
        page=asked,
        pages=max(-(-scans.count // queries.SCANS_PAGE), 1),
        refusal=refusal,
        done=done or {},
        counted=_counted(head) if coming else [],
        found=queries.found_in(head.network_id, head.id),
        day=staff().act.today(),
        language_next=url_for("staff.scan_back", number=head.number, network=request.args.get("network")),
    )


def _counted(head: BatchHead) -> list[tuple[str, str | None, int]]:
    """The counted lots that may be among the books: on the lines, or of a draft what stands at its point."""
    if head.state == "dispatched":
        return queries.counted_coming(head.network_id, head.id)
    there = queries.counted_lots_at(head.network_id, head.start.place_id)
    return [(lot.title, lot.category, lot.quantity) for lot in there]


def _part(head: BatchHead, done: dict[str, Any], refusal: Refusal) -> str:
    scans = queries.scans_of(head.network_id, head.id, head.state, head.start.place_id)
    return render_template("staff/returns/_scanned.html", **_scanned(head, scans), done=done, refusal=refusal)


def _scanned(head: BatchHead, scans: queries.Scans) -> dict[str, Any]:
    may_write = writes(head.network_id)
    return {
        "batch": head,
        "scans": scans,
        "wanted": queries.not_scanned(head.network_id, head.id) if head.state == "dispatched" else [],
        "writes": may_write,
        "coming": may_write and head.state in COMING,
    }


def _return(number: str) -> BatchHead:
    """The return of a number. Raises NotFound for a batch that is none: nothing comes back with it."""
    head = head_of(number)
    if head.kind != "return":
        raise NotFound(number=number)
    return head


def _reasons(head: BatchHead, done: Outcome) -> list[tuple[str, str, int | None]]:
    """Of each barcode that was not scanned, why not, and its lot where it can be brought along.

    Asked anew, so that a repeated answer tells it too.
    """
    found = look_back(db.session.get_one(Batch, head.id), done["refused"]).refused
    told = {barcode: say(error)[0] for barcode, error in found.items()}
    along = {barcode: error.data["lot"] for barcode, error in found.items() if error.reason in ELSEWHERE}
    gone = _("刚才加不进去，现在可以了，请再加一次。")
    return [(barcode, told.get(barcode, gone), along.get(barcode)) for barcode in done["refused"]]


def _barcode(lot_id: int) -> str:
    return queries.barcode_of_lot(staff().network_id, lot_id)


def _htmx() -> bool:
    return "HX-Request" in request.headers
