"""The points that a teacher answers for: one more, or one less."""

from typing import Any

from flask import url_for

from branchnet.access import answering, queries
from branchnet.access.guards import require, staff
from branchnet.access.people_schemas import AnsweringForm
from branchnet.access.sent import Sent
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.teachers import teacher_page
from branchnet.errors import Invalid, NotFound
from branchnet.language import _
from branchnet.points.queries import Point, points_on


@blueprint.post("/teachers/<int:person_id>/points")
@require("link.manage")
def take_on(person_id: int) -> Answer:
    """One more point for a teacher: on the same link."""
    act = _act_for(person_id)

    def step(sent: dict[str, Any]) -> None:
        point = _own(sent["point"])
        if point is None:
            raise Invalid(fields={"point": "kind"})
        answering.take_on(act, person_id, point.id, sent["valid_from"])

    return press(
        "take_on",
        AnsweringForm(),
        {"person": person_id},
        step,
        _("加上了，老师在原来的链接上就看得到。"),
        lambda _done: url_for("staff.teacher", person_id=person_id),
        lambda refusal: teacher_page(person_id, refusal),
    )


@blueprint.post("/teachers/<int:person_id>/points/<code>/end")
@require("link.manage")
def let_go(person_id: int, code: str) -> Answer:
    """One point less: somebody else answers for it, or nobody."""
    act, point = _act_for(person_id), _own(code)
    if point is None:
        raise NotFound(code=code)
    return press(
        "let_go",
        Sent(),
        {"person": person_id, "point": code},
        lambda _sent: answering.let_go(act, person_id, point.id),
        _("从今天起不归这位老师管了。"),
        lambda _done: url_for("staff.teacher", person_id=person_id),
        lambda refusal: teacher_page(person_id, refusal),
    )


def _act_for(person_id: int) -> Any:
    """Who acts, where the teacher is of their network. Raises NotFound."""
    who = staff()
    queries.one_teacher(who.network_id, person_id, who.act.today())
    return who.act


def _own(code: str) -> Point | None:
    who = staff()
    there = points_on([who.network_id], who.act.today())
    return next((point for point in there if point.code == code), None)
