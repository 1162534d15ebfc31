"""What the migrations make is what the models make, to the last trigger and partial index, up and down."""

import re
from collections.abc import Callable

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, Engine, create_engine, inspect, text

import branchnet.models  # noqa: F401 - registers every table
from branchnet import create_app
from branchnet.config import Settings, driver_url
from branchnet.database import Base, prepare_sqlite
from branchnet.extensions import db

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
    """A CREATE TABLE with its lines sorted: the order of columns and constraints means nothing here."""
    lines = [re.sub(r"\s+", " ", line).strip().rstrip(",") for line in sql.splitlines()]
    return "\n".join(sorted(line.replace('"', "") for line in lines if line))


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
    assert sum(" WHERE " in definition for name, definition in made.items() if "uq_" in name) == 7


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
