"""The steps of a batch's life, each one form, one command, and back to the batch."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read
from branchnet.batches import commands, queries
from branchnet.batches.return_schemas import RestockForm, RestockPartForm
from branchnet.batches.schemas import AlikeForm, CancelForm, CountForm, ReceiveForm, ResolveForm, StepForm
from branchnet.blueprints.forms import op_id, refused
from branchnet.blueprints.staff.batch import show
from branchnet.blueprints.staff.differing import end_alike
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Invalid, NotFound
from branchnet.language import _

Answer = Response | tuple[str, int]
Step = Callable[[int, dict[str, Any]], Outcome]


def take(number: str, form: str, schema: Sent, step: Step, said: str) -> Answer:
    """Do a step once with what the form holds. Refused, the page comes back with the reason beside the form."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)
    try:
        sent = read(schema, _nested(request.form))
        done = perform(who.act, op_id(), form, {"batch": number, **sent}, lambda: step(batch_id, sent))
    except BranchNetError as error:
        refusal = refused(error, form)
        return show(number, refusal), refusal.status
    flash(said, "done")
    # Whoever goes through the differences of a large batch stays where they are.
    page = request.args.get("page", type=int)
    return redirect(url_for("staff.batch_page", number=done.get("number", number), page=page), 303)


def _nested(form: Any) -> dict[str, Any]:
    """Fields named ``count-3`` are the counts by box; a count left empty was not counted. ``case``: several ticked."""
    flat = {name: value for name, value in form.items() if not name.startswith("count-")}
    flat["cases"] = form.getlist("case")
    counts = {name.removeprefix("count-"): value.strip() for name, value in form.items() if name.startswith("count-")}
    if flat.pop("how", "") == "counted":
        flat["counts"] = {box: value for box, value in counts.items() if value}
    return flat


def _dated(step: Callable[..., object]) -> Step:
    """A step that needs no more than its day."""

    def dated(batch_id: int, sent: dict[str, Any]) -> Outcome:
        step(staff().act, batch_id, sent["happened_on"])
        return {}

    return dated


@blueprint.post("/batches/<number>/pack")
@require("batch.write")
def pack(number: str) -> Answer:
    """The lines stand."""
    return take(number, "pack", StepForm(), _dated(commands.pack), _("打包好了，可以发出。"))


@blueprint.post("/batches/<number>/unpack")
@require("batch.write")
def unpack(number: str) -> Answer:
    """The lines may change again."""
    return take(number, "unpack", StepForm(), _dated(commands.unpack), _("可以继续配书。"))


@blueprint.post("/batches/<number>/dispatch")
@require("batch.write")
def dispatch(number: str) -> Answer:
    """All its copies leave for the road."""
    return take(number, "dispatch", StepForm(), _dated(commands.dispatch), _("这批书已经发出，等对方签收。"))


@blueprint.post("/batches/<number>/arrive")
@require("batch.write")
def arrive(number: str) -> Answer:
    """The boxes are there; nobody has counted."""
    return take(number, "arrive", StepForm(), _dated(commands.arrive), _("记下了：到了，还没清点。"))


@blueprint.post("/batches/<number>/receive")
@require("batch.write")
def receive(number: str) -> Answer:
    """Received for a point: all as sent, or by box."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        opened = commands.receive(staff().act, batch_id, sent["happened_on"], sent["counts"], sent["note"])
        return {"differences": opened}

    return take(number, "receive", ReceiveForm(), step, _("签收记下了。"))


@blueprint.post("/batches/<number>/cancel")
@require("batch.write")
def cancel(number: str) -> Answer:
    """Cancelled; what is on the road goes back."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        commands.cancel(staff().act, batch_id, sent["happened_on"], sent["note"])
        return {}

    return take(number, "cancel", CancelForm(), step, _("这批书取消了，书记回原处。"))


@blueprint.post("/batches/<number>/collect")
@require("batch.write")
def collect(number: str) -> Answer:
    """Fetch what a delivery brought: a return of its own."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        return {"number": commands.collect(staff().act, batch_id, sent["happened_on"]).number}

    return take(number, "collect", StepForm(), step, _("书收回来了，这是归还的批次；点数后过电脑。"))


@blueprint.post("/batches/<number>/count-in")
@require("batch.write")
def count_in(number: str) -> Answer:
    """Books came back and were counted; none has moved yet."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        commands.count_in(staff().act, batch_id, sent["happened_on"], sent["copies"])
        return {}

    return take(number, "count_in", CountForm(), step, _("归还的册数记下了。"))


@blueprint.post("/batches/<number>/scan")
@require("batch.write")
def scan(number: str) -> Answer:
    """Everything on the road was scanned and is in the workroom."""
    return take(number, "scan", StepForm(), _dated(commands.scan), _("过电脑记下了，书在总馆整理间。"))


@blueprint.post("/batches/<number>/restock")
@require("batch.write")
def restock(number: str) -> Answer:
    """What was scanned stands on the shelf again, as many as were counted."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        return {"differences": commands.restock(staff().act, batch_id, sent["happened_on"], sent["copies"])}

    return take(number, "restock", RestockForm(), step, _("清点入库了，这些书可以再配。"))


@blueprint.post("/batches/<number>/restock-part")
@require("batch.write")
def restock_part(number: str) -> Answer:
    """Of what was scanned these copies stand on the shelf today; the others wait in the workroom."""

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        who = staff()
        try:
            lots = queries.named_lots(who.network_id, sent["barcodes"].split())
        except NotFound as error:
            # Nothing is added here: whoever mistyped one puts it right in its field.
            raise Invalid("barcode_mistyped", fields={"barcodes": "barcode_mistyped"}, **error.data) from error
        commands.shelve_part(who.act, batch_id, sent["happened_on"], lots, sent["what"], sent["quantity"])
        return {}

    return take(number, "restock_part", RestockPartForm(), step, _("这些书入库了，别的还在整理间。"))


@blueprint.post("/batches/<number>/differences/<int:difference_id>/resolve")
@require("batch.write")
def resolve(number: str, difference_id: int) -> Answer:
    """A difference ends as what it turned out to be."""
    who = staff()

    def step(batch_id: int, sent: dict[str, Any]) -> Outcome:
        open_ones = queries.open_differences_in(who.network_id, batch_id)
        quantity = next((row.quantity for row in open_ones if row.id == difference_id), 0)
        lots = named(who.network_id, sent, quantity)
        day: date = sent["happened_on"]
        commands.resolve(who.act, difference_id, sent["resolution"], day, lots)
        return {"difference": difference_id}

    return take(number, f"resolve-{difference_id}", ResolveForm(), step, _("这条差异结案了。"))


@blueprint.post("/batches/<number>/differences/resolve")
@require("batch.write")
def resolve_alike(number: str) -> Answer:
    """The ticked differences end alike."""
    said = _("勾上的差异都结案了。")
    return take(number, "resolve_alike", AlikeForm(), lambda _batch_id, sent: end_alike(sent), said)


def named(network_id: int, sent: dict[str, Any], quantity: int) -> dict[int, int]:
    """The scanned copies, one each, and of a counted lot what is left of the number."""
    lots = queries.named_lots(network_id, sent["barcodes"].split())
    left = quantity - len(lots)
    if sent["lot"] is not None and left > 0:
        lots[sent["lot"]] = left
    return lots
