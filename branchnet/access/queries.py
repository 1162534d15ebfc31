"""People as the pages show them: staff with their sessions, teachers with their links and devices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from branchnet import clock
from branchnet.access.pins import TRIES
from branchnet.access.sessions import SESSION_DAYS, token_of
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Account, AnswersFor, Device, Person, RoleGrant, ServicePoint, SignIn, TeacherLink


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff: login, roles, when last seen, and how many sessions are open."""

    person_id: int
    name: str
    phone: str | None
    login: str
    roles: tuple[str, ...]
    seen_at: datetime | None
    sessions: int


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher: the points they answer for today, how their link stands, and the devices that opened it."""

    person_id: int
    name: str
    phone: str | None
    point_ids: tuple[int, ...]
    link: str
    """``none`` (never made), ``live`` or ``revoked``."""
    devices: int
    """Devices on which the link of today was opened."""
    seen_at: datetime | None
    pin: str = "none"
    """``none`` (never made), ``set``, or ``spent`` (too many wrong ones)."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device that opened a link: what it calls itself, since when, when last, and whether it still opens anything."""

    id: int
    label: str
    first_seen_at: datetime
    seen_at: datetime
    holds: bool


def colleagues(network_id: int) -> list[Colleague]:
    """Everybody who has an account, by name."""
    open_ones = and_(SignIn.ended_at.is_(None), SignIn.created_at > clock.now() - timedelta(days=SESSION_DAYS))
    rows = db.session.execute(
        select(
            Person.id,
            Person.display_name,
            Person.phone,
            Account.login,
            func.max(SignIn.seen_at),
            func.count(SignIn.id).filter(open_ones),
        )
        .join(Account, and_(Account.network_id == Person.network_id, Account.person_id == Person.id))
        .outerjoin(SignIn, and_(SignIn.network_id == Account.network_id, SignIn.account_id == Account.id))
        .where(Person.network_id == network_id, Person.left_on.is_(None))
        .group_by(Person.id, Person.display_name, Person.phone, Account.login)
        .order_by(Account.login)
    ).all()
    roles: dict[int, list[str]] = {}
    for person_id, role in db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.network_id == network_id).order_by(RoleGrant.role)
    ):
        roles.setdefault(person_id, []).append(role)
    return [
        Colleague(person_id, name or "", phone, login, tuple(roles.get(person_id, ())), seen_at, sessions)
        for person_id, name, phone, login, seen_at, sessions in rows
    ]


def teachers(network_id: int, today: date) -> list[Teacher]:
    """Everybody who answers for a point today, or has a link and no account; the newest last."""
    points = _points_by_teacher(network_id, today)
    accounts = select(Account.person_id).where(Account.network_id == network_id)
    holds = _holds()
    rows = db.session.execute(
        select(
            Person.id,
            Person.display_name,
            Person.phone,
            TeacherLink.id.label("link_id"),
            TeacherLink.revoked_at,
            TeacherLink.pin_hash,
            TeacherLink.pin_failures,
            func.count(Device.id).filter(holds).label("devices"),
            func.max(Device.seen_at).label("seen_at"),
        )
        .outerjoin(TeacherLink, and_(TeacherLink.network_id == Person.network_id, TeacherLink.person_id == Person.id))
        .outerjoin(Device, and_(Device.network_id == TeacherLink.network_id, Device.link_id == TeacherLink.id))
        .where(
            Person.network_id == network_id,
            Person.left_on.is_(None),
            or_(Person.id.in_(sorted(points)), and_(TeacherLink.id.is_not(None), Person.id.not_in(accounts))),
        )
        .group_by(
            Person.id,
            Person.display_name,
            Person.phone,
            TeacherLink.id,
            TeacherLink.revoked_at,
            TeacherLink.pin_hash,
            TeacherLink.pin_failures,
        )
        .order_by(Person.id)
    ).all()
    return [
        Teacher(
            row.id,
            row.display_name or "",
            row.phone,
            tuple(points.get(row.id, ())),
            "none" if row.link_id is None else "revoked" if row.revoked_at else "live",
            row.devices,
            row.seen_at,
            "none" if row.pin_hash is None else "spent" if row.pin_failures >= TRIES else "set",
        )
        for row in rows
    ]


def one_teacher(network_id: int, person_id: int, today: date) -> Teacher:
    """One of them. Raises NotFound."""
    for found in teachers(network_id, today):
        if found.person_id == person_id:
            return found
    raise NotFound(person_id=person_id)


