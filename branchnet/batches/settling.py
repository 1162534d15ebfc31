"""Which batch brought what stands at a point, and which of them a return settles. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SETTLES = frozenset({"return", "rotation"})
"""The kinds by which copies leave a point: each says what it settles."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a batch brought of one counted lot to a place (册).

    ``gone``: copies that left again under its own number, such as those found lost of it; ``settled``: copies that
    later batches took away by name.
    """

    batch_id: int
    brought: int
    gone: int = 0
    settled: int = 0


def still_out(rows: Sequence[Brought], standing: int) -> dict[int, int]:
    """By batch the copies (册) of one counted lot that are still there, of those ``standing`` in all.

    ``rows`` stand in the order in which they are settled, the oldest first. What left without a word on what it
    settles is taken off in that order. A batch with nothing left is not in the answer; nor are copies that no batch
    brought.
    """
    left = {row.batch_id: max(row.brought - row.gone - row.settled, 0) for row in rows}
    unnamed = max(sum(left.values()) - standing, 0)
    for batch_id, copies in left.items():
        taken = min(copies, unnamed)
        left[batch_id] -= taken
        unnamed -= taken
    return {batch_id: copies for batch_id, copies in left.items() if copies}


def settled_by(out: Mapping[int, int], copies: int, first: Collection[int] = ()) -> dict[int, int]:
    """By batch what so many copies (册) settle of what is out: ``first`` the batches they were fetched for, then the
    oldest. Copies beyond all that is out settle nothing.
    """
    found: dict[int, int] = {}
    for batch_id in sorted(out, key=lambda one: one not in first):
        taken = min(out[batch_id], copies)
        copies -= taken
        if taken:
            found[batch_id] = taken
    return found


def trimmed(settled: Sequence[tuple[int, int]], taken: int) -> dict[int, int]:
    """By batch what is still settled once only so many copies (册) are gone: what was settled last is open again."""
    left: dict[int, int] = {}
    for batch_id, copies in settled:
        left[batch_id] = min(copies, max(taken, 0))
        taken -= left[batch_id]
    return left


def resettle_problems(asked: Mapping[int, int], taken: int, open_by_batch: Mapping[int, int]) -> dict[int, str]:
    """By batch why copies of a lot cannot be settled so: more than it brought and others left of it, more than taken.

    Where all together are more than were taken, any of them may be the wrong one: each has something wrong with it.
    """
    found = {}
    for batch_id, copies in asked.items():
        if copies < 0:
            found[batch_id] = "not_a_number"
        elif copies > open_by_batch.get(batch_id, 0):
            found[batch_id] = "settled_beyond_brought"
        elif sum(asked.values()) > taken:
            found[batch_id] = "settled_beyond_line"
    return found
