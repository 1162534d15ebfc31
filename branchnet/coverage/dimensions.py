"""What points were on a day: their kind and host, the area they stood in, their pupils. Three statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from branchnet.extensions import db
from branchnet.models import PointEnrolment, PointKind, PointPosition

Dated = list[tuple[date, dict[str, Any]]]
"""What is true from a day on, the earliest first."""

_TOLD: dict[Any, tuple[str, ...]] = {
    PointKind: ("kind", "host"),
    PointPosition: ("area_code",),
    PointEnrolment: ("pupils",),
}


@dataclass(frozen=True, slots=True)
class Dimensions:
    """All that was ever true of a point, by table."""

    dated: dict[Any, Dated] = field(default_factory=dict)

    def on(self, day: date) -> dict[str, Any]:
        """What was true on a day: the latest up to it, else the first that is known; None where nothing is."""
        found: dict[str, Any] = {}
        for table, names in _TOLD.items():
            known = self.dated.get(table, [])
            told = next((facts for since, facts in reversed(known) if since <= day), known[0][1] if known else {})
            found |= {name: told.get(name) for name in names}
        return found


def dimensions(network_id: int, point_ids: Sequence[int]) -> dict[int, Dimensions]:
    """By point all its dated facts that a month's facts keep."""
    found = {point_id: Dimensions({table: [] for table in _TOLD}) for point_id in point_ids}
    for table, names in _TOLD.items():
        rows = db.session.execute(
            select(table.point_id, table.valid_from, *(getattr(table, name) for name in names))
            .where(table.network_id == network_id, table.point_id.in_(point_ids))
            .order_by(table.point_id, table.valid_from)
        )
        for point_id, since, *facts in rows:
            found[point_id].dated[table].append((since, dict(zip(names, facts, strict=True))))
    return found
