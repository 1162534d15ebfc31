"""A service point enters the books; and points that closed while books still stood there."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, cast, func, select

from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import mark_stale
from branchnet.extensions import db
from branchnet.models import Holding, ServicePoint
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.queries import names_of_places


@dataclass(frozen=True, slots=True)
class Left:
    """A closed point that still holds so many copies (册)."""

    code: str
    name: str
    closed_on: date
    copies: int


def enter_point(act: Act, point: NewPoint) -> int:
    """Open a service point, and ask for its facts, so that the map shows it today. Returns its id.

    Raises Conflict("code_known").
    """
    point_id = open_point(act, point)
    mine = select(ServicePoint.place_id).where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
    mark_stale(act, [db.session.scalars(mine).one()], month_of(point.opened_on or point.valid_from))
    return point_id


def closed_with_books(network_id: int, today: date) -> list[Left]:
    """Closed points that still hold books, the one that closed first on top: listed until nothing is left there."""
    rows = db.session.execute(
        select(
            ServicePoint.place_id,
            ServicePoint.code,
            ServicePoint.closed_on,
            cast(func.sum(Holding.quantity), Integer),
        )
        .join(Holding, (Holding.network_id == ServicePoint.network_id) & (Holding.place_id == ServicePoint.place_id))
        .where(ServicePoint.network_id == network_id, ServicePoint.closed_on <= today, Holding.quantity > 0)
        .group_by(ServicePoint.place_id, ServicePoint.code, ServicePoint.closed_on)
        .order_by(ServicePoint.closed_on, ServicePoint.code)
    ).all()
    names = names_of_places(network_id, [row[0] for row in rows], today)
    return [Left(code, names[place_id], closed_on or today, copies) for place_id, code, closed_on, copies in rows]
