"""What every table is made of: the base, types that mean the same on both engines, SQLite's manners."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Select,
    String,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Key = BigInteger().with_variant(Integer, "sqlite")
Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Month = String(7)

Rows = Select[*tuple[Any, ...]]
"""A select of any columns."""

EPOCH = date(1970, 1, 1).toordinal()


class Day(TypeDecorator[date]):
    """A civil day, kept as days since 1970-01-01: days subtract and compare alike on every engine."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, _dialect: Dialect) -> int | None:
        return None if value is None else value.toordinal() - EPOCH

    def process_result_value(self, value: int | None, _dialect: Dialect) -> date | None:
        return None if value is None else date.fromordinal(value + EPOCH)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, with its zone on the way in and on the way out; SQLite keeps it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Every constraint has a name, so that an error can be told in words (see access and errors)."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class Owned:
    """A row of one network. ``(network_id, id)`` is a key, so that references cannot cross networks."""

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    network_id: Mapped[int] = mapped_column(Key, ForeignKey("networks.id"))


def own_key() -> UniqueConstraint:
    """The key that composite references point at."""
    return UniqueConstraint("network_id", "id")


def refers(column: str, table: str, also: Sequence[str] = (), **options: Any) -> ForeignKeyConstraint:
    """A reference inside one network, with further columns that must agree on both sides."""
    return ForeignKeyConstraint(
        ["network_id", column, *also],
        [f"{table}.network_id", f"{table}.id", *(f"{table}.{name}" for name in also)],
        **options,
    )


def one_of(column: str, values: Sequence[str]) -> str:
    """The text of a CHECK that a column holds one of a named set."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def prepare_sqlite(engine: Engine) -> None:
    """Give SQLite real transactions, foreign keys, WAL, and triggers that INSERT OR REPLACE cannot slip past."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "busy_timeout = 15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.execute(text(connection.get_execution_options().get("branchnet_begin", "BEGIN")))
