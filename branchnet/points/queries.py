"""Points as they are on a day: name, kind, position, openness and enrolment, each the latest that is valid then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, inspect, select
from sqlalchemy.orm import aliased

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import (
    Place,
    PointEnrolment,
    PointKind,
    PointName,
    PointOpenness,
    PointPause,
    PointPosition,
    ServicePoint,
)
from branchnet.points.life.rules import Pause, stage

_CENTRAL = select(Place.id).where(Place.network_id == bindparam("network"), Place.kind == bindparam("kind"))


@dataclass(frozen=True, slots=True)
class Point:
    """A service point as it is on a day."""

    id: int
    network_id: int
    place_id: int
    code: str
    name: str
    pinyin: str
    former: str | None
    """What it was called before it got this name (原…)."""
    kind: str
    host: str | None
    opened_on: date | None
    unveiled_on: date | None
    closed_on: date | None
    successor_id: int | None
    lat: float | None
    lon: float | None
    quality: str | None
    area_code: str | None
    open_to_community: bool
    pupils: int | None
    source: str | None
    pauses: tuple[Pause, ...] = ()
    """Whenever it was or is closed for a while, the first first."""

    def open_on(self, day: date) -> bool:
        """Whether it is open on a day: not before it opened, not while it is paused, not from the day it closed."""
        return self.stage_on(day) == "open"

    def stage_on(self, day: date) -> str:
        """How it stands on a day: unopened, open, paused or closed."""
        return stage(day, self.opened_on, self.closed_on, self.pauses)


def points_on(networks: Iterable[int], day: date, ids: Sequence[int] | None = None) -> list[Point]:
    """All points of these networks as they are on a day, by name. Two statements, whatever their number."""
    query = _as_of(day).where(ServicePoint.network_id.in_(sorted(networks)))
    if ids is not None:
        query = query.where(ServicePoint.id.in_(ids))
    rows = db.session.execute(query.order_by("pinyin", ServicePoint.id)).mappings()
    return _with_pauses([Point(**row) for row in rows])


def point_on(networks: Iterable[int], code: str, day: date, network_id: int | None = None) -> Point:
    """The point of a code. Raises NotFound where no network that one sees has it."""
    query = _as_of(day).where(ServicePoint.network_id.in_(sorted(networks)), ServicePoint.code == code)
    if network_id is not None:
        query = query.where(ServicePoint.network_id == network_id)
    row = db.session.execute(query.order_by(ServicePoint.network_id)).mappings().first()
    if row is None:
        raise NotFound(code=code)
    return _with_pauses([Point(**row)])[0]


def _with_pauses(points: list[Point]) -> list[Point]:
    found = pauses_of({point.network_id for point in points}, [point.id for point in points])
    return [replace(point, pauses=tuple(found[point.id])) if point.id in found else point for point in points]


def pauses_of(networks: Iterable[int], point_ids: Sequence[int] | None = None) -> dict[int, list[Pause]]:
    """By point the times it was or is closed for a while, the first first; points without any are left out.

    ``point_ids``: of these points alone.
    """
    query = (
        select(PointPause.point_id, PointPause.begins_on, PointPause.ends_on, PointPause.reason)
        .where(PointPause.network_id.in_(sorted(networks)))
        .order_by(PointPause.begins_on)
    )
    rows = db.session.execute(query if point_ids is None else query.where(PointPause.point_id.in_(point_ids)))
    found: dict[int, list[Pause]] = {}
    for point_id, begins_on, ends_on, reason in rows:
        found.setdefault(point_id, []).append(Pause(begins_on, ends_on, reason))
    return found


def _as_of(day: date) -> Rows:
    """A point whose facts begin later than the day is shown with its first ones."""
    tables: list[Any] = [
        aliased(table) for table in (PointName, PointKind, PointPosition, PointOpenness, PointEnrolment)
    ]
    name, kind, position, openness, pupils = tables
    query: Rows = select(
        ServicePoint.id,
        ServicePoint.network_id,
        ServicePoint.place_id,
        ServicePoint.code,
        name.name,
        name.pinyin.label("pinyin"),
        _former(name).label("former"),
        kind.kind,
        kind.host,
        ServicePoint.opened_on,
        ServicePoint.unveiled_on,
        ServicePoint.closed_on,
        ServicePoint.successor_id,
        position.lat,
        position.lon,
        position.quality,
        position.area_code,
        func.coalesce(openness.open_to_community, False).label("open_to_community"),
        pupils.pupils,
        ServicePoint.source,
    ).select_from(ServicePoint)
    for table in tables:
        query = query.outerjoin(
            table,
            and_(
                table.network_id == ServicePoint.network_id,
                table.point_id == ServicePoint.id,
                table.valid_from == _valid(table, day),
            ),
        )
    return query


def _valid(table: Any, day: date) -> Any:
    """The date of the dated fact that holds on a day: the latest up to it, else the first."""
    other: Any = aliased(inspect(table).mapper.class_)
    mine = (other.network_id == ServicePoint.network_id, other.point_id == ServicePoint.id)
    latest = select(func.max(other.valid_from)).where(*mine, other.valid_from <= day)
    first = select(func.min(other.valid_from)).where(*mine)
    return func.coalesce(
        latest.correlate(ServicePoint).scalar_subquery(), first.correlate(ServicePoint).scalar_subquery()
    )


def _former(name: Any) -> Any:
    """The name that held last before this one, where it was another."""
    before: Any = aliased(PointName)
    return (
        select(before.name)
        .where(
            before.network_id == name.network_id,
            before.point_id == name.point_id,
            before.valid_from < name.valid_from,
            before.name != name.name,
        )
        .order_by(before.valid_from.desc())
        .limit(1)
        .correlate(name)
        .scalar_subquery()
    )


def central_place(network_id: int, kind: str) -> int:
    """The network's one place of a kind: shelf, workroom, supply, to_be_disposed, lost, withdrawn."""
    return int(db.session.execute(_CENTRAL, {"network": network_id, "kind": kind}).scalar_one())


def names_of_places(network_id: int, place_ids: Iterable[int], day: date) -> dict[int, str]:
    """Names of the points among these places; other places have no name of their own."""
    wanted = sorted(set(place_ids))
    ids = db.session.scalars(
        select(ServicePoint.id).where(ServicePoint.network_id == network_id, ServicePoint.place_id.in_(wanted))
    ).all()
    return {point.place_id: point.name for point in points_on([network_id], day, list(ids))}
