"""What every step needs: the point under lock, a day on which it can take the step, and its line in the history."""

from datetime import date, timedelta

from sqlalchemy import func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.calendar.queries import first_open_day
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import PointEvent, PointName, ServicePoint
from branchnet.points.life.rules import STAGES_BEFORE, stage
from branchnet.points.queries import pauses_of


def point_for(act: Act, point_id: int) -> ServicePoint:
    """The point under lock. Raises NotFound."""
    point = db.session.scalars(
        select(ServicePoint)
        .where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if point is None:
        raise NotFound(point_id=point_id)
    return point


def can_take(act: Act, point: ServicePoint, step: str, day: date) -> date:
    """The day itself, on which the point can take the step.

    Raises Invalid beside ``day`` where it is to come, lies in a closed month or before the point began, each with the
    earliest day; Conflict("point_step") with how the point stands on that day where the step is not possible then.
    """
    if day > act.today():
        raise Invalid("in_the_future", fields={"day": "in_the_future"})
    earliest = first_open_day(act, day, lambda: [point.place_id])
    if earliest > day:
        raise Invalid("month_locked", earliest=earliest, fields={"day": "month_locked"})
    begun = _begun(act, point)
    if day < begun:
        raise Invalid("before_opening", earliest=begun, fields={"day": "before_opening"})
    there = stage(day, point.opened_on, point.closed_on, pauses_of([act.network_id], [point.id]).get(point.id, ()))
    if there not in STAGES_BEFORE[step]:
        raise Conflict("point_step", code=point.code, step=step, stage=there, day=day, fields={"day": "point_step"})
    return day


def _begun(act: Act, point: ServicePoint) -> date:
    """The first day of which anything is known: when it opened, else when it entered the books."""
    return (
        point.opened_on
        or db.session.scalars(
            select(func.min(PointName.valid_from)).where(
                PointName.network_id == act.network_id, PointName.point_id == point.id
            )
        ).one()
    )


def day_after(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


def log(act: Act, point_id: int, step: str, day: date, note: str | None = None) -> None:
    """Add an event to the point's life."""
    db.session.execute(
        insert(PointEvent).values(
            network_id=act.network_id,
            point_id=point_id,
            step=step,
            happened_on=day,
            recorded_at=clock.now(),
            recorded_by=act.person_id,
            note=note,
        )
    )