def live_token(network_id: int, person_id: int) -> str | None:
    """The token of a teacher's link, made again from the server's key; None where no link opens anything."""
    link = db.session.scalars(
        select(TeacherLink).where(
            TeacherLink.network_id == network_id,
            TeacherLink.person_id == person_id,
            TeacherLink.revoked_at.is_(None),
        )
    ).one_or_none()
    return None if link is None else token_of(link)


def live_tokens(network_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """By teacher the token of their link; those without one that opens are left out. One statement."""
    links = db.session.scalars(
        select(TeacherLink).where(
            TeacherLink.network_id == network_id,
            TeacherLink.person_id.in_(sorted(person_ids)),
            TeacherLink.revoked_at.is_(None),
        )
    )
    return {link.person_id: token_of(link) for link in links}


def answering(network_id: int, point_ids: Iterable[int], today: date) -> dict[int, list[int]]:
    """By point the teachers who answer for it on a day; points that nobody answers for are left out."""
    found: dict[int, list[int]] = {}
    rows = db.session.execute(
        select(AnswersFor.point_id, AnswersFor.person_id)
        .join(Person, and_(Person.network_id == AnswersFor.network_id, Person.id == AnswersFor.person_id))
        .where(
            AnswersFor.network_id == network_id,
            AnswersFor.point_id.in_(sorted(set(point_ids))),
            AnswersFor.valid_from <= today,
            or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > today),
            Person.left_on.is_(None),
        )
        .order_by(AnswersFor.person_id)
    )
    for point_id, person_id in rows:
        found.setdefault(point_id, []).append(person_id)
    return found


def links_at(network_id: int, place_ids: Iterable[int], today: date) -> dict[int, tuple[str, str | None]]:
    """By place the teacher who answers for the point there, and the token of their link where one opens anything.

    Of several the one with a link first. One statement, whatever their number.
    """
    rows: Any = db.session.execute(
        select(ServicePoint.place_id, Person.display_name, TeacherLink)
        .select_from(AnswersFor)
        .join(
            ServicePoint,
            and_(ServicePoint.network_id == AnswersFor.network_id, ServicePoint.id == AnswersFor.point_id),
        )
        .join(Person, and_(Person.network_id == AnswersFor.network_id, Person.id == AnswersFor.person_id))
        .outerjoin(
            TeacherLink,
            and_(
                TeacherLink.network_id == Person.network_id,
                TeacherLink.person_id == Person.id,
                TeacherLink.revoked_at.is_(None),
            ),
        )
        .where(
            AnswersFor.network_id == network_id,
            ServicePoint.place_id.in_(sorted(set(place_ids))),
            AnswersFor.valid_from <= today,
            or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > today),
            Person.left_on.is_(None),
        )
        .order_by(TeacherLink.id.is_(None), Person.id)
    )
    found: dict[int, tuple[str, str | None]] = {}
    for place_id, name, link in rows:
        found.setdefault(place_id, (name or "", None if link is None else token_of(link)))
    return found


def devices_of(network_id: int, person_id: int) -> list[KnownDevice]:
    """The devices that ever opened a teacher's link, the last seen first."""
    rows = db.session.execute(
        select(Device.id, Device.label, Device.first_seen_at, Device.seen_at, _holds())
        .join(TeacherLink, and_(TeacherLink.network_id == Device.network_id, TeacherLink.id == Device.link_id))
        .where(TeacherLink.network_id == network_id, TeacherLink.person_id == person_id)
        .order_by(Device.seen_at.desc(), Device.id.desc())
    )
    return [KnownDevice(*row) for row in rows]


def _holds() -> ColumnElement[bool]:
    """A device opens something while its link has not been renewed or revoked since."""
    return and_(Device.generation == TeacherLink.generation, TeacherLink.revoked_at.is_(None))


def _points_by_teacher(network_id: int, today: date) -> dict[int, list[int]]:
    points: dict[int, list[int]] = {}
    for person_id, point_id in db.session.execute(
        select(AnswersFor.person_id, AnswersFor.point_id)
        .where(
            AnswersFor.network_id == network_id,
            AnswersFor.valid_from <= today,
            or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > today),
        )
        .order_by(AnswersFor.point_id)
    ):
        points.setdefault(person_id, []).append(point_id)
    return points
