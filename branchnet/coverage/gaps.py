"""Which towns and villages of the register have no open point (administrative): counts, and the towns by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.coverage.asleep import open_on
from branchnet.coverage.rules import Administrative, Unit, administrative
from branchnet.extensions import db
from branchnet.models import Community, PointPosition, ServicePoint
from branchnet.points.registered import IN_REGISTER
from branchnet.points.towns import TOWN_DIGITS


@dataclass(frozen=True, slots=True)
class Gaps:
    """N of M by kind of unit, and the towns that have no open point: (name, county), by pinyin."""

    administrative: Administrative
    towns: list[tuple[str, str | None]]


def gaps(networks: Iterable[int], day: date) -> Gaps:
    """As of a day. Two statements."""
    wanted = sorted(networks)
    areas = _open_areas(wanted, day)
    rows = db.session.execute(
        within(
            select(Community.kind, Community.code, Community.name, Community.county).where(
                Community.kind.in_(("town", "village", "residential")), IN_REGISTER
            ),
            Community,
            wanted,
        ).order_by(Community.pinyin, Community.id)
    ).all()
    named = {area[:TOWN_DIGITS] for area in areas if area}
    towns = {
        code: (name, county)
        for kind, code, name, county in rows
        if kind == "town" and code and code[:TOWN_DIGITS] not in named
    }
    return Gaps(administrative((Unit(kind, code) for kind, code, *_rest in rows), areas), list(towns.values()))


def _open_areas(networks: list[int], day: date) -> list[str | None]:
    """In which area each open point stands; None where it names none."""
    other = aliased(PointPosition)
    mine = (other.network_id == ServicePoint.network_id, other.point_id == ServicePoint.id)
    latest = select(func.max(other.valid_from)).where(*mine, other.valid_from <= day).correlate(ServicePoint)
    first = select(func.min(other.valid_from)).where(*mine).correlate(ServicePoint)
    query = (
        select(PointPosition.area_code)
        .select_from(ServicePoint)
        .outerjoin(
            PointPosition,
            and_(
                PointPosition.network_id == ServicePoint.network_id,
                PointPosition.point_id == ServicePoint.id,
                PointPosition.valid_from == func.coalesce(latest.scalar_subquery(), first.scalar_subquery()),
            ),
        )
        .where(*open_on(day))
    )
    return list(db.session.scalars(within(query, ServicePoint, networks)))
