"""Which facts are to be computed again: marked with what changed them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from branchnet import queue
from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import StaleFact

EVER = "0000-00"
"""Sorts before every month: all facts of a place."""


def _mark(dialect: Any) -> Any:
    statement = dialect.insert(StaleFact.__table__)
    # Written again even where it stands: a refresh that has read the mark but not yet removed it then waits for us.
    return statement.on_conflict_do_update(
        index_elements=["network_id", "place_id", "month"], set_={"month": statement.excluded.month}
    )


# Built once: every posting that touches a point asks.
_MARK = {name: _mark(dialect) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}


def mark_stale(act: Act, place_ids: Sequence[int], month: str) -> None:
    """Ask for the facts of these places to be computed again from a month on."""
    if not place_ids:
        return
    rows = [{"network_id": act.network_id, "place_id": place_id, "month": month} for place_id in place_ids]
    db.session.execute(_MARK[db.session.get_bind().dialect.name], rows)
    queue.ask(act.network_id, "facts")
