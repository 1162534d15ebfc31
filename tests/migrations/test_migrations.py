"""What the migrations make is what the models make, to the last trigger and partial index, up and down."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

import branchnet.models  # noqa: F401 - registers every table
from branchnet import create_app
from branchnet.config import Settings, driver_url
from branchnet.database import Base, prepare_sqlite
from branchnet.extensions import db, transaction
from branchnet.points.commands import NewCommunity, Position, register_communities
from branchnet.points.life.commands import locate
from tests.support.world import build_world

POSTGRESQL = {
    "columns": """
        SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || ' '
            || coalesce(character_maximum_length::text, '') || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def shape(connection: Connection) -> dict[str, str]:
    """Everything the database knows of its tables, by name, with the texts of predicates, checks and triggers."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        found = {name: _in_order(sql) for name, sql in rows}
    else:
        found = {
            f"{kind} {name}": definition
            for kind, query in POSTGRESQL.items()
            for name, definition in connection.execute(text(query))
        }
    return {name: definition for name, definition in found.items() if "alembic_version" not in name}


def _in_order(sql: str) -> str:
    """A CREATE TABLE with its parts sorted: the order of columns and constraints means nothing here.

    A column that was added later carries its checks with it; they say the same as parts of their own.
    """
    if not sql.startswith("CREATE TABLE"):
        return re.sub(r"\s+", " ", sql)
    head, _, rest = re.sub(r"\s+", " ", sql.replace('"', "")).partition("(")
    apart = [
        part.strip() for whole in _parts(rest.strip()[:-1]) for part in re.split(r" (?=CONSTRAINT \w+ CHECK )", whole)
    ]
    return "\n".join([head.strip(), *sorted(filter(None, apart))])


def _parts(text: str) -> list[str]:
    """What commas outside of brackets part."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _engine(url: str) -> Engine:
    engine = create_engine(driver_url(url))
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


def test_migrations_make_what_the_models_make(new_database: Callable[..., str]) -> None:
    by_migrations, by_models = _engine(new_database()), _engine(new_database(migrated=False))
    Base.metadata.create_all(by_models)
    with by_migrations.connect() as migrated, by_models.connect() as modelled:
        made, wanted = shape(migrated), shape(modelled)
    by_migrations.dispose()
    by_models.dispose()
    assert {name: made.get(name) for name in wanted} == wanted
    assert made.keys() == wanted.keys()
    assert sum("trg_" in name for name in made) >= 16
    assert sum(" WHERE " in definition for name, definition in made.items() if "uq_" in name) == 12


def test_migrations_run_down_and_up_again(new_database: Callable[..., str]) -> None:
    app = create_app(Settings(env="testing", database_url=new_database()))
    with app.app_context():
        before = _tables_and_shape(app)
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        assert _tables_and_shape(app) == before
        db.engine.dispose()


def _tables_and_shape(app: Flask) -> dict[str, str]:
    assert app
    with db.engine.connect() as connection:
        return shape(connection)


def test_every_constraint_has_a_name() -> None:
    nameless = [
        (table.name, constraint)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []


def test_a_table_that_is_made_anew_keeps_its_rows(new_database: Callable[..., str]) -> None:
    app = create_app(Settings(env="testing", database_url=new_database()))
    build_world(app)
    with app.app_context():
        with db.engine.connect() as connection:
            before = connection.execute(text("SELECT * FROM batch_events ORDER BY id")).all()
        assert before
        db.session.remove()
        downgrade(revision="0004")
        upgrade()
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT * FROM batch_events ORDER BY id")).all() == before
            with pytest.raises(DatabaseError, match="append-only"):
                connection.execute(text("DELETE FROM batch_events"))
        db.engine.dispose()


def test_a_position_taken_from_the_register_knows_its_community(new_database: Callable[..., str]) -> None:
    """Where two communities have the same degrees nobody can say which one was chosen."""
    app = create_app(Settings(env="testing", database_url=new_database()))
    world = build_world(app)
    one, two = Position(21.3, 110.3, "exact"), Position(21.4, 110.4, "exact")
    villages = [NewCommunity("village", name, position=at) for name, at in (("甲", one), ("乙", two), ("丙", two))]
    with app.app_context():
        with transaction():
            register_communities(world.act, villages)
            for point, stands in zip(world.point_ids, (one, two), strict=False):
                locate(world.act, point, replace(stands, quality="approximate", source="register"))
        db.session.remove()
        downgrade(revision="0012")
        upgrade()
        named = (
            "SELECT c.name FROM point_positions p LEFT JOIN communities c ON c.id = p.community_id ORDER BY p.point_id"
        )
        with db.engine.connect() as connection:
            assert connection.execute(text(named)).scalars().all()[:2] == ["甲", None]
        db.engine.dispose()
