"""Who is at the other end of this request: staff by their session, a teacher by the device that opened a link."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app, g, request
from sqlalchemy import insert, select, update

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.access.pins import pin_problem
from branchnet.access.rules import SEES_BELOW
from branchnet.access.scope import below
from branchnet.access.secrets import digest, link_token, new_secret
from branchnet.config import Settings
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Account, AnswersFor, Device, Network, Person, RoleGrant, SignIn, TeacherLink

STAFF_COOKIE = "branchnet_session"
DEVICE_COOKIE = "branchnet_device"
DEVICE_DAYS = 400
SESSION_DAYS = 14


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is known: in which network, with which roles, or by which link."""

    person_id: int
    network_id: int
    name: str
    roles: frozenset[str] = frozenset()
    sign_in_id: int | None = None
    link_id: int | None = None
    device_id: int | None = None
    language: str | None = None
    networks: frozenset[int] = field(default=frozenset())

    @property
    def act(self) -> Act:
        """This person acting in their own network."""
        return Act(self.network_id, self.person_id)


def actor() -> Actor | None:
    """The member of staff who is signed in, if anybody is. Looked up once a request."""
    if "actor" not in g:
        g.actor = _signed_in(request.cookies.get(STAFF_COOKIE, ""))
    found: Actor | None = g.actor
    return found


def teacher() -> Actor | None:
    """The teacher whose link this device opened, if the link still holds."""
    if "teacher" not in g:
        g.teacher = _known_device(request.cookies.get(DEVICE_COOKIE, ""))
    found: Actor | None = g.teacher
    return found


def _signed_in(secret: str) -> Actor | None:
    if not secret:
        return None
    row = db.session.execute(
        select(SignIn, Account, Person)
        .join(Account, (Account.network_id == SignIn.network_id) & (Account.id == SignIn.account_id))
        .join(Person, (Person.network_id == Account.network_id) & (Person.id == Account.person_id))
        .where(
            SignIn.secret_hash == digest(secret),
            SignIn.ended_at.is_(None),
            SignIn.created_at > clock.now() - timedelta(days=SESSION_DAYS),
            Person.left_on.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    sign_in, account, person = row
    roles = frozenset(
        db.session.scalars(
            select(RoleGrant.role).where(RoleGrant.network_id == person.network_id, RoleGrant.person_id == person.id)
        )
    )
    own = frozenset({person.network_id})
    return Actor(
        person_id=person.id,
        network_id=person.network_id,
        name=person.display_name or "",
        roles=roles,
        sign_in_id=sign_in.id,
        language=account.language,
        networks=below(person.network_id, Act(person.network_id).today()) if roles & SEES_BELOW else own,
    )


def _known_device(secret: str) -> Actor | None:
    if not secret:
        return None
    row = db.session.execute(
        select(Device, TeacherLink, Person)
        .join(TeacherLink, (TeacherLink.network_id == Device.network_id) & (TeacherLink.id == Device.link_id))
        .join(Person, (Person.network_id == TeacherLink.network_id) & (Person.id == TeacherLink.person_id))
        .where(
            Device.secret_hash == digest(secret),
            Device.generation == TeacherLink.generation,
            TeacherLink.revoked_at.is_(None),
            Person.left_on.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    device, link, person = row
    return Actor(
        person_id=person.id,
        network_id=person.network_id,
        name=person.display_name or "",
        link_id=link.id,
        device_id=device.id,
        networks=frozenset({person.network_id}),
    )


def start_session(account: Account, device: str) -> str:
    """Begin a session of an account; returns the secret for the cookie."""
    secret = new_secret()
    now = clock.now()
    db.session.execute(
        insert(SignIn).values(
            network_id=account.network_id,
            account_id=account.id,
            secret_hash=digest(secret),
            device=device[:80],
            created_at=now,
            seen_at=now,
        )
    )
    return secret


def end_session(who: Actor) -> None:
    """End the session: its cookie opens nothing any more."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.network_id == who.network_id, SignIn.id == who.sign_in_id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was opened: in which network (its slug), and the new device's secret for its cookie, if it is new."""

    network: str
    secret: str | None = field(default=None, repr=False)
    problem: str | None = None
    """Why it did not open (see `pins.pin_problem`)."""


def open_link(token: str, label: str, known: Actor | None = None, pin: str | None = None) -> Opened:
    """A teacher's link is opened on a device.

    Opening it on a new phone just works until it is renewed or revoked. On the device that it is ``known`` by, it is
    the same device again, seen now: there is no new secret. Any other one is asked for the PIN where the network asks;
    a wrong one is counted, so this is no refusal that takes everything back. Raises NotFound("link_ended").
    """
    link = db.session.scalars(
        select(TeacherLink)
        .where(TeacherLink.token_hash == digest(token), TeacherLink.revoked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if link is None:
        raise NotFound("link_ended")
    now, network = clock.now(), Act(link.network_id).network
    if known is not None and known.link_id == link.id:
        db.session.execute(
            update(Device)
            .where(Device.network_id == known.network_id, Device.id == known.device_id)
            .values(seen_at=now)
        )
        return Opened(network.slug)
    if network.asks_pin and (problem := pin_problem(link, pin)) is not None:
        return Opened(network.slug, problem=problem)
    secret = new_secret()
    db.session.execute(
        insert(Device).values(
            network_id=link.network_id,
            link_id=link.id,
            generation=link.generation,
            secret_hash=digest(secret),
            label=label[:80],
            first_seen_at=now,
            seen_at=now,
        )
    )
    return Opened(network.slug, secret)


def token_of(link: TeacherLink) -> str:
    """The token of a link, made again from the server's key."""
    settings: Settings = current_app.config["BRANCHNET"]
    return link_token(settings.link_key, link.id, link.generation)


def points_of(network_id: int, person_id: int) -> list[int]:
    """Ids of the points a teacher answers for today."""
    today = Act(network_id).today()
    return list(
        db.session.scalars(
            select(AnswersFor.point_id)
            .where(
                AnswersFor.network_id == network_id,
                AnswersFor.person_id == person_id,
                AnswersFor.valid_from <= today,
                (AnswersFor.ended_on.is_(None)) | (AnswersFor.ended_on > today),
            )
            .order_by(AnswersFor.point_id)
        )
    )


def network_of(who: Actor) -> Network:
    """The network somebody belongs to."""
    return who.act.network
