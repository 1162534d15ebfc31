"""One service point: how it stands, what is there and under way, and its life with the changes it can take."""

from typing import Any

from flask import render_template

from branchnet.access.guards import require, staff
from branchnet.access.queries import Teacher, teachers
from branchnet.access.rules import may
from branchnet.batches.queries import to_collect, under_way
from branchnet.blueprints.staff.point_words import (
    change_words,
    community_words,
    life_note,
    life_words,
    located_note,
    stage_of_point_words,
)
from branchnet.blueprints.staff.proposals import shown_at
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.words import host_words
from branchnet.coverage.past import read_at
from branchnet.points.communities.queries import area_named
from branchnet.points.life.queries import Located, hand_overs_of, life_of, located_of, moves_of, names_of
from branchnet.points.life.rules import STAGES_BEFORE
from branchnet.points.queries import Point, point_on, points_on
from branchnet.stock.queries import Held, held_at

CHANGES = {
    "open": "opened",
    "rename": "renamed",
    "correct-name": "name_corrected",
    "kind": "kind_changed",
    "move": "moved",
    "locate": "located",
    "pupils": "enrolment_changed",
    "community": "openness_changed",
    "pause": "paused",
    "resume": "resumed",
    "close": "closed",
    "reopen": "reopened",
    "merge": "merged",
}
"""By the word in an address the step that it takes."""


@blueprint.get("/points/<code>")
@require("point.see")
def point(code: str) -> str:
    """A point of one's own network."""
    who = staff()
    day, zone = who.act.today(), who.act.network.time_zone
    found = point_on([who.network_id], code, day)
    hand_overs = hand_overs_of(who.network_id, found.id)
    held = held_at(who.network_id, [found.place_id]).get(found.place_id, Held())
    gone = any(one.went for one in hand_overs)
    successor = points_on([who.network_id], day, [found.successor_id]) if found.successor_id else []
    return render_template(
        "staff/point/page.html",
        point=found,
        day=day,
        stage=found.stage_on(day),
        stage_words=stage_of_point_words,
        host_words=host_words,
        hand_overs=hand_overs,
        community_words=community_words,
        successor=successor[0] if successor else None,
        held=held,
        copies=held.copies,
        past=read_at(found, day),
        teachers=teachers_of(found),
        under_way=under_way(who.network_id, found.place_id),
        to_collect=to_collect(who.network_id, found.place_id),
        names=names_of(who.network_id, found.id),
        events=_told(found, zone),
        area=area_named(who.network_id, found.area_code),
        changes=[(change, *change_words(change)) for change in possible(found) if not (gone and change == "reopen")],
        links=may(who.roles, "link.manage"),
        proposals=shown_at(found),
        decides=may(who.roles, "point.write"),
    )


Told = tuple[str, str, str, str | None, str, str]


def _told(found: Point, zone: str) -> list[Told]:
    """Its life as a table: what was done, from which day it holds, what was said, by whom, when it was recorded; and
    of a move whether it "stands", so that it may be taken back, or was "taken" back.
    """
    rows = []
    standing = {move.to.valid_from: "stands" for move in moves_of(found.network_id, found.id)}
    for one in life_of(found.network_id, found.id):
        if one.step == "move_taken_back":
            standing[one.happened_on] = "taken"
        # Of two moves told for one day the later holds.
        state = standing.pop(one.happened_on, "") if one.step == "moved" else ""
        note, day = life_note(one.step, one.note), one.happened_on.isoformat()
        rows.append((one.recorded_at, (life_words(one.step), day, note, one.person), state))
    for place in located_of(found.network_id, found.id):
        step, note = ("located", located_note(place)) if not place.area else ("area", _areas(found.network_id, place))
        told = (life_words(step), place.since or "—", note, place.person)
        rows.append((place.recorded_at, told, ""))
    # Sorted by the moment alone, and stable: steps of one moment keep their order.
    both = sorted(rows, key=lambda row: row[0], reverse=True)
    return [(*told, local_time(moment, zone), state) for moment, told, state in both]


def _areas(network_id: int, place: Located) -> str:
    """From which area to which, by the register's names."""
    was, now = (area_named(network_id, code) for code in (place.was, place.now))
    return f"{(was and was.name) or place.was or '—'} → {(now and now.name) or place.now}"


def possible(found: Point) -> list[str]:
    """The changes that it can take today, of those that the person signed in may make."""
    who = staff()
    stage = found.stage_on(who.act.today())
    allowed: dict[str, Any] = {"merge": may(who.roles, "batch.write")}
    return [
        change
        for change, step in CHANGES.items()
        if stage in STAGES_BEFORE[step] and allowed.get(change, may(who.roles, "point.write"))
    ]


def teachers_of(found: Point) -> list[Teacher]:
    """Who answers for it today."""
    who = staff()
    return [one for one in teachers(who.network_id, who.act.today()) if found.id in one.point_ids]
