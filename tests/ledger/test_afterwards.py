"""Logged afterwards (补录): one command writes every step of a batch with the days on which they happened."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import month_of
from branchnet.errors import BranchNetError, CopiesElsewhere, TooEarly
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchEvent, Discrepancy, Entry, Lot, ServicePoint
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.support.world import COPIES, COUNTED, World, build_world

Told = batches.Afterwards
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided in Python alone: the histories take the same command through both engines."""


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def told(world: World, copies: int = 420, **more: Any) -> Told:
    given = {"kind": "delivery", "sent_on": on(world, 5), "to_place_id": world.place_ids[0]}
    lines = [batches.NewLine(world.counted_lot_id, copies)]
    return Told(**{**given, "lines": lines, **more})


def log(world: World, told: Told) -> batches.Logged:
    with transaction():
        return batches.log_afterwards(world.act, told)


def steps(batch_id: int | None) -> list[tuple[str, date, int | None]]:
    rows = db.session.query(BatchEvent).filter_by(batch_id=batch_id).order_by(BatchEvent.id)
    return [(row.step, row.happened_on, row.copies) for row in rows]


def at(world: World, *places: int) -> list[int]:
    shelf = central_place(world.network_id, "shelf")
    found = copies_at(world.network_id, [shelf, *places])
    return [found.get(place, 0) for place in (shelf, *places)]


def test_a_delivery_collected_the_same_day_is_one_call(world: World) -> None:
    day = on(world, 5)
    done = log(world, told(world, received_on=day, collected_on=day, restocked_on=day))
    assert steps(done.batch_id) == [
        ("drafted", day, None),
        ("dispatched", day, 420),
        ("received", day, 420),
        ("closed", day, None),
    ]
    assert [step for step, _day, _copies in steps(done.return_id)] == ["drafted", "dispatched", "received", "closed"]
    assert at(world, world.place_ids[0]) == [COUNTED + COPIES, 0]
    assert db.session.get_one(Batch, done.batch_id).collected_on == day
    assert (done.differences, done.opening_number) == ((), None)


def test_every_step_has_its_own_day_and_its_own_count(world: World) -> None:
    days = [on(world, day) for day in (5, 6, 36, 37, 38, 40)]
    named = dict(
        zip(("received_on", "collected_on", "counted_in_on", "scanned_on", "restocked_on"), days[1:], strict=True)
    )
    done = log(world, told(world, received=418, counted_in=417, boxes=9, due_back_on=on(world, 35), **named))
    assert [day for step, day, _copies in steps(done.batch_id) if step in ("dispatched", "received")] == days[:2]
    back = steps(done.return_id)
    assert back[1:] == [
        ("dispatched", days[2], 418),
        ("counted_in", days[3], 417),
        ("scanned", days[4], 418),
        ("restocked", days[5], 418),
    ]
    # One fewer was counted at the door than one press says was scanned: open, until somebody knows.
    assert len(done.differences) == 2
    (case,) = db.session.query(Discrepancy).filter_by(batch_id=done.batch_id).all()
    assert (case.kind, case.quantity, case.id) == ("short", 2, done.differences[0])
    recorded = {row.recorded_at.date() for row in db.session.query(BatchEvent).filter_by(batch_id=done.batch_id)}
    assert recorded != {days[0]}, "the day it happened is not the day it was recorded"


@ON_SQLITE
def test_what_is_not_known_stays_on_the_road_or_out(world: World) -> None:
    road = log(world, told(world, 10))
    out = log(world, told(world, 20, received_on=on(world, 6)))
    states = [(db.session.get_one(Batch, done.batch_id).state, done.return_number) for done in (road, out)]
    assert states == [("dispatched", None), ("closed", None)]
    assert db.session.get_one(Batch, out.batch_id).due_back_on == on(world, 5 + world.act.network.stay_days)


