"""What registers share: what they are narrowed to, their sums, and the place that a case is told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, func

from branchnet.models import Batch, Discrepancy

PAGE = 50
"""Rows on one page of a register."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a register is narrowed to; empty means all. ``since`` and ``until``: days, both included."""

    place_ids: Sequence[int] | None = None
    kind: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def any(self) -> bool:
        """Whether it is narrowed at all."""
        return self != Narrowed()

    def days(self, column: Any) -> list[ColumnElement[bool]]:
        """The conditions that its days are."""
        found = [column >= self.since] if self.since is not None else []
        return [*found, column <= self.until] if self.until is not None else found


@dataclass(frozen=True, slots=True)
class Total:
    """All rows of a register: how many, how many copies (册), list prices in fen, and how many copies have none."""

    rows: int = 0
    copies: int = 0
    fen: int = 0
    unpriced: int = 0
    amount_fen: int = 0
    """What is paid for them, or was paid to mend them, as far as the register knows."""


def whole(value: Any) -> Any:
    """A sum as a whole number; none is 0."""
    return cast(func.coalesce(func.sum(value), 0), BigInteger)


def worth(quantity: Any, price: Any) -> tuple[Any, Any]:
    """The list prices of so many copies in fen, and how many of them have none."""
    return quantity * cast(func.coalesce(price, 0), BigInteger), case((price.is_(None), quantity), else_=0)


def far_end(batch: Any = Batch) -> Any:
    """The end of a batch that a difference is told of: the point; of a return where it came from."""
    return case((batch.kind == "return", batch.from_place_id), else_=batch.to_place_id)


def place_told(found: Any = Discrepancy, batch: Any = Batch) -> Any:
    """The place of a case, its batch joined."""
    return func.coalesce(found.place_id, far_end(batch))
