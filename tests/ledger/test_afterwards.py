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
from branchnet.errors import BranchNetError, CopiesElsewhere, Invalid, TooEarly
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchEvent, Box, Discrepancy, Entry, Holding, Lot, ServicePoint
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.support.world import COUNTED, World, build_world

Told = batches.Afterwards


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def log(world: World, told: Told) -> batches.Logged:
    with transaction():
        return batches.log_afterwards(world.act, told)


def told(world: World, copies: int = 420, **more: Any) -> Told:
    given = {"kind": "delivery", "sent_on": on(world, 5), "to_place_id": world.place_ids[0]}
    lines = [batches.NewLine(world.counted_lot_id, copies)]
    return Told(**{**given, "lines": lines, **more})


def life(batch_id: int | None) -> list[tuple[str, date, int | None]]:
    rows = db.session.query(BatchEvent).filter_by(batch_id=batch_id).order_by(BatchEvent.id)
    return [(row.step, row.happened_on, row.copies) for row in rows]


def test_a_delivery_collected_the_same_day_is_one_call(world: World) -> None:
    day = on(world, 5)
    done = log(world, told(world, received_on=day, collected_on=day, restocked_on=day))
    assert life(done.batch_id) == [
        ("drafted", day, None),
        ("dispatched", day, 420),
        ("received", day, 420),
        ("closed", day, None),
    ]
    assert [step for step, _day, _copies in life(done.return_id)] == ["drafted", "dispatched", "received", "closed"]
    shelf = central_place(world.network_id, "shelf")
    assert copies_at(world.network_id, [shelf, world.place_ids[0]]) == {shelf: COUNTED + 12}
    assert db.session.get_one(Batch, done.batch_id).collected_on == day
    assert (done.differences, done.opening_number) == ((), None)
