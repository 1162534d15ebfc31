"""Each rule of the ledger is a constraint of the database, and each constraint is noticed when it is weakened."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from branchnet import create_app
from branchnet.config import Settings, driver_url
from branchnet.database import Base, prepare_sqlite
from branchnet.extensions import db
from branchnet.models import triggers
from tests.ledger.attempts import ATTEMPTS, attempt, build_scene
from tests.support.figures import note

WEAKENED = (
    "ck_holdings_quantity",
    "uq_holdings_copy_in_one_place",
    "ck_moves_quantity",
    "fk_moves_mirror",
    "uq_moves_network_id_reverses_id",
    "fk_moves_network_id_to_place_id",
    "trg_moves_no_update",
    "trg_moves_no_delete",
    "trg_reading_revisions_no_update",
    "fk_readings_current",
    "uq_operations_network_id_key",
    "uq_readings_month",
    "uq_batch_lines_copy_once",
)


def test_every_attempt_is_refused_by_its_constraint(app: Flask) -> None:
    scene = build_scene(app)
    for name, (table, _attempt) in ATTEMPTS.items():
        with pytest.raises(DBAPIError) as refusal:
            attempt(app, scene, name)
        assert isinstance(refusal.value, IntegrityError), (name, refusal.value)
        _names(str(refusal.value.orig), name, table)


def _names(message: str, name: str, table: str) -> None:
    """PostgreSQL names the constraint; SQLite names checks, and for the others the table or what they are."""
    if name.startswith("trg_"):
        assert f"{table} is append-only" in message, (name, message)
    elif name not in message:
        kinds = {"uq": f"UNIQUE constraint failed: {table}", "fk": "FOREIGN KEY constraint failed"}
        assert kinds[name[:2]] in message, (name, message)


@pytest.mark.parametrize("name", WEAKENED)
def test_a_weakened_constraint_is_noticed(name: str, new_database: Callable[..., str], engine_name: str) -> None:
    """Without it the very same attempt succeeds: nothing else stands guard, so its test would fail."""
    url = new_database(migrated=False)
    _make_without(url, name)
    app = create_app(Settings(env="testing", database_url=url))
    try:
        attempt(app, build_scene(app), name)
        note("weakened", name=name, engine=engine_name)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_truncate_and_replace_do_not_slip_past(app: Flask, engine_name: str) -> None:
    scene = build_scene(app)
    statement = (
        "TRUNCATE moves CASCADE" if engine_name == "postgresql" else "INSERT OR REPLACE INTO moves SELECT * FROM moves"
    )
    with app.app_context():
        with pytest.raises(IntegrityError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert scene.move["quantity"] == 1


def _make_without(url: str, name: str) -> None:
    """All tables as the models have them, less one constraint, index or trigger."""
    table, _attempt = ATTEMPTS[name]
    metadata = MetaData()
    for whole in Base.metadata.tables.values():
        whole.to_metadata(metadata)
    _weaken(metadata.tables[table], name)
    engine = create_engine(driver_url(url))
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    with engine.begin() as connection:
        metadata.create_all(connection)
        _triggers_without(connection, name)
    engine.dispose()


def _weaken(table: Table, name: str) -> None:
    if name.startswith("trg_"):
        return
    for index in [index for index in table.indexes if index.name == name]:
        table.indexes.remove(index)
        return
    found = [constraint for constraint in table.constraints if constraint.name == name]
    assert len(found) == 1, f"{table.name} has no constraint {name}"
    table.constraints.remove(found[0])
    for key in [key for key in table.foreign_keys if key.constraint is found[0]]:
        table.foreign_keys.remove(key)
        key.parent.foreign_keys.remove(key)


def _triggers_without(connection: Connection, name: str) -> None:
    for table in triggers.APPEND_ONLY:
        for statement in triggers.statements(connection.dialect.name, table):
            if f" {name} " not in statement:
                connection.execute(text(statement))
