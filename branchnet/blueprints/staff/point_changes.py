"""The steps of a point's life, each one form on a page of its own, one command, and back to the point."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import Sent, read, read_as_far_as_right
from branchnet.batches import commands as batches
from branchnet.batches.queries import open_wishes, stays_behind, to_collect, under_way
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.matching import point_options
from branchnet.blueprints.staff.point import teachers_of
from branchnet.blueprints.staff.point_words import change_words, community_words, datum_words, verb_words
from branchnet.blueprints.staff.positions import asked_only, finding, pin, position_told, town_options
from branchnet.blueprints.staff.proposals import given_by, proposal_asked
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.words import host_words, point_kind_words
from branchnet.errors import BranchNetError, Invalid, NotFound
from branchnet.language import _
from branchnet.models import PointPosition
from branchnet.models.place import HOSTS, POINT_KINDS
from branchnet.points.commands import Position
from branchnet.points.communities.queries import area_named
from branchnet.points.life import commands as life
from branchnet.points.life import schemas
from branchnet.points.life.queries import Move, move_on, names_of
from branchnet.points.proposals.commands import decide
from branchnet.points.queries import Point, point_on, points_on
from branchnet.stock.queries import copies_at

Answer = Response | tuple[str, int]
Change = Callable[[Act, Point, dict[str, Any]], Outcome | None]


@blueprint.get("/points/<code>/change/<change>")
@require("point.write")
def point_change(code: str, change: str) -> str:
    """The form for a change."""
    _known(change)
    return _page(code, change, Refusal())


@blueprint.post("/points/<code>/change/<change>")
@require("point.write")
def change_point(code: str, change: str) -> Answer:
    """Make a change."""
    schema, make = _known(change)
    if asked_only():
        return _page(code, change, Refusal(change, sent=dict(request.form.items()))), 200
    return _made(code, change, schema, make, _("记下了，变动写在下面。"))


@blueprint.get("/points/<code>/merge")
@require("batch.write")
def point_merger(code: str) -> str:
    """What a merger would take across, and into which point."""
    return _page(code, "merge", Refusal())


@blueprint.post("/points/<code>/merge")
@require("batch.write")
def merge_point(code: str) -> Answer:
    """It closes, and another point has its books."""
    said = _("合并好了。带走书的轮换和改送的批次，都列在接着的那个点上。")
    return _made(code, "merge", schemas.MergeForm(), _merge, said)


def _known(change: str) -> tuple[Sent, Change]:
    if change not in _CHANGES:
        raise NotFound(change=change)
    return _CHANGES[change]


def _made(code: str, change: str, schema: Sent, make: Change, said: str) -> Answer:
    """Make a change once with what the form holds. Refused, its page comes back with the reason beside the field."""
    who = staff()
    point = point_on([who.network_id], code, who.act.today())
    try:
        sent = read(schema, {**request.form.to_dict(), "teachers": request.form.getlist("teacher")})
        asked_for = request.form.get("proposal", type=int)
        body = {"point": code, **{name: str(value) for name, value in sent.items()}}
        body |= {} if asked_for is None else {"proposal": str(asked_for)}

        def effect() -> Outcome:
            done = make(who.act, point, sent) or {}
            if asked_for is not None:
                decide(who.act, point.id, asked_for, accepted=True)
            return done

        perform(who.act, op_id(), f"point_{change}", body, effect)
    except BranchNetError as error:
        refusal = refused(error, change)
        return _page(code, change, refusal), refusal.status
    flash(said, "done")
    return redirect(url_for("staff.point", code=code), 303)


def _rename(act: Act, point: Point, sent: dict[str, Any]) -> None:
    life.rename(act, point.id, sent["name"], sent["day"])


def _correct_name(act: Act, point: Point, sent: dict[str, Any]) -> None:
    life.correct_name(act, point.id, sent["name"], sent["wrong"])


def _kind(act: Act, point: Point, sent: dict[str, Any]) -> None:
    life.change_kind(act, point.id, sent["kind"], sent["host"], sent["day"])


def _move(act: Act, point: Point, sent: dict[str, Any]) -> None:
    position, town = position_told(act, sent)
    if position.lat is None and town is None:
        raise Invalid("move_nowhere")
    if town is None and point.area_code is not None:
        raise Invalid(fields={"town": "town_needed"})
    area = town.code if town else None
    was, to = _said(act, point.area_code, point), _said(act, area, position)
    life.move(act, point.id, sent["day"], position, area, f"{was} → {to}"[:200] if was else to)


def _take_back_move(act: Act, point: Point, sent: dict[str, Any]) -> None:
    move = move_on(act.network_id, point.id, sent["day"])
    ends = _ends(act, move) if move else ("", "")
    life.take_back_move(act, point.id, sent["day"], f"{ends[1]} → {ends[0]} · {sent['reason']}"[:200])


def _ends(act: Act, move: Move) -> tuple[str, str]:
    """Where it stood, and where it is said to have gone."""
    was, to = (_said(act, one.area_code, one) or _("没有位置") for one in (move.was, move.to))
    return was, to


def _said(act: Act, area_code: str | None, stands: Point | Position | PointPosition) -> str | None:
    """Where it is, for the history: by the register's names, else by its degrees."""
    area = area_named(act.network_id, area_code)
    if area is not None and area.name:
        return area.name
    return None if stands.lat is None else f"{stands.lat:.5f}, {stands.lon:.5f}"


