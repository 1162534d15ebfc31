"""A geocoder asked for positions, and its candidates: nothing is written before staff accept it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet import queue
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.community_words import asking_words, community_kind_words, provider_words
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.words import point_kind_words
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.points.communities.queries import own_counties
from branchnet.points.geocoding import commands
from branchnet.points.geocoding.commands import Pick
from branchnet.points.geocoding.queries import Sought, answers, candidates, last_asking, sought

SHOWN = 200
"""Places with candidates on the page; the others come when these are done."""


@blueprint.get("/communities/positions")
@require("community.write")
def candidate_positions() -> str:
    """What has no position, and where the geocoder says it is."""
    return _page(Refusal())


@blueprint.post("/communities/positions")
@require("community.write")
def place_candidates() -> Response | tuple[str, int]:
    """Ask the geocoder (``step=ask``), or accept the candidates that are ticked."""
    who = staff()
    try:
        if request.form.get("step") == "ask":
            perform(who.act, op_id(), "ask_for_positions", {}, _asking)
            flash(_("在问了，一秒问一个；过一会儿刷新这一页。"), "done")
        else:
            picks = [_pick(text) for text in request.form.getlist("accept")]
            body = {"picks": [list(pick) for pick in picks]}
            done = perform(
                who.act, op_id(), "accept_positions", body, lambda: {"accepted": commands.accept(who.act, picks)}
            )
            flash(_("%(count)d 个记下了，都标明是大约的。", count=done["accepted"]), "done")
    except BranchNetError as error:
        refusal = refused(error, "positions")
        return _page(refusal), refusal.status
    return redirect(url_for("staff.candidate_positions"), 303)


def _asking() -> Outcome:
    commands.ask_for_positions(staff().act)
    return {}


def _pick(text: str) -> Pick:
    what, _colon, rest = text.partition(":")
    place, _colon, number = rest.partition(":")
    if not (place.isascii() and place.isdecimal() and number.isascii() and number.isdecimal()):
        raise Invalid("form_incomplete")
    return Pick(what, int(place), int(number))


def _page(refusal: Refusal) -> str:
    who, provider = staff(), queue.settings().geocoder
    found = sought(who.act)
    known = answers(who.network_id, provider) if provider else {}
    offered = [one for one in found if known.get(one.query or "")]
    own = own_counties(who.network_id)
    last = last_asking(who.network_id) if provider else None
    return render_template(
        "staff/communities/positions.html",
        refusal=refusal,
        provider=provider_words(provider),
        found=len(found),
        placeless=[one for one in found if one.what == "point"][:SHOWN],
        unsayable=[one for one in found if one.query is None][:SHOWN],
        to_ask=len({one.query for one in found if one.query and one.query not in known}),
        unknown=sum(1 for one in found if known.get(one.query or "") == []),
        offered=[(one, candidates(known[one.query or ""], own)) for one in offered[:SHOWN]],
        more=max(len(offered) - SHOWN, 0),
        last=last,
        asking_words=asking_words,
        kind_words_of=_kind,
        language_next=url_for("staff.candidate_positions"),
    )


def _kind(one: Sought) -> str:
    return point_kind_words(one.kind) if one.what == "point" else community_kind_words(one.kind)
