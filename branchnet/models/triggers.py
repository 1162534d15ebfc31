"""Append-only tables, held by the database itself. One module makes the triggers for models and migrations alike."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, event, text

from branchnet.database import Base

APPEND_ONLY = (
    "moves",
    "entries",
    "batch_events",
    "point_events",
    "reading_revisions",
    "reading_reviews",
    "tallies",
    "chases",
    "operations",
    "operation_conflicts",
    "conflicts_seen",
    "audit_records",
    "audit_seals",
    "hand_overs",
)

_FUNCTION = """
CREATE OR REPLACE FUNCTION branchnet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def statements(dialect: str, table: str) -> Iterator[str]:
    """The statements that make a table append-only. TRUNCATE slips past row triggers: it gets one of its own."""
    if dialect == "sqlite":
        for verb in ("update", "delete"):
            yield (
                f"CREATE TRIGGER trg_{table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    yield _FUNCTION
    for verb in ("update", "delete", "truncate"):
        yield (
            f"CREATE TRIGGER trg_{table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION branchnet_append_only()"
        )


def make(connection: Connection, table: str) -> None:
    """Put a table's triggers in place (after it was made, or made anew by a batch migration)."""
    for statement in statements(connection.dialect.name, table):
        connection.execute(text(statement))


def _after_create(target: Table, connection: Connection, **_options: object) -> None:
    make(connection, target.name)


def register() -> None:
    """Let ``create_all`` make the triggers with the tables."""
    for name in APPEND_ONLY:
        event.listen(Base.metadata.tables[name], "after_create", _after_create)
