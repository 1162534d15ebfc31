"""Counts the SQL statements of a block: for the pages that must not fan out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class QueryCounter:
    """Every statement that any engine of this process executes while `counting`."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        """How many there were; BEGIN, COMMIT and the like are not statements here."""
        return len(self.statements)

    def reset(self) -> None:
        """Begin again from none."""
        self.statements.clear()

    @contextmanager
    def counting(self) -> Iterator["QueryCounter"]:
        """Count while the block runs."""
        event.listen(Engine, "before_cursor_execute", self._note)
        try:
            yield self
        finally:
            event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")):
            self.statements.append(statement)
