"""In operation (正常开放): a point that is open, and of which every month that was due has been reported."""

from collections.abc import Collection
from dataclasses import dataclass

from branchnet.coverage.rules.reach import Outcome


@dataclass(frozen=True, slots=True)
class Operation:
    """How a point runs: whether it is paused, and which of the months that were due nobody has reported."""

    outcome: Outcome
    paused: bool
    missing: tuple[str, ...]


def in_operation(stage: str, due: Collection[str], reported: Collection[str]) -> Operation:
    """Judge a point that is open or paused (words of `points.life.rules.stage`). Where nothing was due, nobody knows.

    What waits for staff is not reported yet.
    """
    missing = tuple(sorted(set(due) - set(reported)))
    paused = stage != "open"
    if paused or missing:
        return Operation(Outcome.NOT_COVERED, paused, missing)
    return Operation(Outcome.COVERED if due else Outcome.WITHOUT_POSITION, paused=False, missing=())
