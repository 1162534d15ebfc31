"""Teachers and their personal links: made again from the key to be copied, renewed, revoked."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access import commands, pins, queries
from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.people_schemas import TeacherForm
from branchnet.access.sent import read
from branchnet.access.succession.queries import Handing, undecided
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.link_requests import request_shown, waiting
from branchnet.blueprints.staff.matching import names_apart, points_like
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.successions import colleagues
from branchnet.config import Settings
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.points.life.queries import all_names
from branchnet.points.proposals.commands import decide
from branchnet.points.queries import Point, points_on

PAGE = 100
"""Teachers on one page."""

Answer = Response | tuple[str, int]


@blueprint.get("/teachers")
@require("link.manage")
def teachers() -> str:
    """The teachers of one's own network, with their points and how their link stands."""
    return _list_page(Refusal())


@blueprint.post("/teachers")
@require("link.manage")
def add_teacher() -> Answer:
    """Enter a teacher with the point they answer for, and their link."""
    who = staff()
    asked_for = request.form.get("proposal", type=int)
    try:
        sent = read(TeacherForm(), request.form)
        point = next((point for point in _points().values() if point.code == sent["point"]), None)
        if point is None:
            raise Invalid(fields={"point": "kind"})

        def effect() -> dict[str, Any]:
            person_id = commands.add_person(who.act, sent["display_name"], sent["phone"])
            commands.answers_for(who.act, person_id, point.id, sent["valid_from"])
            commands.make_link(who.act, person_id)
            if asked_for is not None:
                decide(who.act, point.id, asked_for, accepted=True)
            return {"person": person_id}

        done = perform(who.act, op_id(), "add_teacher", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _list_page(refusal), refusal.status
    return redirect(url_for("staff.teacher", person_id=done["person"]), 303)


def _list_page(refusal: Refusal) -> str:
    who = staff()
    day = who.act.today()
    points = _points()
    text = request.args.get("q", "").strip()[:40]
    there = {point.id for point in points_like(points.values(), text, all_names(who.network_id) if text else {})}
    everybody, handing = queries.teachers(who.network_id, day), undecided(who.network_id)
    found = [one for one in everybody if text in one.name or not there.isdisjoint(one.point_ids)]
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "staff/teachers.html",
        waiting=waiting(everybody, points),
        proposal_id=request.values.get("proposal", type=int),
        chosen=request.args.get("point", ""),
        handing=[(one, handing[one.person_id]) for one in everybody if one.person_id in handing],
        request_id=request.args.get("request", type=int),
        teachers=found[(page - 1) * PAGE : page * PAGE],
        count=len(found),
        page=page,
        pages=pages,
        text=text,
        points=points,
        apart=names_apart(points.values()),
        choices=[*names_apart(point for point in points.values() if point.closed_on is None).items()],
        day=day,
        asks_pin=who.act.network.asks_pin,
        without_pin=sum(1 for one in everybody if one.link == "live" and one.pin != "set"),
        pin_pages=-(-sum(1 for one in everybody if one.link == "live") // pins.AT_ONCE),
        pins_at_once=pins.AT_ONCE,
        local=_local,
        refusal=refusal,
    )


def _points() -> dict[int, Point]:
    who = staff()
    return {point.id: point for point in points_on([who.network_id], who.act.today())}


def _local(moment: Any) -> str:
    return local_time(moment, staff().act.network.time_zone)


@blueprint.get("/teachers/<int:person_id>")
@require("link.manage")
def teacher(person_id: int) -> str:
    """One teacher: the link to copy, the points, and the devices that opened it."""
    return teacher_page(person_id, Refusal())


def teacher_page(person_id: int, refusal: Refusal) -> str:
    """A teacher's page. Raises NotFound."""
    who = staff()
    found = queries.one_teacher(who.network_id, person_id, who.act.today())
    token = queries.live_token(who.network_id, person_id)
    points = _points()
    apart = names_apart(points.values())
    handing = undecided(who.network_id).get(person_id)
    settings: Settings = current_app.config["BRANCHNET"]
    return render_template(
        "staff/teacher.html",
        asked=request_shown(),
        asks_pin=who.act.network.asks_pin,
        handing=handing,
        successors=_successors(handing, {point.id: apart[point.code] for point in points.values()}) if handing else [],
        teacher=found,
        points=[(point.code, apart[point.code]) for point in points.values() if point.id in found.point_ids],
        choices=[
            (point.code, apart[point.code])
            for point in points.values()
            if point.id not in found.point_ids and point.closed_on is None
        ],
        day=who.act.today(),
        refusal=refusal,
        link=f"{settings.base_url.rstrip('/')}/t/{token}" if token else None,
        devices=queries.devices_of(who.network_id, person_id),
        local=_local,
    )


def _successors(handing: Handing, names: Mapping[int, str]) -> list[tuple[str, str]]:
    who = staff()
    return colleagues(handing, queries.teachers(who.network_id, who.act.today()), names)


@blueprint.post("/teachers/<int:person_id>/link")
@require("link.manage")
def make_link(person_id: int) -> Response:
    """Give a teacher a link who has none."""
    return _change(person_id, "make_link", commands.make_link, _("链接做好了，复制后发给老师。"))


@blueprint.post("/teachers/<int:person_id>/link/renew")
@require("link.manage")
def renew_link(person_id: int) -> Response:
    """A new link; the old one and its devices open nothing any more."""
    return _change(person_id, "renew_link", commands.renew_link, _("换了新链接，旧链接已经打不开。请把新的发给老师。"))


@blueprint.post("/teachers/<int:person_id>/link/revoke")
@require("link.manage")
def revoke_link(person_id: int) -> Response:
    """The link opens nothing any more."""
    return _change(person_id, "revoke_link", commands.revoke_link, _("链接停用了，老师的手机打不开了。"))


def _change(person_id: int, verb: str, change: Callable[..., object], said: str) -> Response:
    """Change a teacher's link; its token goes into no outcome, for outcomes are kept."""
    who = staff()
    queries.one_teacher(who.network_id, person_id, who.act.today())

    def effect() -> dict[str, Any]:
        change(who.act, person_id)
        return {"person": person_id}

    perform(who.act, op_id(), verb, {"person": person_id}, effect)
    flash(said, "done")
    return redirect(url_for("staff.teacher", person_id=person_id), 303)