def _locate(act: Act, point: Point, sent: dict[str, Any]) -> None:
    position, town = position_told(act, sent, point)
    if position.lat is None:
        raise Invalid("nowhere")
    if position.community_id is not None and town is None and point.area_code is not None:
        # Of where it was thought to stand its area says nothing any more.
        raise Invalid(fields={"town": "town_needed"})
    life.locate(act, point.id, position, town.code if town else None)


def _close(act: Act, point: Point, sent: dict[str, Any]) -> None:
    successor = None if sent["successor"] is None else _other(act, sent["successor"])
    batches.close_point(act, point.id, sent["day"], sent["reason"], successor)


def _merge(act: Act, point: Point, sent: dict[str, Any]) -> Outcome:
    into = _other(act, sent["successor"])
    done = batches.merge(act, point.id, into, sent["day"], sent["reason"], sent=sent["sent"])
    offered = {one.person_id: one.point_ids for one in teachers_of(point)}
    for person_id in sorted(offered.keys() & set(sent["teachers"])):
        if into not in offered[person_id]:
            access.answers_for(act, person_id, into, sent["day"])
    return {"rotations": done.rotations, "sent_on": done.sent_on}


_CHANGES: dict[str, tuple[Sent, Change]] = {
    "open": (schemas.DayForm(), lambda act, point, sent: life.begin(act, point.id, sent["day"])),
    "rename": (schemas.RenameForm(), _rename),
    "correct-name": (schemas.CorrectNameForm(), _correct_name),
    "kind": (schemas.KindForm(), _kind),
    "move": (schemas.MoveForm(), _move),
    "take-back-move": (schemas.TakeBackForm(), _take_back_move),
    "locate": (schemas.WhereForm(), _locate),
    "pupils": (
        schemas.PupilsForm(),
        lambda act, point, sent: life.enrol(act, point.id, sent["pupils"], sent["day"]),
    ),
    "community": (
        schemas.CommunityForm(),
        lambda act, point, sent: life.open_to_community(act, point.id, sent["community"], sent["day"]),
    ),
    "pause": (
        schemas.PauseForm(),
        lambda act, point, sent: life.pause(act, point.id, sent["day"], sent["reason"], sent["until"]),
    ),
    "resume": (schemas.DayForm(), lambda act, point, sent: life.resume(act, point.id, sent["day"])),
    "close": (schemas.CloseForm(), _close),
    "reopen": (
        schemas.ReopenForm(),
        lambda act, point, sent: life.reopen(act, point.id, sent["day"], sent["reason"]),
    ),
}


def _other(act: Act, code: str) -> int:
    """Another point by its code. Raises Invalid beside ``successor``."""
    found = next((one for one in points_on([act.network_id], act.today()) if one.code == code), None)
    if found is None:
        raise Invalid(fields={"successor": "kind"})
    return found.id


def _move_asked(point: Point) -> Move | None:
    """The move that the address or the form names. An address that names none raises NotFound."""
    day = read_as_far_as_right(schemas.DayForm(), request.values)[0].get("day")
    move = move_on(point.network_id, point.id, day) if day else None
    if move is None and request.method == "GET":
        raise NotFound(point=point.code)
    return move


def _page(code: str, change: str, refusal: Refusal) -> str:
    who = staff()
    day = who.act.today()
    point = point_on([who.network_id], code, day)
    label, meaning = change_words(change)
    others = [
        one
        for one in points_on([who.network_id], day)
        if one.id != point.id and one.stage_on(day) in ("open", "paused")
    ]
    placed = change in ("move", "locate")
    there = change in ("close", "merge")
    move = _move_asked(point) if change == "take-back-move" else None
    proposal = proposal_asked(point)
    return render_template(
        "staff/point/change.html",
        point=point,
        change=change,
        proposal=proposal,
        given=given_by(proposal),
        label=label,
        meaning=meaning,
        verb=verb_words(change),
        refusal=refusal,
        day=day,
        kinds=[(kind, point_kind_words(kind)) for kind in POINT_KINDS],
        hosts=[(host, host_words(host)) for host in HOSTS],
        communities=[(1, community_words(True)), (0, community_words(False))],
        towns=town_options(who.network_id) if placed else [],
        datums=datum_words(),
        placed=placed,
        move=move,
        ends=_ends(who.act, move) if move else None,
        **({**finding(who.network_id), "pin": pin(who.network_id)} if placed else {}),
        names=[
            (called.name, _("%(name)s（%(day)s 起）", name=called.name, day=called.valid_from.isoformat()))
            for called in (names_of(who.network_id, point.id) if change == "correct-name" else [])
        ],
        others=point_options(others),
        copies=copies_at(who.network_id, [point.place_id]).get(point.place_id, 0),
        coming=[row for row in under_way(who.network_id, point.place_id) if row.comes] if there else [],
        staying=sum(stays_behind(who.network_id, point.place_id).values()) if change == "merge" else 0,
        to_collect=to_collect(who.network_id, point.place_id) if there else [],
        wishes=open_wishes(who.network_id, point.id) if there else [],
        teachers=teachers_of(point) if change == "merge" else [],
        ticked=request.form.getlist("teacher"),
    )
