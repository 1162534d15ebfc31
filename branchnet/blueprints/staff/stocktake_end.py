"""The end of a stocktake: variance, moves to be placed, copies to be brought in the books; and its differences."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read
from branchnet.batches.commands import resolve_some
from branchnet.batches.schemas import AlikeForm, ResolveSomeForm, StepForm
from branchnet.batches.stocktaking import commands, queries
from branchnet.batches.stocktaking.commands.bringing import WAYS
from branchnet.batches.stocktaking.queries import Head
from branchnet.batches.stocktaking.rules import Line
from branchnet.batches.stocktaking.schemas import BringForm, CrossingForm, TakeBackForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.differing import end_alike
from branchnet.blueprints.staff.root import blueprint, local_time, writes
from branchnet.blueprints.staff.steps import named
from branchnet.blueprints.staff.stocktake import foreign, head_seen, show
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.models import Stocktake
from branchnet.stock.queries import Standing, whereabouts
from branchnet.stock.rules import worst_quality

Answer = Response | tuple[str, int]
Effect = Callable[[Stocktake, dict[str, Any]], Outcome]
LINES_SHOWN = 500
"""Lines with a difference that the page lists; the sheet has them all."""


@blueprint.get("/stocktakes/<number>/variance")
@require("batch.see")
def stocktake_variance(number: str) -> str:
    """What was counted against the books, by title; what somebody must say first; and the end."""
    return _variance_page(number, Refusal())


def _variance_page(number: str, refusal: Refusal) -> str:
    head = head_seen(number)
    found = queries.figures_of(head.stocktake)
    lines = found.variance.lines
    off = [line for line in lines if line.difference]
    return render_template(
        "staff/stocktakes/variance.html",
        head=head,
        stocktake=head.stocktake,
        foreign=foreign(head),
        writes=writes(head.stocktake.network_id) and head.counting,
        day=staff().act.today(),
        refusal=refusal,
        found=found,
        crossings=[
            (one, local_time(one.recorded_at, head.time_zone)) for one in queries.crossings_of(head.stocktake, found)
        ],
        groups=_elsewhere(head, off),
        off=off[:LINES_SHOWN],
        off_count=len(off),
        agreed=len(lines) - len(off),
        sums=_sums(lines),
        language_next=url_for("staff.stocktake_variance", number=number, network=foreign(head)),
    )


def _sums(lines: Any) -> dict[str, Any]:
    """Copies (册) counted and expected (how well known) of what was counted at all, and what is short and over."""
    return {
        "quality": worst_quality(line.quality for line in lines),
        "expected": sum(line.expected for line in lines),
        "counted": sum(line.counted or 0 for line in lines),
        "short": -sum(min(line.difference, 0) for line in lines),
        "over": sum(max(line.difference, 0) for line in lines),
    }


def _elsewhere(head: Head, lines: list[Line]) -> list[dict[str, Any]]:
    """Copies that were scanned here, by where the books have them; ``way``: the batch that would bring them here."""
    ids = [next(iter(line.lots)) for line in lines if line.serial and line.difference > 0]
    now = whereabouts(head.stocktake.network_id, ids) if ids else {}
    groups: dict[int, dict[str, Any]] = {}
    for found in now.values():
        standing: Standing | None = found.places[0] if found.places else None
        group = groups.setdefault(
            standing.place_id if standing else 0,
            {
                "place": standing,
                "way": WAYS.get((standing.kind, head.place.kind)) if standing else None,
                "copies": [],
            },
        )
        group["copies"].append(found)
    return list(groups.values())


def _take(number: str, form: str, schema: Sent, effect: Effect, said: str, back: str) -> Answer:
    """Do a step once with what the form holds. Refused, its page comes back with the reason beside the form."""
    who = staff()
    found = queries.own_stocktake(who.network_id, number)
    try:
        sent = read(schema, {**request.form.to_dict(), "cases": request.form.getlist("case")})
        body = {"stocktake": number, **sent}
        done = perform(who.act, op_id(), f"stocktake_{form}", body, lambda: effect(found, sent))
    except BranchNetError as error:
        refusal = refused(error, form)
        page = _variance_page if back == "staff.stocktake_variance" or form == "close" else show
        return page(number, refusal), refusal.status
    flash(said + (_("记下差异 %(count)s 条。", count=done["cases"]) if done.get("cases") else ""), "done")
    return redirect(url_for(back, number=number), 303)


@blueprint.post("/stocktakes/<number>/crossings/<int:entry_id>")
@require("batch.write")
def stocktake_crossing(number: str, entry_id: int) -> Answer:
    """On which side of the count a move lies."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        commands.answer_crossing(staff().act, found.id, entry_id, sent["answer"])
        return {"entry": entry_id}

    return _take(number, f"crossing-{entry_id}", CrossingForm(), effect, _("记下了。"), "staff.stocktake_variance")


