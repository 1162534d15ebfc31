"""What teachers say of their points: taken up with the step that it asks for, or decided without one."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.rules import may
from branchnet.access.sent import read
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.proposal_words import proposal_words
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.errors import Conflict
from branchnet.language import _
from branchnet.points.proposals.commands import decide
from branchnet.points.proposals.queries import Proposal, open_ones
from branchnet.points.proposals.schemas import DecisionForm
from branchnet.points.queries import Point, point_on, points_on
from branchnet.words import say

STEPS = {"moved": "move", "renamed": "rename", "paused": "pause"}
"""By kind the change of a point's life that it asks for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal on a page: of which point, what it is called, when it was said, where it is taken up, if at all."""

    one: Proposal
    point: Point
    label: str
    said_at: str
    href: str | None


def shown_at(point: Point) -> list[Shown]:
    """The open ones of a point."""
    return _shown(open_ones([point.network_id], point.id), {point.id: point})


def shown_all() -> list[Shown]:
    """The open ones of one's own network."""
    who = staff()
    found = open_ones([who.network_id])
    points = points_on([who.network_id], who.act.today(), sorted({one.point_id for one in found}))
    return _shown(found, {point.id: point for point in points})


def proposal_asked(point: Point) -> Proposal | None:
    """The open proposal for which a change's form is looked at or sent, if it is one of this point."""
    wanted = request.values.get("proposal", type=int)
    if not wanted:
        return None
    return next((one for one in open_ones([point.network_id], point.id) if one.id == wanted), None)


def given_by(proposal: Proposal | None) -> dict[str, Any]:
    """What a change's form is filled in with."""
    if proposal is None:
        return {}
    day = {"day": proposal.from_on.isoformat()} if proposal.from_on else {}
    until = {"until": proposal.until_on.isoformat()} if proposal.until_on else {}
    return {"name": proposal.words[:100], "reason": proposal.words, **day, **until}


@blueprint.post("/points/<code>/proposals/<int:proposal_id>")
@require("point.write")
def decide_proposal(code: str, proposal_id: int) -> Response:
    """Done already, or not to be done; with a word to the teacher."""
    who = staff()
    point = point_on([who.network_id], code, who.act.today())
    sent = read(DecisionForm(), request.form)

    def effect() -> Outcome:
        decide(who.act, point.id, proposal_id, **sent)
        return {}

    try:
        perform(who.act, op_id(), "decide_proposal", {"proposal": proposal_id, **sent}, effect)
    except Conflict as error:
        flash(" ".join(say(error)), "look")
    else:
        flash(_("记下了，老师的手机上看得到。"), "done")
    return redirect(url_for("staff.point", code=code), 303)


def _shown(found: list[Proposal], points: dict[int, Point]) -> list[Shown]:
    zone = staff().act.network.time_zone
    return [
        Shown(one, points[one.point_id], proposal_words(one.kind), local_time(one.said_at, zone), _href(one, points))
        for one in found
    ]


def _href(one: Proposal, points: dict[int, Point]) -> str | None:
    """Where it is taken up: the form of the step, or of a new teacher."""
    code, roles = points[one.point_id].code, staff().roles
    if one.kind in STEPS and may(roles, "point.write"):
        return url_for("staff.point_change", code=code, change=STEPS[one.kind], proposal=one.id)
    if one.kind == "contact" and may(roles, "link.manage"):
        return url_for("staff.teachers", point=code, proposal=one.id, _anchor="new")
    return None
