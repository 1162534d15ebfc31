"""Cases that random histories found, each by its name."""

from datetime import timedelta

import pytest
from flask import Flask

from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, Invalid, TooEarly
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchEvent, Discrepancy
from tests.support.world import World, build_world


def sent(world: World, copies: int = 50) -> int:
    """A batch of one counted lot, loose, on the road to the first point."""
    day = world.begun_on + timedelta(days=5)
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, day)
        return batch.id


def take_back(act: Act, batch_id: int, step: str) -> None:
    with transaction():
        event = db.session.query(BatchEvent).filter_by(batch_id=batch_id, step=step).one()
        batches.reverse_step(act, batch_id, event.id, "记错了")


def test_a_sending_is_taken_back_after_a_difference_was_closed(app: Flask) -> None:
    world = build_world(app)
    with app.app_context():
        batch_id = sent(world)
        day = world.begun_on + timedelta(days=6)
        with transaction():
            batches.receive(world.act, batch_id, day, {0: 52})
        take_back(world.act, batch_id, "received")
        take_back(world.act, batch_id, "dispatched")
        assert db.session.query(Discrepancy).one().resolution == "miscounted"
        with transaction():
            batches.dispatch(world.act, batch_id, day)
            batches.receive(world.act, batch_id, day)
        assert db.session.get_one(Batch, batch_id).state == "closed"
        assert violations(world.network_id) == []
        db.session.remove()


def test_nothing_is_scanned_before_it_was_sent_though_both_months_are_closed(app: Flask) -> None:
    world = build_world(app)
    with app.app_context():
        first = sent(world)
        day = world.begun_on + timedelta(days=8)
        with transaction():
            batches.receive(world.act, first, day)
            back = batches.draft(world.act, batches.NewBatch("return", day, from_place_id=world.place_ids[0]))
            batches.add_lines(world.act, back.id, [batches.NewLine(world.counted_lot_id, 20)])
            lock_through(world.act, month_of(day))
            batches.dispatch(world.act, back.id, day)
            back_id = back.id
        for command in (batches.scan, batches.arrive):
            with pytest.raises(TooEarly), transaction():
                command(world.act, back_id, day - timedelta(days=1))
        assert violations(world.network_id) == []
        db.session.remove()


def test_a_copy_is_not_listed_twice_nor_surplus_of_itself(app: Flask) -> None:
    world = build_world(app)
    day = world.begun_on + timedelta(days=5)
    copy = world.serial_lot_ids[0]
    with app.app_context():
        with transaction():
            batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
            batches.add_lines(world.act, batch.id, [batches.NewLine(copy)])
            batch_id = batch.id
        with pytest.raises(Conflict, match="in_this_batch"), transaction():
            batches.add_lines(world.act, batch_id, [batches.NewLine(copy)])
        with transaction():
            batches.dispatch(world.act, batch_id, day)
            (case,) = batches.receive(world.act, batch_id, day, {0: 2})
        with pytest.raises(Invalid, match="copies_to_name"), transaction():
            batches.resolve(world.act, case, "surplus", day, {copy: 1})
        db.session.remove()