@ON_SQLITE
def test_a_return_and_a_rotation_from_the_notebook(world: World) -> None:
    """From point to point without touching the central library; what comes back is counted onto the shelf."""
    first, second = world.place_ids
    lines = [batches.NewLine(world.serial_lot_ids[0]), batches.NewLine(world.counted_lot_id, 40)]
    day = on(world, 6)
    log(world, told(world, lines=lines, kind="allocation", received_on=day))
    ends = {"from_place_id": first, "to_place_id": second}
    log(world, told(world, lines=lines, kind="rotation", sent_on=day, received_on=day, **ends))
    assert at(world, first, second) == [COUNTED + COPIES - 41, 0, 41]
    back = Told("return", on(world, 9), from_place_id=second, lines=lines, received_on=on(world, 9), received=40)
    done = log(world, back)
    assert at(world, first, second) == [COUNTED + COPIES, 0, 0], "nobody knows which is missing: the box moved whole"
    assert [case.quantity for case in db.session.query(Discrepancy)] == [1]
    assert db.session.get_one(Batch, done.batch_id).state == "received"


@ON_SQLITE
def test_days_out_of_order_name_the_field_and_the_earliest_day(world: World) -> None:
    with pytest.raises(TooEarly) as refusal:
        log(world, told(world, received_on=on(world, 6), collected_on=on(world, 4)))
    assert (refusal.value.data["fields"], refusal.value.data["earliest"]) == (
        {"collected_on": "too_early"},
        on(world, 6),
    )
    with pytest.raises(TooEarly) as refusal:
        log(world, told(world, due_back_on=on(world, 4)))
    assert refusal.value.data["fields"] == {"due_back_on": "too_early"}


@ON_SQLITE
def test_what_cannot_be_is_told_by_field_and_leaves_nothing(world: World) -> None:
    ahead, day = world.act.today() + timedelta(days=1), on(world, 6)
    refused: list[tuple[dict[str, Any], set[str]]] = [
        ({"received_on": ahead}, {"received_on"}),
        ({"collected_on": day}, {"received_on"}),
        ({"received_on": day, "restocked_on": day}, {"collected_on"}),
        ({"kind": "allocation", "received_on": day, "collected_on": day}, {"collected_on"}),
        ({"received": 5}, {"received_on"}),
        ({"terms": "gift"}, {"terms"}),
        ({"to_place_id": None}, {"to"}),
        ({"kind": "rotation"}, {"from"}),
        ({"kind": "return", "to_place_id": None}, {"from"}),
        ({"kind": "allocation", "due_back_on": day}, {"due_back_on"}),
        ({"boxes": 0}, {"boxes"}),
        ({"unlisted": [NewLot("旧书", 9)]}, {"from_before"}),
        ({"received_on": day, "received": 0}, {"received"}),
        ({"kind": "opening"}, {"kind"}),
        ({"lines": [batches.NewLine(world.counted_lot_id, -1)], "from_before": True}, {"quantity"}),
        ({"unlisted": [NewLot("旧书", 0)], "from_before": True}, set()),
        ({"unlisted": [NewLot("旧书", barcode="1"), NewLot("旧书", barcode="1")], "from_before": True}, set()),
    ]
    before = db.session.query(Entry).count()
    for more, fields in refused:
        with pytest.raises(BranchNetError) as refusal:
            log(world, told(world, 20, **more))
        assert set(refusal.value.data.get("fields", ())) == fields, more
    assert (db.session.query(Entry).count(), db.session.query(Batch).count()) == (before, 1)


@ON_SQLITE
def test_a_number_for_all_says_nothing_of_different_boxes(world: World) -> None:
    lines = [batches.NewLine(world.counted_lot_id, 10, 1), batches.NewLine(world.counted_lot_id, 10, 2)]
    with pytest.raises(BranchNetError) as refusal:
        log(world, told(world, lines=lines, received_on=on(world, 6), received=19))
    assert refusal.value.data["fields"] == {"received": "count_by_box"}
    done = log(world, told(world, lines=lines, received_on=on(world, 6), counts={1: 10, 2: 9}))
    assert len(done.differences) == 1


@ON_SQLITE
def test_backdating_names_the_day_before_which_nothing_moves(world: World) -> None:
    """A copy that came back on a day was not there before it."""
    copy = [batches.NewLine(world.serial_lot_ids[0])]
    back = {name: on(world, 20) for name in ("received_on", "collected_on", "restocked_on")}
    log(world, told(world, lines=copy, sent_on=on(world, 10), **back))
    with pytest.raises(TooEarly) as refusal:
        log(world, told(world, lines=copy, sent_on=on(world, 15)))
    assert refusal.value.data["earliest"] == on(world, 20)
    assert refusal.value.data["fields"] == {"sent_on": "too_early"}


