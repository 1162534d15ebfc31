"""One definition over one kind of thing, row by row: N of M, by groups, in one group alone, and what is left."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from branchnet.coverage.register import DIMENSIONS, Listed
from branchnet.coverage.rules import Outcome, Share, share, shares_by


@dataclass(frozen=True)
class Tally:
    """One definition over one kind of thing: each row with its outcome."""

    definition: str
    of_what: str
    rows: Sequence[Listed]
    outcomes: Sequence[Outcome]
    lost: Sequence[Listed] = ()
    """Open points that name no town (of villages and residential areas: none of these), and so stand in none."""
    by_stay: Sequence[Listed] = ()
    """Of what is in operation: open and paused delivery schools, which report by stays and are no rows of it."""
    found_by_boxes: Callable[[], Collection[int]] = frozenset
    """Works out ``boxes``."""

    @property
    def counted(self) -> frozenset[Outcome]:
        """Outcomes of the rows that stand in M: of a point of which no month was due yet nothing is said."""
        told = self.definition != "in_operation"
        return frozenset(one for one in Outcome if told or one is not Outcome.WITHOUT_POSITION)

    @cached_property
    def share(self) -> Share:
        """N of M known."""
        return share((outcome, row.children) for row, outcome in self._pairs())

    @cached_property
    def set_apart(self) -> int:
        """How many rows do not stand in M."""
        return len(self.rows) - self.share.known

    @cached_property
    def boxes(self) -> Collection[int]:
        """Which rows are covered by delivery schools alone: once their books are fetched, they are not."""
        return self.found_by_boxes()

    @property
    def deliveries(self) -> int:
        """How many (个) delivery schools alone cover; of what is in operation, how many of these stand beside it."""
        return len(self.by_stay) if self.definition == "in_operation" else len(self.boxes)

    def within(self, dimension: str, group: str) -> "Tally":
        """The same in one group of a breakdown. Points of which nobody knows the county may stand there: they stay."""
        of = DIMENSIONS[dimension]
        kept = [index for index, row in enumerate(self.rows) if of(row) == group]
        county, _space, town = group.partition(" ")
        return Tally(
            self.definition,
            self.of_what,
            [self.rows[index] for index in kept],
            [self.outcomes[index] for index in kept],
            [one for one in self.lost if one.county in ("", county) and one.town in ("", town or one.town)],
            [one for one in self.by_stay if of(one) == group],
            lambda: [at for at, index in enumerate(kept) if index in self.boxes],
        )

    def by(self, dimension: str) -> dict[str, Share]:
        """The same by network, county, town, or urban and rural."""
        group = DIMENSIONS[dimension]
        return shares_by((group(row), outcome, row.children) for row, outcome in self._pairs())

    def _pairs(self) -> Iterator[tuple[Listed, Outcome]]:
        counted = self.counted
        return (pair for pair in zip(self.rows, self.outcomes, strict=True) if pair[1] in counted)

    def picked(self, outcomes: Iterable[Outcome], dimension: str | None = None, group: str = "") -> list[int]:
        """Which rows have one of these outcomes, in all or in one group."""
        wanted = frozenset(outcomes)
        of = DIMENSIONS[dimension] if dimension else None
        return [
            index
            for index, (row, outcome) in enumerate(zip(self.rows, self.outcomes, strict=True))
            if outcome in wanted and (of is None or of(row) == group)
        ]
