"""The life of a point, told: its steps, its names, and which closed points still hold books."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import and_, case, or_, select

from branchnet.extensions import db
from branchnet.models import AuditRecord, HandOver, Network, Person, PointEvent, PointName, PointPosition


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A step of a point: the day it happened, when and by whom it was recorded, and what was said."""

    step: str
    happened_on: date
    recorded_at: datetime
    person: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Called:
    """What a point is called from a day on."""

    name: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class HandedOver:
    """From a day on a point is another network's (``went``), or came from there: that network by its name alone."""

    went: bool
    network: str
    happened_on: date


def hand_overs_of(network_id: int, point_id: int) -> list[HandedOver]:
    """Where the point came from and where it went, where other networks have to do with that."""
    went = and_(HandOver.network_id == network_id, HandOver.point_id == point_id)
    came = and_(HandOver.to_network_id == network_id, HandOver.to_point_id == point_id)
    other = case((went, HandOver.to_network_id), else_=HandOver.network_id)
    rows = db.session.execute(
        select(HandOver.network_id == network_id, Network.name, HandOver.happened_on)
        .join(Network, Network.id == other)
        .where(or_(went, came))
        .order_by(HandOver.id)
    )
    return [HandedOver(bool(here), name, day) for here, name, day in rows]


def life_of(network_id: int, point_id: int) -> list[LifeEvent]:
    """Every step of its life, the one recorded last first."""
    rows = db.session.execute(
        select(PointEvent.step, PointEvent.happened_on, PointEvent.recorded_at, Person.display_name, PointEvent.note)
        .outerjoin(Person, and_(Person.network_id == PointEvent.network_id, Person.id == PointEvent.recorded_by))
        .where(PointEvent.network_id == network_id, PointEvent.point_id == point_id)
        .order_by(PointEvent.id.desc())
    )
    return [LifeEvent(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Move:
    """A move that stands: the position that began on its day, and the one that held before."""

    to: PointPosition
    was: PointPosition


def moves_of(network_id: int, point_id: int) -> list[Move]:
    """Its moves, the last first. Where it stood first is none."""
    rows = db.session.scalars(
        select(PointPosition)
        .where(PointPosition.network_id == network_id, PointPosition.point_id == point_id)
        .order_by(PointPosition.valid_from.desc())
        .execution_options(populate_existing=True)
    ).all()
    return [Move(to, was) for to, was in pairwise(rows)]


def move_on(network_id: int, point_id: int, day: date) -> Move | None:
    """The move of a day, if one stands."""
    return next((move for move in moves_of(network_id, point_id) if move.to.valid_from == day), None)


@dataclass(frozen=True, slots=True)
class Located:
    """Its position was put right: since when that holds, the degrees before and after, how exact, by whom and when."""

    since: str | None
    was: str | None
    now: str | None
    quality: str | None
    recorded_at: datetime
    person: str | None
    area: bool = False
    """Whether it was the area that was put right, because its community's code was."""


def located_of(network_id: int, point_id: int) -> list[Located]:
    """Whenever its position was put right without its moving, or its area with its community's, the last first.

    Of an area ``was`` and ``now`` are codes, and there is no quality.
    """
    rows = db.session.execute(
        select(AuditRecord.detail, AuditRecord.recorded_at, Person.display_name)
        .outerjoin(Person, and_(Person.network_id == AuditRecord.network_id, Person.id == AuditRecord.person_id))
        .where(
            AuditRecord.network_id == network_id,
            AuditRecord.action.in_(("point.located", "point.area")),
            AuditRecord.subject == "point",
            AuditRecord.subject_id == point_id,
        )
        .order_by(AuditRecord.id.desc())
    )
    found = []
    for told, when, person in rows:
        since, was, now, quality = (_text(told.get(name)) for name in ("since", "was", "now", "quality"))
        found.append(Located(since, was, now, quality, when, person, area="community" in told))
    return found


def _text(told: object) -> str | None:
    return None if told is None else str(told)


def all_names(network_id: int) -> dict[int, list[str]]:
    """By point every name it has had."""
    found: dict[int, list[str]] = {}
    wanted = select(PointName.point_id, PointName.name).where(PointName.network_id == network_id)
    for point_id, name in db.session.execute(wanted):
        found.setdefault(point_id, []).append(name)
    return found


def names_of(network_id: int, point_id: int) -> list[Called]:
    """Every name it has had, the one of now first."""
    rows = db.session.execute(
        select(PointName.name, PointName.valid_from)
        .where(PointName.network_id == network_id, PointName.point_id == point_id)
        .order_by(PointName.valid_from.desc())
    )
    return [Called(*row) for row in rows]
