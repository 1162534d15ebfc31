"""N of M known, whole or by whatever they have; and what is left."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from branchnet.coverage.rules.reach import Outcome

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of what is known (个); of some nothing can be told. Children (人) only where their number is known."""

    covered: int = 0
    known: int = 0
    untold: int = 0
    children_covered: int = 0
    children_known: int = 0

    @property
    def others(self) -> int:
        """Those that are not, as far as can be told."""
        return self.known - self.covered - self.untold

    @property
    def whole(self) -> bool:
        """Whether it is all of them. Of nothing, never."""
        return 0 < self.known == self.covered


def share(rows: Iterable[tuple[Outcome, int | None]]) -> Share:
    """The share over outcomes with the children, if known, behind each."""
    return shares_by((None, outcome, children) for outcome, children in rows).get(None, Share())


def shares_by(rows: Iterable[tuple[Group, Outcome, int | None]]) -> dict[Group, Share]:
    """The same by group, in the order in which the groups first come."""
    sums: dict[Group, list[int]] = {}
    for group, outcome, children in rows:
        found = sums.setdefault(group, [0, 0, 0, 0, 0])
        found[1] += 1
        found[4] += children or 0
        if outcome is Outcome.COVERED:
            found[0] += 1
            found[3] += children or 0
        elif outcome is Outcome.WITHOUT_POSITION:
            found[2] += 1
    return {group: Share(*found) for group, found in sums.items()}
