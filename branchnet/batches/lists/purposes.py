"""What a list can be for. Each purpose reads the rows its own way; trying and taking in are the same for all."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from branchnet.access.acts import Act
from branchnet.stock.lists import Table
from branchnet.stock.lists.headings import Names
from branchnet.stock.lists.rows import Problem

Progress = tuple[int, int | None]
Parsing = Generator[Progress, None, Any]
"""Yields rows read and rows in all; returns what `judge` takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as it is asked for: for what, into which batch, with which columns (None: its sheets say) and choices."""

    id: int
    purpose: str
    batch_id: int | None
    columns: Mapping[str, Any]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A row with something to say about it: its number, its cells as they came, what is wrong, what is strange."""

    number: int
    cells: Sequence[Any]
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()

    def as_kept(self) -> list[Any]:
        """As it is kept with the list."""
        told = ([problem.told() for problem in found] for found in (self.problems, self.warnings))
        return [self.number, list(self.cells), *told]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a dry run found. ``good`` and ``wrong`` are rows; ``sums`` what would come in: 册, 种, fen.

    ``plan`` is for `write` alone.
    """

    good: int
    wrong: int
    sums: Mapping[str, int]
    heading: Sequence[Any] = ()
    told: Sequence[Told] = ()
    plan: Any = field(default=None, repr=False)
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the purpose wants kept for its own page."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: the batch that holds the copies (册), and for whoever looks later what else was made."""

    batch_id: int | None
    copies: int
    made: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose. ``names``: the headings of its fields; without any, nobody is asked which column is which.

    ``needs``: fields without which it makes no sense. ``parse`` is pure and tells its progress; ``judge`` asks what the
    ledger knows, and changes nothing; ``write`` takes the good rows in, inside the transaction of its judgement.
    """

    parse: Callable[[Act, Asked, Table], Parsing]
    judge: Callable[[Act, Asked, Any], Findings]
    write: Callable[[Act, Asked, Findings], Written]
    names: Names = field(default_factory=dict)
    needs: tuple[str, ...] = ()
