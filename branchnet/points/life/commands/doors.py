"""A point opens, shuts for a while, closes, and opens again. Book-days and months owed follow."""

from datetime import date

from sqlalchemy import delete, insert, select, update

from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import mark_stale
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import PointName, PointPause, ServicePoint
from branchnet.points.life.commands.shared import can_take, log, point_for
from branchnet.points.life.queries import hand_overs_of
from branchnet.points.life.rules import stage
from branchnet.points.queries import pauses_of


def begin(act: Act, point_id: int, day: date) -> None:
    """A point that was entered before it opened has opened. Raises what ``can_take`` raises."""
    point = point_for(act, point_id)
    point.opened_on = can_take(act, point, "opened", day)
    _note(act, point, "opened", day)


def pause(act: Act, point_id: int, day: date, reason: str, until: date | None = None) -> None:
    """It is closed for a while (临时闭馆) from a day on; ``until``: the first day it is open again, if it is known.

    Raises Invalid("until_first") where the end does not lie after the beginning, Conflict("pause_overlaps") where it
    would run into another pause or past the day on which the point closed; and what ``can_take`` raises.
    """
    point = point_for(act, point_id)
    can_take(act, point, "paused", day)
    if until is not None and until <= day:
        raise Invalid("until_first", fields={"until": "until_first"})
    others = pauses_of([act.network_id], [point.id]).get(point.id, [])
    beyond = point.closed_on is not None and (until is None or until > point.closed_on)
    if beyond or any(other.touches(day, until) for other in others):
        raise Conflict("pause_overlaps", code=point.code, fields={"until": "pause_overlaps"})
    db.session.execute(
        insert(PointPause).values(
            network_id=act.network_id, point_id=point.id, begins_on=day, ends_on=until, reason=reason
        )
    )
    _note(act, point, "paused", day, reason)


def resume(act: Act, point_id: int, day: date) -> None:
    """It is open again from a day on: the pause of that day ends. On its first day a pause cannot end."""
    point = point_for(act, point_id)
    can_take(act, point, "resumed", day)
    running = next(one for one in pauses_of([act.network_id], [point.id])[point.id] if one.covers(day))
    if running.begins_on == day:
        raise Invalid("until_first", fields={"day": "until_first"})
    _shorten(act, point, running.begins_on, day)
    _note(act, point, "resumed", day)


def close(
    act: Act, point_id: int, day: date, reason: str, successor_id: int | None = None, step: str = "closed"
) -> ServicePoint:
    """It is closed from a day on (关闭). Books may still stand there: they leave, and none come.

    ``successor_id``: the point that goes on with its work, open on that day. A pause that was still running ends with
    it. Raises Invalid beside ``successor``, and what ``can_take`` raises.
    """
    point = point_for(act, point_id)
    can_take(act, point, step, day)
    note = reason
    if successor_id is not None:
        note = f"→ {successor_name(act, point, successor_id, day)} · {reason}"[:200]
    for one in pauses_of([act.network_id], [point.id]).get(point.id, []):
        if one.covers(day):
            _shorten(act, point, one.begins_on, day)
    later = (PointPause.network_id == act.network_id, PointPause.point_id == point.id, PointPause.begins_on >= day)
    db.session.execute(delete(PointPause).where(*later))
    point.closed_on, point.successor_id = day, successor_id
    _note(act, point, step, day, note)
    return point


def reopen(act: Act, point_id: int, day: date, reason: str) -> None:
    """A closed point is open again from a day on; the time between stays as a pause. It has no successor any more.

    Raises Conflict("point_handed_over") where another network goes on with it.
    """
    point = point_for(act, point_id)
    can_take(act, point, "reopened", day)
    if any(one.went for one in hand_overs_of(act.network_id, point.id)):
        raise Conflict("point_handed_over", fields={"day": "point_handed_over"})
    closed_on = point.closed_on or day
    point.closed_on, point.successor_id = None, None
    if closed_on < day:
        db.session.execute(
            insert(PointPause).values(
                network_id=act.network_id, point_id=point.id, begins_on=closed_on, ends_on=day, reason=reason
            )
        )
    _note(act, point, "reopened", day, reason)


def successor_name(act: Act, point: ServicePoint, successor_id: int, day: date) -> str:
    """Its name that day. Raises Invalid where it is the point itself, or is not open then."""
    found = db.session.scalars(
        select(ServicePoint).where(ServicePoint.network_id == act.network_id, ServicePoint.id == successor_id)
    ).one_or_none()
    if found is None:
        raise NotFound(point_id=successor_id)
    if found.id == point.id:
        raise Invalid("successor_itself", fields={"successor": "successor_itself"})
    pauses = pauses_of([act.network_id], [found.id]).get(found.id, ())
    if stage(day, found.opened_on, found.closed_on, pauses) not in ("open", "paused"):
        raise Invalid("successor_closed", fields={"successor": "successor_closed"})
    return db.session.scalars(
        select(PointName.name)
        .where(PointName.network_id == act.network_id, PointName.point_id == found.id)
        .order_by((PointName.valid_from <= day).desc(), PointName.valid_from.desc())
        .limit(1)
    ).one()


def _shorten(act: Act, point: ServicePoint, begins_on: date, day: date) -> None:
    """A pause ends on a day; one that began that very day was none."""
    this = (PointPause.network_id == act.network_id, PointPause.point_id == point.id, PointPause.begins_on == begins_on)
    if begins_on < day:
        db.session.execute(update(PointPause).where(*this).values(ends_on=day))
    else:
        db.session.execute(delete(PointPause).where(*this))


def _note(act: Act, point: ServicePoint, step: str, day: date, note: str | None = None) -> None:
    """Write the event, and ask for the facts of the point from that month on: book-days follow the open days."""
    db.session.flush()
    log(act, point.id, step, day, note)
    mark_stale(act, [point.place_id], month_of(day))
