"""Where a point stands was not known, or not well: now it is. Nobody moved."""

from typing import Any

from sqlalchemy import select, update

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import EVER, mark_stale
from branchnet.extensions import db
from branchnet.models import PointPosition
from branchnet.points.commands import Position
from branchnet.points.communities.commands import placed
from branchnet.points.life.commands.shared import point_for


def locate(act: Act, point_id: int, position: Position, area_code: str | None = None) -> None:
    """Since its last move it has stood there; closed months keep their figures, the map knows better where.

    ``area_code``: the area that it stands in, where that is told too; months since then count it there. The trail
    keeps who, when, since when it holds, and both positions. Raises NotFound.
    """
    point = point_for(act, point_id)
    mine = (PointPosition.network_id == act.network_id, PointPosition.point_id == point_id)
    positions = select(PointPosition).where(*mine).order_by(PointPosition.valid_from.desc()).limit(2)
    last, *before = db.session.scalars(positions.execution_options(populate_existing=True)).all()
    facts: dict[str, Any] = placed(position)
    if area_code is not None or position.community_id is not None:
        facts["community_id"] = position.community_id
    if area_code is not None and area_code != last.area_code:
        facts["area_code"] = area_code
        mark_stale(act, [point.place_id], month_of(last.valid_from) if before else EVER)
    told = {"was": _degrees(last.lat, last.lon), "now": _degrees(position.lat, position.lon)}
    since = last.valid_from.isoformat()
    db.session.execute(
        update(PointPosition)
        .where(PointPosition.id == last.id)
        .values(**facts)
        .execution_options(synchronize_session=False)
    )
    audit.record(act, "point.located", "point", point_id, quality=position.quality, since=since, **told)


def _degrees(lat: float | None, lon: float | None) -> str | None:
    return None if lat is None or lon is None else f"{lat:.5f}, {lon:.5f}"
