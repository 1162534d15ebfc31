"""Exchange visits (换书): so many brought, so many taken back, so many short; two batches and one open matter."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches import queries
from branchnet.batches.checks import violations
from branchnet.errors import Conflict, CopiesElsewhere, Invalid
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchEvent, Discrepancy, StaleFact
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from tests.support.tampering import tamper
from tests.support.world import COPIES, COUNTED, World, build_world

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided in Python alone: the histories take the same command through both engines."""
OUT = 100


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A hundred counted copies and three barcoded ones are out at the first point, as a delivery."""
    made = build_world(app)
    with app.app_context():
        lines = [batches.NewLine(made.counted_lot_id, OUT), *(batches.NewLine(lot) for lot in made.serial_lot_ids[:3])]
        with transaction():
            batches.log_afterwards(
                made.act,
                batches.Afterwards("delivery", on(made, 5), made.place_ids[0], lines=lines, received_on=on(made, 6)),
            )
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def visit(world: World, brought: int | batches.Brought = 80, **more: Any) -> batches.Exchanged:
    if isinstance(brought, int):
        brought = batches.Brought(lines=[batches.NewLine(world.counted_lot_id, brought)])
    given = {"place_id": world.place_ids[0], "happened_on": on(world, 35), "brought": brought}
    with transaction():
        return batches.exchange(world.act, batches.Visit(**{**given, **more}))


def at_point(world: World) -> int:
    return copies_at(world.network_id, [world.place_ids[0]]).get(world.place_ids[0], 0)


def batch(number: str) -> Batch:
    return db.session.query(Batch).filter_by(number=number).one()


def test_exchange_visit_so_many_brought_so_many_taken(world: World) -> None:
    """All was meant to come and two were not found: they stay there in the books, and both ends see it."""
    done = visit(world, everything=True, short={world.counted_lot_id: 2})
    row = queries.exchange_of(world.network_id, done.exchange_id)
    assert (row.brought, row.taken, row.short, row.open) == (80, OUT + 3 - 2, 2, 2)
    assert (batch(done.outgoing).state, batch(done.returning).state) == ("dispatched", "dispatched")
    assert at_point(world) == 2, "what was brought is not there before somebody says so"
    # What is brought may be of the lot that is short: it is on the road, and the case is of what stands there.
    [case] = queries.cases_at(world.network_id, world.place_ids[0], on(world, 0))
    assert (case.kind, case.quantity, case.batch, case.title) == ("short", 2, done.returning, "故事书一批")
    delivery = db.session.get_one(Batch, batch(done.returning).settles_id)
    assert delivery.collected_on == on(world, 35), "but for what is short, all of it was fetched"
    assert queries.exchange_with(world.network_id, batch(done.outgoing).id) == row
    assert queries.exchange_with(world.network_id, batch(done.returning).id) == row
    assert queries.exchanges_at(world.network_id, world.place_ids[0]) == [row]


def test_one_of_two_short_is_found_and_comes_back_with_the_next_visit(world: World) -> None:
    done = visit(world, brought=50, everything=True, short={world.counted_lot_id: 2})
    with transaction():
        batches.receive(world.act, batch(done.outgoing).id, on(world, 36))
    assert at_point(world) == 52
    # The next visit expects what was brought, and not what is known to be missing.
    again = visit(world, brought=10, happened_on=on(world, 66), everything=True)
    row = queries.exchange_of(world.network_id, again.exchange_id)
    assert (row.taken, row.short) == (50, 0)
    assert at_point(world) == 2
    [short] = queries.shorts_of(world.network_id, batch(done.returning).id)
    with transaction():
        batches.resolve(world.act, short.id, "found", on(world, 67))
    third = visit(world, brought=5, happened_on=on(world, 68), everything=True, short={world.counted_lot_id: 1})
    row = queries.exchange_of(world.network_id, third.exchange_id)
    assert (row.taken, row.short, row.open) == (1, 1, 1)
    [lost] = queries.shorts_of(world.network_id, batch(third.returning).id)
    with transaction():
        batches.resolve(world.act, lost.id, "lost", on(world, 69))
    assert at_point(world) == 0
    assert copies_at(world.network_id, [central_place(world.network_id, "lost")]) == {
        central_place(world.network_id, "lost"): 1
    }
    assert queries.exchange_of(world.network_id, third.exchange_id).open == 0


@ON_SQLITE
def test_copies_that_were_not_seen_are_short_by_name(world: World) -> None:
    seen = [batches.NewLine(lot) for lot in world.serial_lot_ids[:2]]
    done = visit(world, everything=True, taken=seen)
    [short] = queries.shorts_of(world.network_id, batch(done.returning).id)
    assert (short.barcode, short.quantity) == (world.barcodes[2], 1)
    assert queries.exchange_of(world.network_id, done.exchange_id).taken == OUT + 2


@ON_SQLITE
def test_a_part_is_taken_and_the_delivery_stays(world: World) -> None:
    done = visit(world, taken=[batches.NewLine(world.counted_lot_id, 60)], shelved=True)
    row = queries.exchange_of(world.network_id, done.exchange_id)
    assert (row.taken, row.short, row.returning_state) == (60, 0, "closed")
    assert batch(done.returning).settles_id is None
    assert at_point(world) == OUT + 3 - 60
    shelf = central_place(world.network_id, "shelf")
    assert copies_at(world.network_id, [shelf]) == {shelf: COUNTED + COPIES - OUT - 3 + 60 - 80}


@ON_SQLITE
def test_a_batch_that_was_ready_goes_along_and_is_counted_by_the_teacher(world: World) -> None:
    with transaction():
        ready = batches.draft(world.act, batches.NewBatch("allocation", on(world, 30), world.place_ids[0]))
        batches.add_lines(world.act, ready.id, [batches.NewLine(world.counted_lot_id, 40)])
        number, ready_id = ready.number, ready.id
        other = batches.draft(world.act, batches.NewBatch("allocation", on(world, 30), world.place_ids[1]))
        batches.add_lines(world.act, other.id, [batches.NewLine(world.counted_lot_id, 1)])
        other_id = other.id
    assert queries.ready_for(world.network_id, world.place_ids[0]) == [(number, 40)]
    with pytest.raises(Invalid, match="not_for_this_point"):
        visit(world, everything=True, brought=batches.Brought(other_id))
    done = visit(world, everything=True, brought=batches.Brought(ready_id, received=True, counted=39))
    assert (done.outgoing, batch(number).state) == (number, "received"), "one copy of it is still on the road"
    assert at_point(world) == 39
    with pytest.raises(Conflict, match="not_from_here"):
        visit(world, happened_on=on(world, 36), everything=True, brought=batches.Brought(ready_id))


@ON_SQLITE
@pytest.mark.parametrize(
    ("told", "error", "reason"),
    [
        ({}, Invalid, "nothing_taken"),
        ({"everything": True, "short": 101}, Invalid, "nothing_taken|short_not_there"),
        ({"everything": True, "short": 0}, Invalid, "quantity_not_positive"),
        ({"taken": [60], "short": 41}, Invalid, "short_not_there"),
        ({"taken": [101]}, CopiesElsewhere, "copies_elsewhere"),
        ({"everything": True, "happened_on": 4_000}, Invalid, "in_the_future"),
        ({"everything": True, "brought": 0}, Invalid, "nothing_brought|quantity"),
        ({"everything": True, "brought": 5_000}, CopiesElsewhere, "copies_elsewhere"),
    ],
)
def test_a_visit_that_cannot_have_been_is_refused_whole(
    world: World, told: dict[str, Any], error: type[Exception], reason: str
) -> None:
    given = dict(told)
    if "short" in given:
        given["short"] = {world.counted_lot_id: given["short"]}
    if "taken" in given:
        given["taken"] = [batches.NewLine(world.counted_lot_id, copies) for copies in given["taken"]]
    if "happened_on" in given:
        given["happened_on"] = on(world, given["happened_on"])
    before = db.session.query(Batch).count()
    with pytest.raises(error, match=reason):
        visit(world, **given)
    assert db.session.query(Batch).count() == before
    assert db.session.query(Discrepancy).count() == 0


@ON_SQLITE
def test_a_visit_whose_batch_is_another_points_is_found(world: World, database_url: str) -> None:
    done = visit(world, everything=True)
    tamper(database_url, f"UPDATE exchanges SET place_id = {world.place_ids[1]}")
    db.session.rollback()
    assert [row["check"] for row in violations(world.network_id)] == ["exchanges_differ"]
    tamper(database_url, f"UPDATE exchanges SET place_id = {world.place_ids[0]} WHERE id = {done.exchange_id}")
    db.session.rollback()


def test_what_was_taken_is_taken_back(world: World) -> None:
    """The books never left: nothing is short any more, and the delivery is still out."""
    done = visit(world, everything=True, short={world.counted_lot_id: 2})
    back = batch(done.returning)
    step = db.session.query(BatchEvent).filter_by(batch_id=back.id, step="dispatched").one()
    with transaction():
        db.session.query(StaleFact).delete()
        batches.reverse_step(world.act, back.id, step.id, "记错了")
    [short] = queries.shorts_of(world.network_id, back.id)
    assert short.resolution == "miscounted"
    assert at_point(world) == OUT + 3
    assert db.session.get_one(Batch, back.settles_id).collected_on is None
    assert db.session.query(StaleFact).filter_by(place_id=world.place_ids[0]).count() > 0
