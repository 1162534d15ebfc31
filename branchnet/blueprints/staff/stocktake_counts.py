"""Counting: copies by scan, titles and the rest by number, books of others; and the undo of each."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read
from branchnet.batches.stocktaking import commands, queries
from branchnet.batches.stocktaking.commands import ListScanned, Scanned
from branchnet.batches.stocktaking.schemas import (
    ColumnForm,
    CountsForm,
    FoundForm,
    NamedForm,
    ScanForm,
    UncountForm,
    read_counts,
)
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.picking_lists import barcodes_sent
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.stocktake import counted, head_seen, show
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.models import Stocktake
from branchnet.stock.queries import whereabouts
from branchnet.words import say
from branchnet.words.copies import whereabouts_words

Answer = Response | tuple[str, int]
Effect = Callable[[Stocktake, dict[str, Any]], Outcome]


@blueprint.post("/stocktakes/<number>/scans")
@require("batch.write")
def stocktake_scan(number: str) -> Answer:
    """A scan: counted, counted though the books have it elsewhere, or noted as nobody's of ours."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        act = staff().act
        return _told(commands.count_copy(act, found.id, sent["barcode"], act.today()))

    return _answer(number, "scan", ScanForm(), effect)


@blueprint.post("/stocktakes/<number>/scans/list")
@require("batch.write")
def stocktake_list(number: str) -> Answer:
    """A column of barcodes, pasted or from a data collector's text file."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        act = staff().act
        codes = barcodes_sent(sent["barcodes"], request.files.get("file"))
        return _list_told(commands.count_list(act, found.id, codes, act.today()))

    return _answer(number, "list", ColumnForm(), effect)


@blueprint.post("/stocktakes/<number>/scans/named")
@require("batch.write")
def stocktake_named(number: str) -> Answer:
    """What stands on a book that is in no books of ours."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        commands.name_found(staff().act, found.id, sent["barcode"], sent["title"])
        return {"named": sent["title"], "code": sent["barcode"]}

    return _answer(number, "named", NamedForm(), effect)


@blueprint.post("/stocktakes/<number>/uncount")
@require("batch.write")
def stocktake_uncount(number: str) -> Answer:
    """The undo of a scan or of a number."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        commands.uncount(staff().act, found.id, sent["lot"])
        return {"undone": True}

    return _answer(number, "uncount", UncountForm(), effect)


@blueprint.post("/stocktakes/<number>/found/<int:item_id>/remove")
@require("batch.write")
def stocktake_unfound(number: str, item_id: int) -> Answer:
    """The undo of a book of others."""

    def effect(found: Stocktake, _sent: dict[str, Any]) -> Outcome:
        commands.drop_found(staff().act, found.id, item_id)
        return {"undone": True, "item": item_id}

    return _answer(number, "unfound", Sent(), effect)


@blueprint.post("/stocktakes/<number>/counts")
@require("batch.write")
def stocktake_counts(number: str) -> Answer:
    """Numbers by title and for the rest; what was left empty stays as it is."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        act = staff().act
        copies = commands.count_titles(act, found.id, sent["counts"], sent["happened_on"], sent["rest"])
        return {"copies": copies}

    return _saved(number, "counts", CountsForm(), effect, _("数记下了。"))


@blueprint.post("/stocktakes/<number>/found")
@require("batch.write")
def stocktake_found(number: str) -> Answer:
    """Books of others among ours: noted until they have gone home."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        act = staff().act
        item = commands.note_found(act, found.id, sent["title"], sent["quantity"], act.today(), sent["whose"])
        return {"item": item}

    return _saved(number, "found", FoundForm(), effect, _("别家的书记下了，先放在一边。"))


def _done(number: str, form: str, schema: Sent, effect: Effect) -> Outcome:
    who = staff()
    found = queries.own_stocktake(who.network_id, number)
    sent = read_counts(request.form) if isinstance(schema, CountsForm) else read(schema, request.form)
    body = {"stocktake": number, **sent}
    return perform(who.act, op_id(), f"stocktake_{form}", body, lambda: effect(found, sent))


def _saved(number: str, form: str, schema: Sent, effect: Effect, said: str) -> Answer:
    """Do it once. Refused, the page comes back with what was typed and the reason."""
    try:
        _done(number, form, schema, effect)
    except BranchNetError as error:
        refusal = refused(error, form)
        return show(number, refusal), refusal.status
    flash(said, "done")
    return redirect(url_for("staff.stocktake", number=number, **_where()), 303)


def _where() -> dict[str, Any]:
    """The page of titles that somebody was on."""
    return {name: request.args[name] for name in ("page", "q") if request.args.get(name)}


def _answer(number: str, form: str, schema: Sent, effect: Effect) -> Answer:
    """With htmx the part of the page that changed; without it the whole page, or back to it."""
    try:
        done = _done(number, form, schema, effect)
    except BranchNetError as error:
        refusal = refused(error, form)
        return (_part(number, {}, refusal) if _htmx() else show(number, refusal)), refusal.status
    if _htmx():
        return _part(number, _in_words(done), Refusal()), 200
    if done.keys() & {"what", "list"}:
        return show(number, Refusal(), _in_words(done)), 200
    return redirect(url_for("staff.stocktake", number=number, **_where()), 303)


def _part(number: str, done: dict[str, Any], refusal: Refusal) -> str:
    return render_template("staff/stocktakes/_scanned.html", **counted(head_seen(number)), done=done, refusal=refusal)


def _htmx() -> bool:
    return "HX-Request" in request.headers


def _told(one: Scanned) -> Outcome:
    return {"what": one.what, "code": one.code, "lot": one.lot_id, "title": one.title, "item": one.item_id}


def _list_told(found: ListScanned) -> Outcome:
    return {
        "list": len(found.counted),
        "elsewhere": [(one.code, one.lot_id) for one in found.counted if one.what == "elsewhere"],
        "unknown": found.codes("unknown"),
        "refused": [(code, say(error)[0]) for code, error in found.refused.items()],
        "repeated": found.repeated,
    }


def _in_words(done: Outcome) -> Outcome:
    """Where the books have the copies that were scanned here."""
    network_id = staff().network_id
    if done.get("what") == "elsewhere":
        now = whereabouts(network_id, [done["lot"]])
        return done | {"now": whereabouts_words(now[done["lot"]])}
    if "list" in done:
        now = whereabouts(network_id, [lot for _code, lot in done["elsewhere"]]) if done["elsewhere"] else {}
        told = [(code, _("账上：%(now)s", now=whereabouts_words(now[lot]))) for code, lot in done["elsewhere"]]
        told += [(code, _("不在账上，记作别家的书")) for code in done["unknown"]]
        return done | {"look": [*told, *done["refused"]]}
    return done
