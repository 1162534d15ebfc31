"""Found after it was written off: where it turned up; and that taken back."""

from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.batches import commands
from branchnet.batches.losses.finds import find_of
from branchnet.batches.losses.registers import repair_begun
from branchnet.batches.losses.rules import GONE
from branchnet.batches.losses.schemas import FoundForm
from branchnet.batches.schemas import ReverseForm
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.whereabouts import place_asked, place_options
from branchnet.language import _
from branchnet.stock import lives
from branchnet.words import place_words


@blueprint.get("/copies/<int:lot_id>/found")
@require("batch.write")
def found_again(lot_id: int) -> str:
    """The form, for a copy that is lost, to be disposed or withdrawn."""
    return _page(lot_id, Refusal())


@blueprint.post("/copies/<int:lot_id>/found")
@require("batch.write")
def find_again(lot_id: int) -> Answer:
    """It is where it was found; what was a loss stays one."""

    who = staff()

    def step(sent: dict[str, Any]) -> Outcome:
        place_id = place_asked(sent["where"], "shelf", "workroom")
        quantity, day = sent["quantity"] or 1, sent["happened_on"]
        return {"entry": commands.find_again(who.act, lot_id, sent["gone"], place_id, day, quantity, sent["note"])}

    def repair(done: Outcome) -> int | None:
        return repair_begun(who.network_id, done["entry"])

    def said(done: Outcome) -> str:
        if repair(done) is None:
            return _("找回来了，记在找到的地方。过去的丢失数不变。")
        return _("找回来了，书在总馆整理间，开了这一笔修补；修好了，在这里记下结果。过去的丢失数不变。")

    def to(done: Outcome) -> str:
        begun = repair(done)
        if begun is None:
            return url_for("staff.copy", lot_id=lot_id)
        return url_for("staff.repair", repair_id=begun)

    return press(
        "found",
        FoundForm(),
        {"lot": lot_id},
        step,
        said,
        to,
        lambda refusal: _page(lot_id, refusal),
    )


def _page(lot_id: int, refusal: Refusal) -> str:
    who = staff()
    lot, _network = lives.lot_of([who.network_id], lot_id)
    places = lives.standings([who.network_id], [lot.id], who.act.today()).get(lot.id, [])
    gone = [place for place in places if place.spot.kind in GONE]
    return render_template(
        "staff/losses/found.html",
        lot=lot,
        gone=gone,
        kinds=[(place.spot.kind, place_words(place.spot.kind)) for place in gone],
        places=place_options("shelf", "workroom"),
        where=request.args.get("where", ""),
        refusal=refusal,
        day=who.act.today(),
        language_next=url_for("staff.found_again", lot_id=lot_id),
    )


@blueprint.get("/found/<int:entry_id>/reverse")
@require("batch.write")
def reverse_find(entry_id: int) -> str:
    """What was found, and the way back."""
    return _reversal_page(entry_id, Refusal())


@blueprint.post("/found/<int:entry_id>/reverse")
@require("batch.write")
def reverse_find_done(entry_id: int) -> Answer:
    """It was another book: the copies are gone again."""

    def step(sent: dict[str, Any]) -> None:
        commands.reverse_find(staff().act, entry_id, sent["reason"])

    who = staff()
    lot_id = find_of(who.network_id, entry_id, who.act.today()).lot_id
    return press(
        "reverse_find",
        ReverseForm(),
        {"entry": entry_id},
        step,
        _("撤回了，书记回原来的地方。"),
        lambda _done: url_for("staff.copy", lot_id=lot_id),
        lambda refusal: _reversal_page(entry_id, refusal),
    )


def _reversal_page(entry_id: int, refusal: Refusal) -> str:
    who = staff()
    find = find_of(who.network_id, entry_id, who.act.today())
    return render_template(
        "staff/losses/reverse_find.html",
        find=find,
        recorded=local_time(find.recorded_at, who.act.network.time_zone),
        refusal=refusal,
    )