def test_a_notebook_of_counted_books_may_be_logged_in_any_order(world: World) -> None:
    """Of copies that nobody tells apart some were there all the time; never more than were there that day."""
    away = {"received_on": on(world, 10), "collected_on": on(world, 40), "restocked_on": on(world, 40)}
    log(world, told(world, 400, sent_on=on(world, 10), **away))
    log(world, told(world, COUNTED - 400, sent_on=on(world, 5), kind="allocation"))
    assert violations(world.network_id) == []
    with pytest.raises(TooEarly) as refusal:
        log(world, told(world, 1, sent_on=on(world, 20)))
    assert refusal.value.data["earliest"] == on(world, 40)
    with pytest.raises(TooEarly):
        log(world, told(world, 1, sent_on=on(world, 5)))
    log(world, told(world, 400, sent_on=on(world, 40)))
    with pytest.raises(CopiesElsewhere):
        log(world, told(world, 1, sent_on=on(world, 5)))
    assert violations(world.network_id) == []


@ON_SQLITE
def test_a_closed_month_keeps_the_true_day_on_the_event(world: World) -> None:
    with transaction():
        lock_through(world.act, month_of(world.begun_on))
    day = on(world, 5)
    done = log(world, told(world, received_on=day, collected_on=day, restocked_on=day))
    entries = db.session.query(Entry).filter(Entry.batch_id.in_([done.batch_id, done.return_id])).all()
    assert {entry.happened_on for entry in entries} == {day}
    assert month_of(world.begun_on) not in {month_of(entry.posted_on) for entry in entries}
    assert db.session.get_one(Batch, done.batch_id).state == "closed"


def test_books_from_before_come_in_as_a_marked_opening(world: World) -> None:
    """A library that never took its stock in: what is missing was there, at least; nothing is invented silently."""
    day = on(world, 5)
    back = {"received_on": day, "collected_on": day, "restocked_on": day}
    with pytest.raises(CopiesElsewhere):
        log(world, told(world, COUNTED + 80, **back))
    books = [NewLot("旧绘本", quantity=30)]
    first = log(world, told(world, COUNTED + 80, from_before=True, unlisted=books, **back))
    opening = db.session.query(Batch).filter_by(number=first.opening_number).one()
    assert (opening.kind, opening.received_on) == ("opening", day)
    lots = db.session.query(Lot).filter(Lot.quality == "at_least").order_by(Lot.id).all()
    assert [lot.title for lot in lots] == ["故事书一批", "旧绘本"]
    assert db.session.get_one(Lot, world.counted_lot_id).quality == "exact", "what was counted stays counted"
    assert at(world, world.place_ids[0]) == [COUNTED + 110 + COPIES, 0]
    again = log(world, told(world, COUNTED + 90, from_before=True, unlisted=books, **back))
    assert at(world, world.place_ids[0]) == [COUNTED + 120 + COPIES, 0], "only what is missing now comes in"
    assert db.session.query(Lot).filter(Lot.quality == "at_least").count() == 2
    assert again.opening_number is not None


@ON_SQLITE
def test_books_from_before_at_a_point_that_is_closed(world: World) -> None:
    """They are fetched after it closed, and stood there on its last day."""
    with transaction() as session:
        session.get_one(ServicePoint, world.point_ids[1]).closed_on = on(world, 20)
    fetched = Told(
        "return",
        on(world, 30),
        from_place_id=world.place_ids[1],
        unlisted=[NewLot("旧书", quantity=60)],
        from_before=True,
        received_on=on(world, 30),
    )
    done = log(world, fetched)
    opening = db.session.query(Batch).filter_by(number=done.opening_number).one()
    assert opening.received_on == on(world, 19)
    assert at(world, world.place_ids[1]) == [COUNTED + COPIES + 60, 0]


@ON_SQLITE
def test_sent_twice_it_is_logged_once(world: World) -> None:
    day = on(world, 5)
    whole = told(world, received_on=day, collected_on=day)

    def effect() -> dict[str, Any]:
        return {"number": batches.log_afterwards(world.act, whole).number}

    first = perform(world.act, "notebook-0001", "afterwards", {"copies": 420}, effect)
    assert perform(world.act, "notebook-0001", "afterwards", {"copies": 420}, effect) == first
    assert db.session.query(Batch).filter_by(kind="delivery").count() == 1
