"""Teachers who have lost their link and ask for it: found by what they wrote, given it again, or set aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.queries import Teacher
from branchnet.access.requests.commands import answer_request
from branchnet.access.requests.queries import Asked, open_requests
from branchnet.access.requests.schemas import AnswerForm
from branchnet.access.sent import read
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.staff.matching import points_meant
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import Conflict
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.words import say


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request, and the teachers who may have sent it, each with the point that says so."""

    asked: Asked
    likely: list[tuple[Teacher, Point]]


def waiting(teachers: Iterable[Teacher], points: Mapping[int, Point]) -> list[Waiting]:
    """The open requests of one's own network."""
    asked = open_requests(staff().network_id)
    meant = points_meant([*points.values()], [one.said for one in asked]) if asked else {}
    there: dict[int, list[Teacher]] = {}
    for teacher in teachers:
        for point_id in teacher.point_ids:
            there.setdefault(point_id, []).append(teacher)
    return [
        Waiting(one, [(teacher, point) for point in meant[one.said] for teacher in there.get(point.id, ())])
        for one in asked
    ]


def request_shown() -> Asked | None:
    """The open request that a teacher's page is looked at for, if it is one."""
    wanted = request.args.get("request", type=int)
    return next((one for one in open_requests(staff().network_id) if one.id == wanted), None) if wanted else None


@blueprint.post("/teachers/requests/<int:request_id>")
@require("link.manage")
def answer_link_request(request_id: int) -> Response:
    """The teacher who asked is found: their page, with the link to copy. Without one it is set aside."""
    who = staff()
    sent = read(AnswerForm(), request.form)
    person_id = sent["person_id"]

    def effect() -> Outcome:
        answer_request(who.act, request_id, person_id)
        return {"person": person_id}

    try:
        perform(who.act, op_id(), "answer_link_request", {"request": request_id, **sent}, effect)
    except Conflict as error:
        flash(" ".join(say(error)), "look")
        return redirect(url_for("staff.teachers"), 303)
    if person_id is None:
        flash(_("搁下了。"), "done")
        return redirect(url_for("staff.teachers"), 303)
    flash(_("对上了。请复制链接，在微信里发给这位老师。"), "done")
    return redirect(url_for("staff.teacher", person_id=person_id), 303)
