"""The audit trail is append-only, and whoever gets past that is found by the chain."""

import json

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from branchnet.access.audit import broken_at, counts, record, seal
from branchnet.extensions import db, transaction
from tests.support.tampering import tamper
from tests.support.world import World


@pytest.fixture
def sealed(world: World) -> int:
    """How many records were sealed, in two runs."""
    with transaction():
        first = seal(world.network_id)
    with transaction():
        record(world.act, "test.later", "person", world.teacher_id, field="phone")
    with transaction():
        assert seal(world.network_id) == 1
    with transaction():
        assert seal(world.network_id) == 0
    return first + 1


def test_a_whole_chain_is_whole(world: World, sealed: int) -> None:
    assert sealed > 2
    assert counts(world.network_id) == {"sealed": sealed, "unsealed": 0}
    assert broken_at(world.network_id) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_records SET action = 'nothing.happened'",
        "DELETE FROM audit_seals",
        "UPDATE audit_seals SET hash = ''",
    ],
)
def test_the_database_refuses_to_change_the_trail(world: World, sealed: int, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))
    assert broken_at(world.network_id) is None


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE audit_records SET action = 'nothing.happened' WHERE id = (SELECT audit_id {} 2)", 2),
        ("UPDATE audit_records SET person_id = NULL WHERE id = (SELECT audit_id {} {last})", None),
        ("UPDATE audit_seals SET hash = 'a' WHERE position = 1", 1),
        ("DELETE FROM audit_records WHERE id = (SELECT audit_id {} 1)", 1),
        ("DELETE FROM audit_records WHERE id = (SELECT audit_id {} {last})", None),
        ("DELETE FROM audit_seals WHERE position = 1", 2),
    ],
)
def test_what_was_changed_all_the_same_is_found(
    world: World, sealed: int, database_url: str, statement: str, position: int | None
) -> None:
    tamper(database_url, statement.format("FROM audit_seals WHERE position =", last=sealed))
    assert broken_at(world.network_id) == (position or sealed)


def test_the_command_says_so_with_its_exit_code(app: Flask, world: World, sealed: int, database_url: str) -> None:
    commands = app.test_cli_runner()
    well = commands.invoke(args=["audit", "check", "--json"])
    assert (well.exit_code, json.loads(well.output)["ok"]) == (0, True)
    db.session.remove()
    tamper(database_url, "UPDATE audit_records SET subject = 'nobody' WHERE id = 1")
    ill = commands.invoke(args=["audit", "check", "--json"])
    assert ill.exit_code == 1
    assert json.loads(ill.output)["networks"][0]["broken_at"] == 1
    assert "BROKEN at seal 1" in commands.invoke(args=["audit", "check"]).output