@blueprint.post("/stocktakes/<number>/bring")
@require("batch.write")
def stocktake_bring(number: str) -> Answer:
    """The books follow what was scanned: a batch brings the copies here."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        return {"batch": commands.bring_here(staff().act, found.id, sent["start"], sent["happened_on"])}

    said = _("账跟上了：这些书记到了这里。")
    return _take(number, "bring", BringForm(), effect, said, "staff.stocktake_variance")


@blueprint.post("/stocktakes/<number>/close")
@require("batch.write")
def stocktake_close(number: str) -> Answer:
    """It ends: what did not match becomes differences."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        return {"cases": len(commands.close(staff().act, found.id, sent["happened_on"], sent["note"]))}

    return _take(number, "close", StepForm(), effect, _("盘点结束了。"), "staff.stocktake")


@blueprint.post("/stocktakes/<number>/cancel")
@require("batch.write")
def stocktake_cancel(number: str) -> Answer:
    """It is called off, as if nobody had counted."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        commands.cancel(staff().act, found.id, sent["reason"])
        return {}

    return _take(number, "cancel", TakeBackForm(), effect, _("这次盘点取消了，账没有动。"), "staff.stocktake")


@blueprint.post("/stocktakes/<number>/reopen")
@require("batch.write")
def stocktake_reopen(number: str) -> Answer:
    """It goes on."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        commands.reopen(staff().act, found.id, sent["reason"])
        return {}

    return _take(number, "reopen", TakeBackForm(), effect, _("可以接着盘点了。"), "staff.stocktake")


@blueprint.post("/stocktakes/<number>/differences/<int:difference_id>/resolve")
@require("batch.write")
def stocktake_resolve(number: str, difference_id: int) -> Answer:
    """A difference ends as what it turned out to be."""

    def effect(found: Stocktake, sent: dict[str, Any]) -> Outcome:
        who = staff()
        rows = {row.id: row for row in queries.cases_of(found)}
        quantity = rows[difference_id].quantity if difference_id in rows else 0
        lots = named(who.network_id, sent, sent["copies"] or quantity)
        day = sent["happened_on"]
        return {"difference": resolve_some(who.act, difference_id, sent["copies"], sent["resolution"], day, lots)}

    form = f"resolve-{difference_id}"
    return _take(number, form, ResolveSomeForm(), effect, _("这条差异结案了。"), "staff.stocktake")


@blueprint.post("/stocktakes/<number>/differences/resolve")
@require("batch.write")
def stocktake_resolve_alike(number: str) -> Answer:
    """The ticked differences end alike."""
    said = _("勾上的差异都结案了。")
    return _take(number, "resolve_alike", AlikeForm(), lambda _found, sent: end_alike(sent), said, "staff.stocktake")


@blueprint.post("/stocktakes/<number>/differences/<int:difference_id>/take-back")
@require("batch.write")
def stocktake_take_back(number: str, difference_id: int) -> Answer:
    """A difference that was closed by mistake is open again, and its copies are where they were."""

    def effect(_found: Stocktake, sent: dict[str, Any]) -> Outcome:
        return {"entry": commands.take_back_ending(staff().act, difference_id, sent["reason"])}

    form = f"take-back-{difference_id}"
    return _take(number, form, TakeBackForm(), effect, _("结案撤回了，书记回原处。"), "staff.stocktake")
