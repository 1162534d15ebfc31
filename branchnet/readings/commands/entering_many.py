"""Many readings at once, entered on behalf of points: each kept, held or refused by itself, all in one operation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds
from branchnet.errors import BranchNetError, Conflict
from branchnet.extensions import db
from branchnet.readings.commands.earlier import submit_earlier
from branchnet.readings.commands.submitting import Receipt, Sent, submit_month
from branchnet.readings.openness import open_to_community
from branchnet.readings.rules import COMMUNITY, Report


@dataclass(frozen=True, slots=True)
class Entered:
    """A reading to enter: of a month, or of (kind, first day, last day), an earlier window; and what was seen there."""

    point_id: int
    window: str | tuple[str, date, date]
    report: Report
    based_on: int | None


def enter_many(act: Act, rows: Sequence[Entered]) -> list[dict[str, Any]]:
    """Enter them one after the other; returns what became of each, in their order, as an operation keeps it.

    ``receipt`` and ``held`` (why it waits, or None); or ``refused`` (the code) and ``data``: of that one nothing is
    kept.
    Refused is also what a teacher's form would not even ask: community numbers where the point was not open to its
    neighbours, and a second row for the same window.
    """
    was_open, entered = open_to_community(act.network_id), set()
    outcomes = []
    for row in rows:
        again = (row.point_id, row.window) in entered
        entered.add((row.point_id, row.window))
        outcomes.append(_enter(act, row, was_open, again))
    return outcomes


def _enter(act: Act, row: Entered, was_open: Callable[[int, date], bool], again: bool) -> dict[str, Any]:
    try:
        if again:
            raise Conflict("point_twice")
        if _has_community(row.report) and not was_open(row.point_id, _last_day(row)):
            raise Conflict("no_neighbours")
        with db.session.begin_nested():
            receipt = _submit(act, row)
    except BranchNetError as error:
        return {"refused": error.reason, "data": error.data}
    return {"receipt": receipt.number, "held": receipt.held_reason}


def _has_community(report: Report) -> bool:
    return any(getattr(report, name) is not None for name in COMMUNITY)


def _last_day(row: Entered) -> date:
    return bounds(row.window)[1] if isinstance(row.window, str) else row.window[2]


def _submit(act: Act, row: Entered) -> Receipt:
    sent = Sent("import", row.based_on)
    if isinstance(row.window, str):
        return submit_month(act, row.point_id, row.window, row.report, sent)
    return submit_earlier(act, row.point_id, *row.window, row.report, sent)
