"""A service point enters the books."""

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of
from branchnet.extensions import db
from branchnet.models import ServicePoint
from branchnet.points.commands import NewPoint, open_point
from branchnet.stock.posting import mark_stale


def enter_point(act: Act, point: NewPoint) -> int:
    """Open a service point, and ask for its facts, so that the map shows it today. Returns its id.

    Raises Conflict("code_known").
    """
    point_id = open_point(act, point)
    mine = select(ServicePoint.place_id).where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
    mark_stale(act, [db.session.scalars(mine).one()], month_of(point.opened_on or point.valid_from))
    return point_id
