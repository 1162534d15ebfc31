"""The phone at the other end, as far as it may send what it has kept: also after its link has ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, request
from sqlalchemy import and_, bindparam, select

from branchnet.access.acts import Act, zone_is
from branchnet.access.secrets import digest
from branchnet.access.sessions import DEVICE_COOKIE
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import AnswersFor, Device, Network, Person, ServicePoint, TeacherLink


@dataclass(frozen=True, slots=True)
class Phone:
    """A device by its cookie: whose it is, by which link, and whether that link still holds on it."""

    network_id: int
    person_id: int
    link_id: int
    holds: bool
    answered: tuple[Any, ...] = ()
    """When its person answers, or answered, for the point that the request's address names: rows, in no order."""

    @property
    def act(self) -> Act:
        """Its person acting."""
        return Act(self.network_id, self.person_id)


@dataclass(frozen=True, slots=True)
class SentFor:
    """The point that something is sent for, and whether the sender still answers for it on a link that holds."""

    point_id: int
    opened_on: date | None
    closed_on: date | None
    holds: bool


# Built once, of plain tables, and one statement for both questions: every submission from a phone asks them.
_DEVICES: Any = Device.__table__
_LINKS: Any = TeacherLink.__table__
_PEOPLE: Any = Person.__table__
_NETWORKS: Any = Network.__table__
_POINTS: Any = ServicePoint.__table__
_ANSWERS: Any = AnswersFor.__table__
_NAMED = _ANSWERS.join(
    _POINTS,
    and_(
        _POINTS.c.network_id == _ANSWERS.c.network_id,
        _POINTS.c.id == _ANSWERS.c.point_id,
        _POINTS.c.code == bindparam("code"),
    ),
)
_PHONE = (
    select(
        _DEVICES.c.network_id,
        _DEVICES.c.link_id,
        _LINKS.c.person_id,
        and_(
            _DEVICES.c.generation == _LINKS.c.generation, _LINKS.c.revoked_at.is_(None), _PEOPLE.c.left_on.is_(None)
        ).label("holds"),
        _NETWORKS.c.time_zone,
        _POINTS.c.id.label("point_id"),
        _POINTS.c.opened_on,
        _POINTS.c.closed_on,
        _ANSWERS.c.valid_from,
        _ANSWERS.c.ended_on,
    )
    .select_from(
        _DEVICES.join(_LINKS, and_(_LINKS.c.network_id == _DEVICES.c.network_id, _LINKS.c.id == _DEVICES.c.link_id))
        .join(_PEOPLE, and_(_PEOPLE.c.network_id == _LINKS.c.network_id, _PEOPLE.c.id == _LINKS.c.person_id))
        .join(_NETWORKS, _NETWORKS.c.id == _DEVICES.c.network_id)
        .outerjoin(_NAMED, and_(_ANSWERS.c.network_id == _PEOPLE.c.network_id, _ANSWERS.c.person_id == _PEOPLE.c.id))
    )
    .where(_DEVICES.c.secret_hash == bindparam("secret"))
)


def phone() -> Phone | None:
    """The phone that sends, if a teacher's link was ever opened on it. Looked up once a request."""
    if "phone" not in g:
        g.phone = _looked_up(request.cookies.get(DEVICE_COOKIE, ""), (request.view_args or {}).get("code", ""))
    found: Phone | None = g.phone
    return found


def _looked_up(secret: str, code: str) -> Phone | None:
    rows = db.session.execute(_PHONE, {"secret": digest(secret), "code": code}).all() if secret else []
    if not rows:
        return None
    zone_is(rows[0].network_id, rows[0].time_zone)
    answered = tuple(row for row in rows if row.point_id is not None)
    return Phone(rows[0].network_id, rows[0].person_id, rows[0].link_id, bool(rows[0].holds), answered)


def the_phone() -> Phone:
    """The same, inside a guarded view."""
    who = phone()
    if who is None:
        raise NotFound("no_device")
    return who


def sent_for(who: Phone, today: date) -> SentFor:
    """The point of the address, where this person answers for it, or once did. Raises NotFound for any other."""
    begun = [row for row in who.answered if row.valid_from <= today]
    if not begun:
        raise NotFound
    still = any(row.ended_on is None or row.ended_on > today for row in begun)
    point = begun[0]
    return SentFor(point.point_id, point.opened_on, point.closed_on, who.holds and still)
