"""Points stand in the area of the community that was chosen for them, also where that gets its code only later."""

from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import aliased

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import EVER, mark_stale
from branchnet.extensions import db
from branchnet.models import Community, PointPosition, ServicePoint
from branchnet.points.communities.rules import AREAS

AREA = case(
    (Community.kind.in_(sorted(AREAS)) & Community.code.is_not(None), Community.code), else_=Community.parent_code
)
"""The code of the area that a community is, or is in, as far as the register knows it."""


def follow(act: Act) -> int:
    """Let every position have the area that its community has by now, since it was placed there. Returns how many had
    another one, or none. The trail keeps both codes; nobody moved.
    """
    changed = _otherwise(act.network_id)
    for row in changed:
        this = update(PointPosition).where(PointPosition.id == row.id).values(area_code=row.area)
        db.session.execute(this.execution_options(synchronize_session=False))
        mark_stale(act, [row.place_id], EVER if row.valid_from == row.first else month_of(row.valid_from))
        told = {"since": row.valid_from.isoformat(), "was": row.area_code, "now": row.area}
        audit.record(act, "point.area", "point", row.point_id, community=row.community_id, **told)
    return len(changed)


def _otherwise(network_id: int) -> list[Any]:
    other: Any = aliased(PointPosition)
    mine = (other.network_id == PointPosition.network_id, other.point_id == PointPosition.point_id)
    first = select(func.min(other.valid_from)).where(*mine).correlate(PointPosition).scalar_subquery()
    query = (
        select(
            PointPosition.id,
            PointPosition.point_id,
            PointPosition.valid_from,
            PointPosition.area_code,
            PointPosition.community_id,
            ServicePoint.place_id,
            AREA.label("area"),
            first.label("first"),
        )
        .join(
            Community,
            (Community.network_id == PointPosition.network_id) & (Community.id == PointPosition.community_id),
        )
        .join(
            ServicePoint,
            (ServicePoint.network_id == PointPosition.network_id) & (ServicePoint.id == PointPosition.point_id),
        )
        .where(
            PointPosition.network_id == network_id,
            AREA.is_not(None),
            AREA.is_distinct_from(PointPosition.area_code),
        )
    )
    return list(db.session.execute(query.order_by(PointPosition.id)))
