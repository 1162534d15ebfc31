"""A ledger goes into the books: points open, what stands there comes in, deliveries that are out are sent again.

A delivery that is still out came from the shelf: its copies come in as an opening at the shelf on the day they were
sent, and leave on that day. So it is due back, can be collected, and counts where it belongs.
"""

from itertools import groupby
from typing import Any

from sqlalchemy import select

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.batches import commands
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.batches.lists.purposes import Findings, Written
from branchnet.batches.opening.known import deliveries_to, opened_with, people_with, places_of, shelf_opened_with
from branchnet.batches.opening.places import SHELF
from branchnet.batches.opening.plans import Delivery, Plan
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Place
from branchnet.points.queries import central_place
from branchnet.stock.points import enter_point


def write(act: Act, findings: Findings, note: str) -> Written:
    """Write a plan. Raises Invalid("opening_not_all_good") where one row is wrong, and what the commands raise."""
    if findings.wrong:
        raise Invalid("opening_not_all_good", wrong=findings.wrong)
    plan: Plan = findings.plan
    for point in plan.points:
        enter_point(act, point)
    places = places_of(act.network_id, sorted(plan.spots))
    _check_still_new(act, plan, {code: place_id for code, (place_id, _point) in places.items()})
    batches = 0
    for code, lots in sorted(plan.stock.items()):
        place_id = None if code == SHELF.code else places[code][0]
        commands.take_in(act, "opening", lots, plan.day, place_id, note)
        batches += 1
    _send(act, plan, {code: place_id for code, (place_id, _point) in places.items()}, note)
    _enter_teachers(act, plan, {code: point_id for code, (_place, point_id) in places.items()})
    made: dict[str, Any] = {
        "points": len(plan.points),
        "batches": batches,
        "deliveries": len(plan.out),
        "teachers": len(plan.teachers),
    }
    return Written(None, findings.more["all"]["copies"], made)


def _check_still_new(act: Act, plan: Plan, places: dict[str, int]) -> None:
    """Two ledgers judged in one moment know nothing of each other: the later one waits for the places, and looks again.

    Raises Invalid("opening_not_all_good").
    """
    held = {*places.values(), central_place(act.network_id, "shelf")}
    query = select(Place.id).where(Place.network_id == act.network_id, Place.id.in_(held))
    db.session.execute(query.order_by(Place.id).with_for_update(key_share=True))
    opened, sent = opened_with(act.network_id), deliveries_to(act.network_id)
    shelf = shelf_opened_with(act.network_id, plan.day)
    again = [
        lots
        for code, lots in plan.stock.items()
        if (shelf if code == SHELF.code else opened.get(places[code])) is not None
    ]
    again += [lots for (code, sent_on, _due), lots in plan.out.items() if (places[code], sent_on) in sent]
    if again:
        raise Invalid("opening_not_all_good", wrong=sum(map(len, again)))


def _send(act: Act, plan: Plan, places: dict[str, int], note: str) -> None:
    for sent_on, group in groupby(plan.deliveries, key=lambda one: one.sent_on):
        deliveries = list(group)
        lots = [lot for delivery in deliveries for lot in delivery.lots]
        ids = iter(commands.take_in(act, "opening", lots, sent_on, note=note).lot_ids)
        for delivery in deliveries:
            lines = [NewLine(next(ids), lot.quantity) for lot in delivery.lots]
            _send_one(act, delivery, places[delivery.code], lines, note)


def _send_one(act: Act, delivery: Delivery, place_id: int, lines: list[NewLine], note: str) -> None:
    new = NewBatch("delivery", delivery.sent_on, place_id, note=note, due_back_on=delivery.due_back_on)
    batch = commands.draft(act, new)
    commands.add_lines(act, batch.id, lines)
    commands.dispatch(act, batch.id, delivery.sent_on)
    commands.receive(act, batch.id, delivery.sent_on)


def _enter_teachers(act: Act, plan: Plan, points: dict[str, int]) -> None:
    """One person for one name with one phone; without a phone nobody can say that two are the same."""
    people = people_with(act.network_id, sorted({one.phone for one in plan.teachers if one.phone}))
    for one in plan.teachers:
        key = (one.name, one.phone or "")
        person_id = people.get(key) if one.phone else None
        if person_id is None:
            person_id = access.add_person(act, one.name, one.phone)
            access.make_link(act, person_id)
            people[key] = person_id
        access.answers_for(act, person_id, points[one.code], plan.day)
