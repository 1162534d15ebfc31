"""What a ledger comes to: points that open, teachers, books by point, deliveries that are still out; and its sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from branchnet.batches.opening.places import SHELF, Spot
from branchnet.points.commands import NewPoint
from branchnet.stock.rules import NewLot, worst_quality


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who answers for a point: what they are called, and a phone if the ledger has one."""

    code: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that is still out: where, since when, due back when (None: the usual stay), what."""

    code: str
    sent_on: date
    due_back_on: date | None
    lots: Sequence[NewLot]


@dataclass
class Plan:
    """All that would be written. Books stand under the code of their point; the central shelf has none."""

    day: date
    spots: dict[str, Spot] = field(default_factory=dict)
    points: list[NewPoint] = field(default_factory=list)
    teachers: list[Teacher] = field(default_factory=list)
    stock: dict[str, list[NewLot]] = field(default_factory=dict)
    out: dict[tuple[str, date, date | None], list[NewLot]] = field(default_factory=dict)

    @property
    def deliveries(self) -> list[Delivery]:
        """The deliveries, the earliest first."""
        ordered = sorted(self.out.items(), key=lambda one: (one[0][1], one[0][0]))
        return [Delivery(*key, lots) for key, lots in ordered]


def totals(lots: Sequence[NewLot]) -> dict[str, Any]:
    """What books amount to: 册 counted and scanned, 种 by title, list prices in fen, 册 without one; how well known."""
    return {
        "copies": sum(lot.quantity for lot in lots),
        "counted": sum(lot.quantity for lot in lots if not lot.serial),
        "scanned": sum(1 for lot in lots if lot.serial),
        "titles": len({lot.title for lot in lots}),
        "fen": sum(lot.quantity * (lot.price_fen or 0) for lot in lots),
        "unpriced": sum(lot.quantity for lot in lots if lot.price_fen is None),
        "quality": worst_quality(lot.quality for lot in lots),
    }


def sum_sheet(plan: Plan) -> Mapping[str, Any]:
    """The sheet that is signed (总账核对单): by point what stands there and what is out on delivery, and all of it."""
    new = {point.code for point in plan.points}
    out: dict[str, list[NewLot]] = {}
    for delivery in plan.deliveries:
        out.setdefault(delivery.code, []).extend(delivery.lots)
    codes = sorted(plan.spots, key=lambda code: (code == SHELF.code, code))
    rows = [
        {
            "code": code,
            "name": plan.spots[code].name,
            "new": code in new,
            **totals([*plan.stock.get(code, []), *out.get(code, [])]),
            **_apart(plan.stock.get(code, []), out.get(code, [])),
        }
        for code in codes
    ]
    standing = [lot for lots in plan.stock.values() for lot in lots]
    sent = [lot for lots in out.values() for lot in lots]
    return {
        "day": plan.day.isoformat(),
        "rows": rows,
        "all": {**totals([*standing, *sent]), **_apart(standing, sent)},
        "new_points": len(plan.points),
        "teachers": len(plan.teachers),
        "deliveries": len(plan.out),
    }


def _apart(standing: Sequence[NewLot], out: Sequence[NewLot]) -> dict[str, Any]:
    """What stands and what is out, 册 each, and how well each is known."""
    return {
        "standing": sum(lot.quantity for lot in standing),
        "standing_quality": worst_quality(lot.quality for lot in standing),
        "out": sum(lot.quantity for lot in out),
        "out_quality": worst_quality(lot.quality for lot in out),
    }
