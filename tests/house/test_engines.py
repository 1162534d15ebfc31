"""The engines under the tests are real, and what they hand out is fresh."""

from collections.abc import Callable

import pytest
from redis import Redis
from sqlalchemy import create_engine, inspect, text

from branchnet.config import driver_url
from tests.support.queries import QueryCounter


def test_each_engine_is_what_it_says(engine_name: str, new_database: Callable[..., str]) -> None:
    engine = create_engine(driver_url(new_database(migrated=False)))
    question = "SELECT sqlite_version()" if engine_name == "sqlite" else "SHOW server_version"
    with engine.connect() as connection:
        version = connection.execute(text(question)).scalar_one()
    engine.dispose()
    assert engine.dialect.name == engine_name
    assert int(version.split(".")[0]) >= (3 if engine_name == "sqlite" else 16)


def test_two_databases_share_nothing(new_database: Callable[..., str]) -> None:
    first, second = (create_engine(driver_url(new_database(migrated=False))) for _ in range(2))
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
    assert inspect(first).get_table_names() == ["only_here"]
    assert inspect(second).get_table_names() == []
    first.dispose()
    second.dispose()


def test_a_fresh_database_has_the_tables(database_url: str) -> None:
    engine = create_engine(driver_url(database_url))
    assert {"alembic_version", "moves", "holdings"} <= set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_statements_are_counted(new_database: Callable[..., str], query_counter: QueryCounter) -> None:
    engine = create_engine(driver_url(new_database(migrated=False)))
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
        connection.execute(text("SELECT 2"))
    engine.dispose()
    assert query_counter.statements == ["SELECT 1", "SELECT 2"]


def test_the_queue_is_real_and_empty(redis_url: str) -> None:
    with Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        assert connection.info("server")["server_name"] == "valkey"
