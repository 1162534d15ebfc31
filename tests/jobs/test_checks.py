"""What the checks of ledger and batches find, and that they find nothing where all is well."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.models import BatchEvent, Discrepancy
from branchnet.points.queries import central_place
from tests.support.queries import QueryCounter
from tests.support.tampering import tamper
from tests.support.world import World


def found(world: World) -> set[str]:
    db.session.rollback()
    return {row["check"] for row in violations(world.network_id)}


def test_nothing_is_found_along_a_batchs_whole_life(world: World, on_the_road: int) -> None:
    day = world.begun_on + timedelta(days=3)
    assert found(world) == set()
    with transaction():
        (short,) = batches.receive(world.act, on_the_road, day, {1: 28})
    assert found(world) == set()
    with transaction():
        batches.receive(world.act, on_the_road, day)
        batches.resolve(world.act, short, "lost", day)
    assert found(world) == set()
    with transaction():
        back = batches.collect(world.act, on_the_road, day).id
    with transaction():
        batches.scan(world.act, back, day)
    assert found(world) == set()
    with transaction():
        batches.restock(world.act, back, day)
    assert found(world) == set()


def test_nothing_is_found_after_reversals_and_surplus(world: World, on_the_road: int) -> None:
    day = world.begun_on + timedelta(days=3)
    with transaction():
        (over,) = batches.receive(world.act, on_the_road, day, {1: 33})
    with transaction():
        batches.resolve(world.act, over, "surplus", day)
    assert db.session.get_one(Discrepancy, over).resolution == "surplus"
    assert found(world) == set()
    with transaction():
        batches.receive(world.act, on_the_road, day)
    received = db.session.scalars(
        select(BatchEvent.id).where(BatchEvent.step == "received").order_by(BatchEvent.id.desc())
    ).first()
    assert received is not None
    with transaction():
        batches.reverse_step(world.act, on_the_road, received, "数错了")
    assert found(world) == set()


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE holdings SET quantity = quantity + 1 WHERE quantity = 30", "holding_differs"),
        ("UPDATE holdings SET last_on = last_on + 1 WHERE quantity = 30", "holding_differs"),
        ("DELETE FROM holdings WHERE quantity = 30", "lot_total"),
        ("UPDATE moves SET quantity = 31 WHERE quantity = 30", "sent_differs"),
        ("UPDATE batch_lines SET quantity = 29 WHERE quantity = 30", "road_differs"),
        ("UPDATE boxes SET counted_on = 20000 WHERE number = 1", "road_differs"),
        ("UPDATE moves SET batch_id = NULL WHERE quantity = 30", "foreign_on_the_road"),
        ("UPDATE batches SET state = 'cancelled' WHERE state = 'dispatched'", "sent_differs"),
        ("UPDATE batches SET received_on = dispatched_on WHERE state = 'dispatched'", "dates_missing"),
        ("UPDATE moves SET lot_id = 999 WHERE quantity = 30", "crosses_networks"),
        ("UPDATE entries SET reverses_id = 1 WHERE verb = 'dispatch'", "entry_incomplete"),
        ("DELETE FROM moves WHERE reason = 'dispatch'", "entry_incomplete"),
    ],
)
def test_what_was_written_behind_the_ledgers_back_is_found(
    world: World, on_the_road: int, database_url: str, statement: str, check: str
) -> None:
    assert found(world) == set()
    tamper(database_url, statement.replace("counted_on = 20000", "counted_on = 20000, copies = 30, entry_id = 2"))
    assert check in found(world)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE discrepancies SET quantity = 3 WHERE resolution = 'lost'", "case_unmoved"),
        ("UPDATE discrepancies SET entry_id = NULL WHERE resolution = 'lost'", "case_unmoved"),
        ("UPDATE disposal_lines SET quantity = 3", "withdrawn_unlisted"),
        ("UPDATE disposals SET state = 'cancelled', entry_id = NULL", "withdrawn_unlisted"),
        ("UPDATE moves SET from_place_id = 999 WHERE reason = 'withdrawn'", "withdrawn_unlisted"),
        ("UPDATE repairs SET quantity = 4", "repair_differs"),
        ("UPDATE repairs SET begun_entry_id = 1", "repair_differs"),
    ],
)
def test_losses_written_behind_the_ledgers_back_are_found(
    world: World, database_url: str, statement: str, check: str
) -> None:
    day, shelf = world.begun_on + timedelta(days=3), central_place(world.network_id, "shelf")
    with transaction():
        for kind, end in (("short", "lost"), ("damaged", "repaired")):
            case_id = batches.report(world.act, shelf, kind, 2, day, world.counted_lot_id)
            batches.resolve(world.act, case_id, end, day)
        batches.approve_disposal(world.act, batches.draft_disposal(world.act, day).id, "7号", day)
    assert found(world) == set()
    tamper(database_url, statement)
    assert check in found(world)


def test_a_copy_at_the_wrong_place_is_found(world: World, on_the_road: int, database_url: str) -> None:
    lot, shelf = world.serial_lot_ids[0], "(SELECT id FROM places WHERE kind = 'shelf')"
    tamper(database_url, f"UPDATE holdings SET quantity = 0 WHERE lot_id = {lot} AND quantity = 1")
    tamper(database_url, f"UPDATE holdings SET quantity = 1 WHERE lot_id = {lot} AND place_id = {shelf}")
    rows = [row for row in violations(world.network_id) if row["check"] == "holding_differs"]
    assert {(row["lot_id"], row["held"], row["by_moves"]) for row in rows} == {(lot, 0, 1), (lot, 1, 0)}


def test_another_networks_trouble_is_not_this_ones(world: World, on_the_road: int, database_url: str) -> None:
    tamper(database_url, "UPDATE holdings SET quantity = quantity + 1 WHERE quantity = 30")
    assert violations(world.network_id + 1) == []


def test_few_statements_however_many_rows(world: World, on_the_road: int, query_counter: QueryCounter) -> None:
    query_counter.reset()
    violations(world.network_id)
    assert query_counter.count == 23


def test_the_command_says_so_with_its_exit_code(app: Flask, world: World, on_the_road: int, database_url: str) -> None:
    runner = app.test_cli_runner()
    well = runner.invoke(args=["ledger", "check", "--json"])
    assert (well.exit_code, json.loads(well.output)["ok"]) == (0, True)
    # The command read in this test's own session, which would go on seeing what it saw.
    db.session.rollback()
    tamper(database_url, "UPDATE holdings SET quantity = 31 WHERE quantity = 30")
    ill = runner.invoke(args=["ledger", "check", "--network", world.slug, "--json"])
    told = json.loads(ill.output)
    assert (ill.exit_code, told["ok"]) == (1, False)
    road = [row for row in told["networks"][0]["violations"] if row["check"] == "road_differs"]
    assert [(row["moved"], row["held"], row["expected"]) for row in road] == [(30, 31, 30)]
    assert "holding_differs" in runner.invoke(args=["ledger", "check"]).output


def test_the_command_knows_when_there_is_no_such_network(app: Flask, world: World) -> None:
    assert app.test_cli_runner().invoke(args=["ledger", "check", "--network", "nowhere"]).exit_code == 2
