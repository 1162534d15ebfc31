"""Where a point stands was not known, or not well: now it is. Nobody moved."""

from sqlalchemy import select, update

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import PointPosition
from branchnet.points.commands import Position
from branchnet.points.communities.commands import placed
from branchnet.points.life.commands.shared import point_for


def locate(act: Act, point_id: int, position: Position) -> None:
    """Since its last move it has stood there; closed months keep their figures, the map knows better where.

    Raises NotFound.
    """
    point_for(act, point_id)
    mine = (PointPosition.network_id == act.network_id, PointPosition.point_id == point_id)
    last = select(PointPosition.id).where(*mine).order_by(PointPosition.valid_from.desc()).limit(1)
    found = update(PointPosition).where(PointPosition.id == db.session.scalars(last).one()).values(**placed(position))
    db.session.execute(found.execution_options(synchronize_session=False))
    audit.record(act, "point.located", "point", point_id, quality=position.quality)
