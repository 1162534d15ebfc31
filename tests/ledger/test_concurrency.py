"""Two people at once, on real connections: one wins, the other is told which copies and where they are now."""

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import end_exception, grant_exception, lock_through
from branchnet.calendar.rules import month_of
from branchnet.errors import BranchNetError, CopiesElsewhere
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Entry, LockException
from branchnet.stock.queries import copies_at, differences
from tests.support.world import World, build_world

ROUNDS = 5


def at_once(app: Flask, *commands: Callable[[], Any]) -> list[Any]:
    """Run the commands at the same moment, each on a connection of its own; what each returned or raised."""
    barrier = threading.Barrier(len(commands))
    results: list[Any] = [None] * len(commands)

    def run(number: int, command: Callable[[], Any]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[number] = command()
            except BranchNetError as error:
                results[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number, command)) for number, command in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def drafted(world: World, lots: list[int], day: date) -> int:
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(lot_id) for lot_id in lots])
        return batch.id


def sending(world: World, batch_id: int, day: date) -> Callable[[], dict[str, Any]]:
    def effect() -> dict[str, Any]:
        batches.dispatch(world.act, batch_id, day)
        return {"batch": batch_id}

    key = uuid.uuid4().hex
    return lambda: perform(world.act, key, "dispatch", {"batch": batch_id}, effect)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_of_two_clerks_gets_the_copies(app: Flask, _round: int) -> None:
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    with app.app_context():
        ours = drafted(world, list(world.serial_lot_ids), day)
        theirs = drafted(world, list(reversed(world.serial_lot_ids)), day)
        db.session.remove()
    results = at_once(app, sending(world, ours, day), sending(world, theirs, day))
    (refusal,) = [result for result in results if isinstance(result, CopiesElsewhere)]
    (winner,) = [result for result in results if isinstance(result, dict)]
    with app.app_context():
        told = {lot["lot_id"]: lot["now"].places for lot in refusal.data["lots"]}
        assert told.keys() == set(world.serial_lot_ids)
        won = db.session.get_one(Batch, winner["batch"])
        assert {place.place_id for places in told.values() for place in places} == {won.transit_place_id}
        assert violations(world.network_id) == differences(world.network_id) == []
        db.session.remove()


def test_a_counted_lot_is_never_oversold(app: Flask) -> None:
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    with app.app_context():
        ids = []
        for _ in range(4):
            with transaction():
                batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
                batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 200)])
                ids.append(batch.id)
        db.session.remove()
    results = at_once(app, *(sending(world, batch_id, day) for batch_id in ids))
    assert sum(isinstance(result, dict) for result in results) == 2
    assert sum(isinstance(result, CopiesElsewhere) for result in results) == 2
    with app.app_context():
        assert violations(world.network_id) == []
        db.session.remove()


def test_a_double_tap_sends_once(app: Flask) -> None:
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    with app.app_context():
        batch_id = drafted(world, list(world.serial_lot_ids), day)
        db.session.remove()
    send = sending(world, batch_id, day)
    assert at_once(app, *[send] * 6) == [{"batch": batch_id}] * 6
    with app.app_context():
        assert db.session.query(Entry).filter_by(verb="dispatch").count() == 1
        db.session.remove()


def test_crossing_rotations_do_not_deadlock(app: Flask) -> None:
    """Two batches that take the same counted lot both ways between two points: both go through."""
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    here, there = world.place_ids
    with app.app_context():
        for place in (here, there):
            with transaction():
                batch = batches.draft(world.act, batches.NewBatch("allocation", day, place))
                batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 100)])
                batches.dispatch(world.act, batch.id, day)
                batches.receive(world.act, batch.id, day)
        db.session.remove()

    def rotate(start: int, end: int) -> Callable[[], dict[str, Any]]:
        def effect() -> dict[str, Any]:
            batch = batches.draft(world.act, batches.NewBatch("rotation", day, end, start))
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 10)])
            batches.dispatch(world.act, batch.id, day)
            batches.receive(world.act, batch.id, day)
            return {"ok": True}

        key = uuid.uuid4().hex
        return lambda: perform(world.act, key, "rotate", {}, effect)

    results = at_once(app, *(rotate(*ends) for ends in [(here, there), (there, here)] * 3))
    assert results == [{"ok": True}] * 6
    with app.app_context():
        assert copies_at(world.network_id, world.place_ids) == {here: 100, there: 100}
        db.session.remove()


def test_nothing_is_posted_into_a_month_while_it_is_locked(app: Flask) -> None:
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    with app.app_context():
        batch_id = drafted(world, list(world.serial_lot_ids), day)
        db.session.remove()

    def lock() -> str:
        with transaction():
            lock_through(world.act, month_of(day))
        return "locked"

    at_once(app, sending(world, batch_id, day), lock)
    with app.app_context():
        entry = db.session.query(Entry).filter_by(verb="dispatch").one()
        locked = world.act.network.locked_through
        assert locked == month_of(day)
        later = month_of(entry.posted_on) > locked
        assert entry.happened_on == day
        assert later or entry.posted_on == day
        db.session.remove()


def test_an_exception_ends_before_or_after_what_is_posted_by_it(app: Flask) -> None:
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    with app.app_context():
        batch_id = drafted(world, list(world.serial_lot_ids), day)
        with transaction():
            lock_through(world.act, month_of(day))
            exception_id = grant_exception(world.act, month_of(day), None, "补记", world.act.today())
        db.session.remove()

    def end() -> str:
        with transaction():
            end_exception(world.act, exception_id)
        return "ended"

    at_once(app, sending(world, batch_id, day), end)
    with app.app_context():
        entry = db.session.query(Entry).filter_by(verb="dispatch").one()
        ended_at = db.session.get_one(LockException, exception_id).ended_at
        assert ended_at is not None
        # The one that was second saw what the first had done.
        assert (entry.posted_on == day) == (entry.recorded_at < ended_at)
        db.session.remove()
