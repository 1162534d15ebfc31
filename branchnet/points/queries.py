"""Points as they are on a day: name, kind, position, openness and enrolment, each the latest that is valid then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, inspect, select
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
    PointPosition,
    ServicePoint,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A service point as it is on a day."""

    id: int
    network_id: int
    place_id: int
    code: str
    name: str
    pinyin: str
    kind: str
    host: str | None
    opened_on: date | None
    unveiled_on: date | None
    closed_on: date | None
    lat: float | None
    lon: float | None
    quality: str | None
    area_code: str | None
    open_to_community: bool
    pupils: int | None
    source: str | None

    def open_on(self, day: date) -> bool:
        """Whether it is open on a day."""
        return self.opened_on is not None and self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


def points_on(networks: Iterable[int], day: date, ids: Sequence[int] | None = None) -> list[Point]:
    """All points of these networks as they are on a day, by name. One statement, whatever their number."""
    query = _as_of(day).where(ServicePoint.network_id.in_(sorted(networks)))
    if ids is not None:
        query = query.where(ServicePoint.id.in_(ids))
    rows = db.session.execute(query.order_by("pinyin", ServicePoint.id)).mappings()
    return [Point(**row) for row in rows]


def point_on(networks: Iterable[int], code: str, day: date, network_id: int | None = None) -> Point:
    """The point of a code. Raises NotFound where no network that one sees has it."""
    query = _as_of(day).where(ServicePoint.network_id.in_(sorted(networks)), ServicePoint.code == code)
    if network_id is not None:
        query = query.where(ServicePoint.network_id == network_id)
    row = db.session.execute(query.order_by(ServicePoint.network_id)).mappings().first()
    if row is None:
        raise NotFound(code=code)
    return Point(**row)


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
        kind.kind,
        kind.host,
        ServicePoint.opened_on,
        ServicePoint.unveiled_on,
        ServicePoint.closed_on,
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


def central_place(network_id: int, kind: str) -> int:
    """The network's one place of a kind: shelf, workroom, supply, to_be_disposed, lost, withdrawn."""
    return int(
        db.session.execute(select(Place.id).where(Place.network_id == network_id, Place.kind == kind)).scalar_one()
    )


def names_of_places(network_id: int, place_ids: Iterable[int], day: date) -> dict[int, str]:
    """Names of the points among these places; other places have no name of their own."""
    wanted = sorted(set(place_ids))
    ids = db.session.scalars(
        select(ServicePoint.id).where(ServicePoint.network_id == network_id, ServicePoint.place_id.in_(wanted))
    ).all()
    return {point.place_id: point.name for point in points_on([network_id], day, list(ids))}
