"""What points were in a month: what is owed of it goes by their kind and host at its end, whatever they are today."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds
from branchnet.extensions import db
from branchnet.models import PointKind
from branchnet.readings.rules import REPORTS_BY_STAY


class Was(NamedTuple):
    """A point's kind and host at the end of a month."""

    kind: str
    host: str | None

    @property
    def by_stay(self) -> bool:
        """Whether it reported each delivery's stay, and owed no month."""
        return self.kind in REPORTS_BY_STAY


def kinds_in(networks: Iterable[int], point_ids: Sequence[int]) -> Callable[[int, str], Was]:
    """What each of these points was in a month; before its first kind began, that one. One statement."""
    query = select(PointKind.point_id, PointKind.valid_from, PointKind.kind, PointKind.host).where(
        PointKind.point_id.in_(point_ids)
    )
    found: dict[int, list[tuple[date, Was]]] = {}
    rows = db.session.execute(within(query.order_by(PointKind.valid_from), PointKind, networks))
    for point_id, since, kind, host in rows:
        found.setdefault(point_id, []).append((since, Was(kind, host)))

    def was(point_id: int, month: str) -> Was:
        begun, last = found[point_id], bounds(month)[1]
        return next((one for since, one in reversed(begun) if since <= last), begun[0][1])

    return was
