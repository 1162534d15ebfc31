"""Natural wear: the small open shortages of a term are closed at once, as far as the agreements allow."""

from collections.abc import Iterable, Sequence
from datetime import date

from branchnet.access.acts import Act
from branchnet.batches.commands.differences import resolve
from branchnet.batches.losses.wear import wear
from branchnet.errors import Conflict, Invalid
from branchnet.points.queries import Point


def close_worn(
    act: Act, points: Iterable[Point], first_on: date, last_on: date, happened_on: date, shown: Sequence[int]
) -> int:
    """Close as worn what fits at these points in a term. Returns how many copies (册).

    ``shown``: the ids of the cases that the page had shown: Conflict("wear_changed") where others fit by now.
    """
    found = wear(act.network_id, points, first_on, last_on, act.today())
    cases = [case for at in found for case in at.fits]
    if sorted(case.id for case in cases) != sorted(shown):
        raise Conflict("wear_changed")
    if not cases:
        raise Invalid("nothing_worn")
    for case in cases:
        resolve(act, case.id, "worn", happened_on)
    return sum(case.quantity for case in cases)
