"""One application an engine and process, lent to test after test.

Making an application compiles its routes, and every new SQLAlchemy engine compiles every statement anew: together that
took longer than most tests. What is lent stands on the test's own database, and comes back as it was.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, event, make_url

from branchnet import create_app
from branchnet.config import Settings, driver_url
from branchnet.extensions import db, limiter
from tests.support.rundir import run_folder


class Lending:
    """The application of one kind of database: SQLite's, or PostgreSQL's."""

    def __init__(self, database_url: str) -> None:
        self._app = create_app(Settings(env="testing", database_url=database_url))
        # Templates are compiled once a run, not once a process.
        self._app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(run_folder()))
        self._config = dict(self._app.config)
        with self._app.app_context():
            self._engine = db.engine
        event.listen(self._engine, "do_connect", self._connect)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _in_a_hurry)
        # Without bounds: the suite asks more different questions than SQLAlchemy keeps.
        self._engine.update_execution_options(compiled_cache={})

    @contextmanager
    def on(self, database_url: str) -> Iterator[Flask]:
        """The application on this database; whatever a test sets on it ends with the block."""
        self._engine.url = make_url(driver_url(database_url))
        self._app.config["BRANCHNET"] = Settings(env="testing", database_url=database_url)
        # An application of other settings that a test made has told the one limiter of all to count.
        limiter.enabled = self._app.config["RATELIMIT_ENABLED"]
        handlers = list(self._app.url_build_error_handlers)
        try:
            yield self._app
        finally:
            with self._app.app_context():
                db.session.remove()
            self._engine.dispose()
            self._app.config.clear()
            self._app.config.update(self._config)
            self._app.url_build_error_handlers[:] = handlers

    def _connect(self, dialect: Dialect, _record: object, _arguments: object, _options: object) -> Any:
        arguments, options = dialect.create_connect_args(self._engine.url)
        return dialect.connect(*arguments, **options)


def _in_a_hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Wait for no disk, as PostgreSQL's tests do not (see engines); a real server's own connections do."""
    connection.execute("PRAGMA synchronous = OFF")
