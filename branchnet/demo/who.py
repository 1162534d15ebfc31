"""Who can come in to a demo network, and how: its staff's logins, and one teacher's link."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select

from branchnet import clock
from branchnet.access.commands import check_password
from branchnet.access.sessions import token_of
from branchnet.demo.keys import password_of
from branchnet.demo.people import NETWORKS, people
from branchnet.demo.recorder import TIME_ZONE
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import AnswersFor, Network, Person, ServicePoint, TeacherLink
from branchnet.points.queries import points_on

SHOWN = NETWORKS[0].code
"""The network whose people are shown to whoever has just started the demo."""
FIRST = "ZJ-M01"
"""The point whose teacher has boxes to take in and a month to report."""
CHANGED = "-"
"""Stands for a password that is not the demo's any more."""


@dataclass(frozen=True, slots=True)
class SignsIn:
    """A member of staff."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Opens:
    """A teacher, the point they answer for, and the path of their link."""

    name: str
    point: str
    path: str


def who() -> dict[str, dict[str, str]]:
    """By role the login and password of a demo network's staff; under ``teacher`` a name, a point and a path.

    Raises NotFound where there is no demo, or no teacher has a link that opens anything.
    """
    found: dict[str, dict[str, str]] = {
        person.role: asdict(_signs_in(person.login)) for person in people() if person.network == SHOWN
    }
    found["teacher"] = asdict(_opens())
    return found


def _signs_in(login: str) -> SignsIn:
    password = password_of(login)
    return SignsIn(login, password if check_password(login, password) else CHANGED)


def _opens() -> Opens:
    row = db.session.execute(
        select(TeacherLink, Person.display_name, ServicePoint.id, Network.id.label("network_id"))
        .join(Network, Network.id == TeacherLink.network_id)
        .join(Person, (Person.network_id == Network.id) & (Person.id == TeacherLink.person_id))
        .join(AnswersFor, (AnswersFor.network_id == Network.id) & (AnswersFor.person_id == Person.id))
        .join(ServicePoint, (ServicePoint.network_id == Network.id) & (ServicePoint.id == AnswersFor.point_id))
        .where(
            Network.slug == SHOWN,
            TeacherLink.revoked_at.is_(None),
            Person.left_on.is_(None),
            AnswersFor.ended_on.is_(None),
        )
        .order_by(ServicePoint.code != FIRST, ServicePoint.code)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("no_demo", slug=SHOWN)
    link, name, point_id, network_id = row
    point = points_on([network_id], clock.today(TIME_ZONE), [point_id])[0]
    return Opens(name or "", point.name, f"/t/{token_of(link)}")
