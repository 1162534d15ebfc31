"""What copies are worth, and what of them the network owns: gift against deposit."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.queries.worth import Worth, assets_of_network, gifts_at_points, worth_at_places, worth_of_batch
from branchnet.extensions import db, transaction
from branchnet.models import BatchEvent
from branchnet.points.queries import central_place
from branchnet.stock.rules import NewLot
from tests.support.queries import QueryCounter
from tests.support.world import COPIES, COUNTED, World, build_world

ALL = COUNTED + COPIES


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def send(world: World, new: batches.NewBatch, *lines: batches.NewLine) -> int:
    with transaction():
        batch = batches.draft(world.act, new)
        batches.add_lines(world.act, batch.id, lines)
        batches.dispatch(world.act, batch.id, new.drafted_on)
        batches.receive(world.act, batch.id, new.drafted_on)
        return batch.id


def test_a_gift_leaves_the_assets_and_stays_in_copies_on_site(world: World) -> None:
    first, second = world.place_ids
    copy, books = batches.NewLine(world.serial_lot_ids[0]), batches.NewLine(world.counted_lot_id, 30)
    batch_id = send(world, batches.NewBatch("allocation", on(world, 5), first, terms="gift"), copy, books)
    send(world, batches.NewBatch("allocation", on(world, 5), first), batches.NewLine(world.counted_lot_id, 20))
    assert (assets_of_network(world.network_id).copies, gifts_at_points(world.network_id).copies) == (ALL - 31, 31)
    assert worth_at_places(world.network_id, [first, second]) == {first: Worth(51, None, 51)}
    # What was left as a deposit moves on, and is no gift there; the gift of it stays.
    send(world, batches.NewBatch("rotation", on(world, 6), second, first), batches.NewLine(world.counted_lot_id, 20))
    assert gifts_at_points(world.network_id).copies == 31
    # A copy that was given comes back, and goes out again as a deposit.
    send(world, batches.NewBatch("return", on(world, 7), None, first), copy)
    send(world, batches.NewBatch("allocation", on(world, 8), first), copy)
    assert assets_of_network(world.network_id).copies == ALL - 30
    send(world, batches.NewBatch("return", on(world, 9), None, first), copy, books)
    assert assets_of_network(world.network_id).copies == ALL
    assert worth_of_batch(world.network_id, batch_id).copies == 31


def test_a_gift_taken_back_is_an_asset_again(world: World) -> None:
    first = world.place_ids[0]
    books = batches.NewLine(world.counted_lot_id, 30)
    batch_id = send(world, batches.NewBatch("allocation", on(world, 5), first, terms="gift"), books)
    event = db.session.query(BatchEvent).filter_by(batch_id=batch_id, step="received").one()
    with transaction():
        batches.reverse_step(world.act, batch_id, event.id, "签错了")
    assert (assets_of_network(world.network_id).copies, gifts_at_points(world.network_id).copies) == (ALL, 0)


def test_unknown_prices_are_told_and_never_zero(world: World) -> None:
    shelf = central_place(world.network_id, "shelf")
    assert worth_at_places(world.network_id, [shelf])[shelf] == Worth(ALL, None, ALL)
    lots = [
        NewLot("贵书", 90_000, price_fen=99_900),
        NewLot("旧书", 7, quality="at_least"),
        NewLot("校产", 4, owner="school"),
    ]
    with transaction():
        taken = batches.take_in(world.act, "accession", lots, on(world, 5), world.place_ids[1])
    worth = Worth(90_011, 90_000 * 99_900, 11, "at_least")
    assert worth_of_batch(world.network_id, taken.batch.id) == worth
    assert worth_at_places(world.network_id, [world.place_ids[1]]) == {world.place_ids[1]: worth}
    assert assets_of_network(world.network_id) == Worth(ALL + 90_007, 90_000 * 99_900, ALL + 7, "at_least")
    assert worth_of_batch(world.network_id, 0) == Worth(0, 0, 0)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_one_statement_whatever_the_number(world: World, query_counter: QueryCounter) -> None:
    query_counter.reset()
    worth_at_places(world.network_id, [*world.place_ids, central_place(world.network_id, "shelf")])
    assets_of_network(world.network_id)
    assert query_counter.count == 3
