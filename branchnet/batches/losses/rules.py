"""What counts as a loss, what waits to leave the books, and how far natural wear goes. Pure."""

from collections.abc import Iterable

REPORTED = ("short", "damaged")
"""What is reported of copies that stand somewhere: gone, or broken."""
WHERE_REPORTED = frozenset({"point", "shelf"})
"""Kinds of places of which loss and damage are reported."""
WAITING = ("lost", "to_be_disposed")
"""Kinds of places from where copies leave the books (待处置), by an approved list and by nothing else."""
GONE = (*WAITING, "withdrawn")
"""Kinds of places from where a copy may turn up again."""
WHERE_FOUND = frozenset({"point", "shelf", "workroom"})
LOSSES = ("lost", "damaged", "worn")
"""How the figures of loss tell one from another."""


def allowance(copies: int, permille: int | None) -> int:
    """Copies (册) of natural wear that an agreement allows in a term: ‰ of those on site at its start, rounded down."""
    return copies * (permille or 0) // 1000


def fitting(cases: Iterable[tuple[int, int]], left: int) -> list[int]:
    """The cases (id, 册), in their order, that go into what is left; each is closed whole or stays open whole."""
    chosen = []
    for case_id, quantity in cases:
        if quantity <= left:
            chosen.append(case_id)
            left -= quantity
    return chosen
