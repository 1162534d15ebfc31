"""Changing tables that hold rows, on both engines: what migrations need and Alembic's batch mode would lose.

SQLite adds and drops columns with their checks in place. A check that changes needs the table anew: it is written
out from its own text, with its indexes and its append-only triggers (see branchnet.models.triggers).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, text
from sqlalchemy.schema import CreateColumn

from branchnet.models import triggers


def add_column(connection: Connection, table: str, column: "Column[Any]", checks: Mapping[str, str]) -> None:
    """Add a column, with checks by their short names, to a table that may hold rows."""
    made = str(CreateColumn(column).compile(dialect=connection.dialect))
    inline = "".join(f" CONSTRAINT ck_{table}_{name} CHECK ({check})" for name, check in checks.items())
    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {made}{inline}"))


def drop_column(connection: Connection, table: str, column: "Column[Any]") -> None:
    """Drop a column together with the checks that came with it."""
    connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column.name}"))


def change_check(connection: Connection, table: str, name: str, before: str, after: str) -> None:
    """Let a check say something else. On SQLite no other table may refer to this one."""
    if connection.dialect.name == "sqlite":
        write_anew(connection, table, [(before, after)])
        return
    connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}"))
    connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({after})"))


def write_anew(connection: Connection, table: str, edits: Sequence[tuple[str, str]]) -> None:
    """On SQLite: make a table anew whose text reads otherwise, with the rows it had. No other may refer to it.

    A column that the new text has no more is left behind; one that it has first is empty.
    """
    known = "SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL ORDER BY type"
    made = connection.execute(text(known), {"table": table}).all()
    (written,) = (sql for kind, sql in made if kind == "table")
    for before, after in edits:
        if before not in written:
            raise LookupError(f"{table} does not say {before}")
        written = written.replace(before, after, 1)
    connection.exec_driver_sql(written.replace(table, f"new_{table}", 1))
    kept = [name for name in _columns(connection, table) if name in _columns(connection, f"new_{table}")]
    names = ", ".join(kept)
    connection.execute(text(f"INSERT INTO new_{table} ({names}) SELECT {names} FROM {table}"))  # noqa: S608 - our own
    connection.execute(text(f"DROP TABLE {table}"))
    connection.execute(text(f"ALTER TABLE new_{table} RENAME TO {table}"))
    for kind, sql in made:
        if kind == "index":
            connection.exec_driver_sql(sql)
    if table in triggers.APPEND_ONLY:
        triggers.make(connection, table)


def _columns(connection: Connection, table: str) -> list[str]:
    return list(connection.execute(text("SELECT name FROM pragma_table_info(:table)"), {"table": table}).scalars())
