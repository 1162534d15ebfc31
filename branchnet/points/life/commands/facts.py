"""What is true of a point from a day on: name, kind, position, pupils, for whom it is open; and a misspelt name."""

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import EVER, mark_stale
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import PointEnrolment, PointKind, PointName, PointOpenness, PointPosition, ServicePoint
from branchnet.points.commands import Position, spell
from branchnet.points.life.commands.shared import can_take, log, point_for


def rename(act: Act, point_id: int, name: str, day: date) -> None:
    """From a day on a point has another name (改名); what was before keeps the old one.

    Raises Invalid where it is called so already, Conflict("named_that_day") where another name begins on that day:
    then that one is corrected; and what ``can_take`` raises.
    """
    point = point_for(act, point_id)
    can_take(act, point, "renamed", day)
    mine = (PointName.network_id == act.network_id, PointName.point_id == point_id)
    then = db.session.scalar(
        select(PointName.name).where(*mine, PointName.valid_from <= day).order_by(PointName.valid_from.desc()).limit(1)
    )
    if then == name:
        raise Invalid("name_same", fields={"name": "name_same"})
    if (known := db.session.scalar(select(PointName.name).where(*mine, PointName.valid_from == day))) is not None:
        raise Conflict("named_that_day", day=day, name=known)
    db.session.execute(
        insert(PointName).values(network_id=act.network_id, point_id=point_id, valid_from=day, **spell(name))
    )
    log(act, point_id, "renamed", day, name)


def correct_name(act: Act, point_id: int, name: str, wrong: str | None = None) -> int:
    """A name was misspelt: wherever it stands, in closed months too, it was always the right one (写错了).

    ``wrong``: which of the point's names; without it the one it has now. Returns how many periods had it. Raises
    Invalid where nothing would change, NotFound for a name it never had.
    """
    point = point_for(act, point_id)
    mine = (PointName.network_id == act.network_id, PointName.point_id == point_id)
    if wrong is None:
        wrong = db.session.scalars(
            select(PointName.name).where(*mine).order_by(PointName.valid_from.desc()).limit(1)
        ).one()
    if name == wrong:
        raise Invalid("name_same", fields={"name": "name_same"})
    periods = db.session.scalars(
        update(PointName)
        .where(*mine, PointName.name == wrong)
        .values(**spell(name))
        .returning(PointName.valid_from)
        .execution_options(synchronize_session=False)
    ).all()
    if not periods:
        raise NotFound(point_id=point.id)
    log(act, point_id, "name_corrected", act.today(), f"{wrong} → {name}"[:200])
    return len(periods)


def change_kind(act: Act, point_id: int, kind: str, host: str | None, day: date) -> None:
    """From a day on it is another kind of point, or somebody else hosts it. Told twice for one day, the later holds."""
    point = point_for(act, point_id)
    can_take(act, point, "kind_changed", day)
    _from_that_day(act, PointKind, point_id, day, {"kind": kind, "host": host})
    _mark(act, PointKind, point, day)
    log(act, point_id, "kind_changed", day, kind)


def move(
    act: Act, point_id: int, day: date, position: Position, area_code: str | None, note: str | None = None
) -> None:
    """From a day on it stands somewhere else (搬迁), or where is not known. ``note``: the town, for the history."""
    point = point_for(act, point_id)
    can_take(act, point, "moved", day)
    facts = {
        "lat": position.lat,
        "lon": position.lon,
        "quality": position.quality,
        "source": position.source,
        "area_code": area_code,
        "community_id": position.community_id,
    }
    _from_that_day(act, PointPosition, point_id, day, facts)
    _mark(act, PointPosition, point, day)
    log(act, point_id, "moved", day, note)


def enrol(act: Act, point_id: int, pupils: int, day: date) -> None:
    """From a day on its host has so many pupils (名). Told twice for one day, the later holds."""
    point = point_for(act, point_id)
    can_take(act, point, "enrolment_changed", day)
    _from_that_day(act, PointEnrolment, point_id, day, {"pupils": pupils})
    _mark(act, PointEnrolment, point, day)
    log(act, point_id, "enrolment_changed", day, str(pupils))


def open_to_community(act: Act, point_id: int, is_open: bool, day: date) -> None:
    """From a day on its neighbours may come too (校外), or they may not any more. Told twice, the later holds."""
    can_take(act, point_for(act, point_id), "openness_changed", day)
    _from_that_day(act, PointOpenness, point_id, day, {"open_to_community": is_open})
    log(act, point_id, "openness_changed", day, "community" if is_open else "in_school")


def _from_that_day(act: Act, table: Any, point_id: int, day: date, facts: dict[str, Any]) -> None:
    key = {"network_id": act.network_id, "point_id": point_id, "valid_from": day}
    db.session.execute(delete(table).where(*(getattr(table, name) == value for name, value in key.items())))
    db.session.execute(insert(table).values(**key, **facts))


def _mark(act: Act, table: Any, point: ServicePoint, day: date) -> None:
    """Facts of months say what the point was at their end. What is the first that is known holds for all before it."""
    db.session.flush()
    earlier = select(table.id).where(
        table.network_id == act.network_id, table.point_id == point.id, table.valid_from < day
    )
    known = db.session.execute(earlier.limit(1)).first() is not None
    mark_stale(act, [point.place_id], month_of(day) if known else EVER)
