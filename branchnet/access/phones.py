"""The phone at the other end, as far as it may send what it has kept: also after its link has ended."""

from dataclasses import dataclass
from datetime import date

from flask import g, request
from sqlalchemy import and_, bindparam, select

from branchnet.access.acts import Act
from branchnet.access.secrets import digest
from branchnet.access.sessions import DEVICE_COOKIE
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import AnswersFor, Device, Person, ServicePoint, TeacherLink


@dataclass(frozen=True, slots=True)
class Phone:
    """A device by its cookie: whose it is, by which link, and whether that link still holds on it."""

    network_id: int
    person_id: int
    link_id: int
    holds: bool

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


# Built once: every submission from a phone asks both.
_PHONE = (
    select(
        Device.network_id,
        TeacherLink.person_id,
        Device.link_id,
        and_(
            Device.generation == TeacherLink.generation, TeacherLink.revoked_at.is_(None), Person.left_on.is_(None)
        ).label("holds"),
    )
    .join(TeacherLink, (TeacherLink.network_id == Device.network_id) & (TeacherLink.id == Device.link_id))
    .join(Person, (Person.network_id == TeacherLink.network_id) & (Person.id == TeacherLink.person_id))
    .where(Device.secret_hash == bindparam("secret"))
)
_ANSWERED = (
    select(
        ServicePoint.id,
        ServicePoint.opened_on,
        ServicePoint.closed_on,
        (AnswersFor.ended_on.is_(None) | (AnswersFor.ended_on > bindparam("today"))).label("still"),
    )
    .join(AnswersFor, (AnswersFor.network_id == ServicePoint.network_id) & (AnswersFor.point_id == ServicePoint.id))
    .where(
        ServicePoint.network_id == bindparam("network"),
        ServicePoint.code == bindparam("code"),
        AnswersFor.person_id == bindparam("person"),
        AnswersFor.valid_from <= bindparam("today"),
    )
)


def phone() -> Phone | None:
    """The phone that sends, if a teacher's link was ever opened on it. Looked up once a request."""
    if "phone" not in g:
        secret = request.cookies.get(DEVICE_COOKIE, "")
        row = db.session.execute(_PHONE, {"secret": digest(secret)}).one_or_none() if secret else None
        g.phone = None if row is None else Phone(row.network_id, row.person_id, row.link_id, bool(row.holds))
    found: Phone | None = g.phone
    return found


def the_phone() -> Phone:
    """The same, inside a guarded view."""
    who = phone()
    if who is None:
        raise NotFound("no_device")
    return who


def sent_for(who: Phone, code: str, today: date) -> SentFor:
    """The point of a code that this person answers for, or once did. Raises NotFound for any other."""
    rows = db.session.execute(
        _ANSWERED, {"network": who.network_id, "person": who.person_id, "code": code, "today": today}
    ).all()
    if not rows:
        raise NotFound(code=code)
    point = rows[0]
    return SentFor(point.id, point.opened_on, point.closed_on, who.holds and any(row.still for row in rows))
