"""Copying what one test made into the empty database of the next: quicker than making it again."""

from pathlib import Path
from typing import Protocol, cast

import psycopg
from sqlalchemy import Engine, func, select, text

from branchnet.extensions import db
from branchnet.models import Network

Content = bytes | dict[str, bytes]
"""A whole file, or the rows of each table."""


class Copying(Protocol):
    """One database, into which a world may be put."""

    def begin(self) -> bool:
        """Whether it holds no network yet, and a world can be copied into it."""

    def shape(self) -> int:
        """What tells tables of which something was taken away from those that have all, where that is copied too."""

    def take(self) -> Content | None:
        """What is in it now; None where others are at work on it."""

    def put(self, content: Content) -> None:
        """Fill it with what was taken from another."""


def of(engine: Engine) -> Copying:
    """The way of copying that this engine's kind has."""
    return _File(engine) if engine.dialect.name == "sqlite" else _Rows(engine)


class _File:
    """SQLite: the file as a whole."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = Path(engine.url.database or "")

    def begin(self) -> bool:
        return _no_network() and self._alone()

    def shape(self) -> int:
        found = hash(tuple(db.session.scalars(text("SELECT sql FROM sqlite_master ORDER BY name"))))
        self._alone()
        return found

    def take(self) -> Content | None:
        return self._file.read_bytes() if self._alone() else None

    def put(self, content: Content) -> None:
        self._file.write_bytes(cast("bytes", content))

    def _alone(self) -> bool:
        """Let go of the file. Its log goes with the last connection: where it stays, a server is at work on it."""
        db.session.remove()
        self._engine.dispose()
        return not self._file.with_name(f"{self._file.name}-wal").exists()


class _Rows:
    """PostgreSQL: the rows of every table, with no trigger asked, and the numbers that come next."""

    NUMBERS = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    # By name: tables that the migrations made have their columns in another order than those that the models made.
    TABLES = (
        "SELECT format('%I (%s)', table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position))"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        " GROUP BY table_name"
    )

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self) -> bool:
        found = _no_network()
        db.session.remove()
        return found

    def shape(self) -> int:
        return 0

    def take(self) -> Content | None:
        db.session.remove()
        with self._engine.connect() as connection:
            ours = _driver(connection.connection.driver_connection)
            names = [str(name) for (name,) in ours.execute(self.TABLES)]
            rows = {name: _copied_out(ours, name) for name in names}
            numbers = [f"SELECT setval('{name}', {value});" for name, value in ours.execute(self.NUMBERS)]
        return {name: found for name, found in rows.items() if found} | {"": "".join(numbers).encode()}

    def put(self, content: Content) -> None:
        rows = cast("dict[str, bytes]", content)
        with self._engine.connect() as connection:
            ours = _driver(connection.connection.driver_connection)
            ours.execute("SET LOCAL session_replication_role = replica")
            for name in rows.keys() - {""}:
                with ours.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
                    copy.write(rows[name])
            ours.execute(rows[""])
            ours.commit()


def _no_network() -> bool:
    return not db.session.scalar(select(func.count()).select_from(Network))


def _driver(connection: object) -> "psycopg.Connection[tuple[object, ...]]":
    return cast("psycopg.Connection[tuple[object, ...]]", connection)


def _copied_out(ours: "psycopg.Connection[tuple[object, ...]]", name: str) -> bytes:
    with ours.cursor().copy(f"COPY {name} TO STDOUT".encode()) as copy:
        return b"".join(bytes(part) for part in copy)
