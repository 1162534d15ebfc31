"""A move that never was is taken back: the point stands where it stood before, and the history says both."""

from datetime import date

from sqlalchemy import delete

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.calendar.queries import first_open_day
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import mark_stale
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import PointPosition
from branchnet.points.life.commands.shared import log, point_for
from branchnet.points.life.queries import move_on


def take_back_move(act: Act, point_id: int, day: date, note: str) -> None:
    """It did not move on that day (撤回搬迁): until its next move it stands where it stood before.

    The months since then are counted anew; the step that is taken back stays in the history, with this one above it.
    Raises NotFound, Conflict("no_move_then") where no move of that day stands, ("move_locked") in a closed month.
    """
    point = point_for(act, point_id)
    move = move_on(act.network_id, point_id, day)
    if move is None:
        raise Conflict("no_move_then", day=day)
    if first_open_day(act, day, lambda: [point.place_id]) > day:
        raise Conflict("move_locked", day=day)
    this = (PointPosition.network_id == act.network_id, PointPosition.point_id == point_id)
    db.session.execute(delete(PointPosition).where(*this, PointPosition.valid_from == day))
    db.session.flush()
    mark_stale(act, [point.place_id], month_of(day))
    log(act, point_id, "move_taken_back", day, note)
    there = {name: getattr(move.to, name) for name in ("lat", "lon", "quality", "area_code", "community_id", "source")}
    audit.record(act, "point.move_taken_back", "point", point_id, since=day.isoformat(), **there)
