"""Networks get their places; points enter the books with what is true of them from the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import (
    Community,
    Place,
    PointEnrolment,
    PointEvent,
    PointKind,
    PointName,
    PointOpenness,
    PointPosition,
    ServicePoint,
)

CENTRAL_PLACES = ("shelf", "workroom", "supply", "to_be_disposed", "lost", "withdrawn")
# Built once: every dispatch makes a road.
_NEW_PLACE = insert(Place).returning(Place.id)


@dataclass(frozen=True, slots=True)
class Position:
    """Where something stands: WGS-84 degrees and how well they are known; or neither."""

    lat: float | None = None
    lon: float | None = None
    quality: str | None = None
    source: str | None = None
    community_id: int | None = None
    """Of a point: the community of the register that was chosen for it."""


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A service point as it is when it enters the books."""

    code: str
    name: str
    kind: str
    valid_from: date
    host: str | None = None
    opened_on: date | None = None
    unveiled_on: date | None = None
    position: Position = Position()
    area_code: str | None = None
    open_to_community: bool = False
    pupils: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class NewCommunity:
    """A place where children live or learn, as a register gives it."""

    kind: str
    name: str
    code: str | None = None
    parent_code: str | None = None
    county: str | None = None
    town: str | None = None
    urban_rural: str | None = None
    children: int | None = None
    position: Position = Position()


def spell(name: str) -> dict[str, str]:
    """A name with its pinyin, by which it sorts, and its initials, by which it is found."""
    return {
        "name": name,
        "pinyin": "".join(lazy_pinyin(name)).lower()[:400],
        "initials": "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:100],
    }


def lay_places(act: Act) -> None:
    """Give a new network the places that every network has: shelf, workroom, supply, and those for losses."""
    now = clock.now()
    rows = [
        {"network_id": act.network_id, "kind": kind, "keeps": kind != "supply", "created_at": now}
        for kind in CENTRAL_PLACES
    ]
    db.session.execute(insert(Place), rows)


def new_place(act: Act, kind: str) -> int:
    """A place of a kind that there are many of: a point's, or a batch's road."""
    row = {"network_id": act.network_id, "kind": kind, "keeps": True, "created_at": clock.now()}
    return int(db.session.execute(_NEW_PLACE, row).scalar_one())


def open_point(act: Act, point: NewPoint) -> int:
    """Enter a service point with its name, kind, position, openness and enrolment. Returns its id.

    Raises Conflict("code_known") where the code is another point's.
    """
    taken = select(ServicePoint.id).where(ServicePoint.network_id == act.network_id, ServicePoint.code == point.code)
    if db.session.execute(taken).first() is not None:
        raise Conflict("code_known", code=point.code)
    row = ServicePoint(
        network_id=act.network_id,
        place_id=new_place(act, "point"),
        code=point.code,
        opened_on=point.opened_on,
        unveiled_on=point.unveiled_on,
        source=point.source,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    for table, facts in _first_facts(point):
        db.session.execute(
            insert(table).values(network_id=act.network_id, point_id=row.id, valid_from=point.valid_from, **facts)
        )
    if point.opened_on is not None:
        _say_opened(act, row.id, point.opened_on)
    return row.id


def _say_opened(act: Act, point_id: int, day: date) -> None:
    """The first line of its history."""
    who = {"recorded_at": clock.now(), "recorded_by": act.person_id}
    db.session.execute(
        insert(PointEvent).values(network_id=act.network_id, point_id=point_id, step="opened", happened_on=day, **who)
    )


def _first_facts(point: NewPoint) -> list[tuple[Any, dict[str, Any]]]:
    facts: list[tuple[Any, dict[str, Any]]] = [
        (PointName, spell(point.name)),
        (PointKind, {"kind": point.kind, "host": point.host}),
        (PointPosition, {**_position(point.position), **_area(point)}),
        (PointOpenness, {"open_to_community": point.open_to_community}),
    ]
    if point.pupils is not None:
        facts.append((PointEnrolment, {"pupils": point.pupils}))
    return facts


def _area(point: NewPoint) -> dict[str, Any]:
    return {"area_code": point.area_code, "community_id": point.position.community_id}


def _position(position: Position) -> dict[str, Any]:
    return {
        "lat": position.lat,
        "lon": position.lon,
        "quality": position.quality,
        "source": position.source,
    }


def register_communities(act: Act, communities: Sequence[NewCommunity]) -> int:
    """Add communities to the register; codes that are known already stay as they are. Returns how many were new."""
    known = set(
        db.session.scalars(
            select(Community.code).where(Community.network_id == act.network_id, Community.code.is_not(None))
        )
    )
    now = clock.now()
    rows = [
        {
            "network_id": act.network_id,
            "kind": community.kind,
            "code": community.code,
            "parent_code": community.parent_code,
            "county": community.county,
            "town": community.town,
            "urban_rural": community.urban_rural,
            "children": community.children,
            "created_at": now,
            **spell(community.name),
            **_position(community.position),
        }
        for community in communities
        if community.code not in known
    ]
    if rows:
        db.session.execute(insert(Community), rows)
    return len(rows)
