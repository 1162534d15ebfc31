"""Since when points are open to their neighbours: community numbers apply to no other days."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from branchnet.access.scope import within
from branchnet.extensions import db
from branchnet.models import PointOpenness


def open_to_community(network_id: int) -> Callable[[int, date], bool]:
    """Whether a point was open to its neighbours on a day. One statement for all points and days."""
    query = select(PointOpenness.point_id, PointOpenness.valid_from, PointOpenness.open_to_community)
    found: dict[int, list[tuple[date, bool]]] = {}
    rows = db.session.execute(within(query.order_by(PointOpenness.valid_from), PointOpenness, [network_id]))
    for point_id, since, is_open in rows:
        found.setdefault(point_id, []).append((since, is_open))

    def was_open(point_id: int, day: date) -> bool:
        said = [is_open for since, is_open in found.get(point_id, ()) if since <= day]
        return bool(said and said[-1])

    return was_open
