"""In operation (正常开放): open, every month that was due has been reported, and none of them as not open."""

from collections.abc import Collection
from dataclasses import dataclass

from branchnet.coverage.rules.reach import Outcome


@dataclass(frozen=True, slots=True)
class Operation:
    """How a point runs: whether it is paused, and which months stand against it."""

    outcome: Outcome
    paused: bool
    missing: tuple[str, ...]
    """Due, and nobody has reported them."""
    not_open: tuple[str, ...] = ()
    """Due, and reported as not open (没有开放). That a school was closed in its holidays is no matter of this."""


def in_operation(
    stage: str, due: Collection[str], reported: Collection[str], not_open: Collection[str] = ()
) -> Operation:
    """Judge a point that is open or paused (words of `points.life.rules.stage`). Where nothing was due, nobody knows.

    What waits for staff is not reported yet. ``not_open``: of the months reported those in which it was not open.
    """
    missing = tuple(sorted(set(due) - set(reported)))
    closed = tuple(sorted(set(due) & set(not_open)))
    paused = stage != "open"
    if paused or missing or closed:
        return Operation(Outcome.NOT_COVERED, paused, missing, closed)
    return Operation(Outcome.COVERED if due else Outcome.WITHOUT_POSITION, paused=False, missing=())
