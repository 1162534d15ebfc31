"""Networks, people, their accounts and roles, and teachers' links."""

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, update

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.secrets import digest, hash_password, password_fits
from branchnet.access.sessions import token_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import (
    Account,
    AnswersFor,
    Device,
    Network,
    NetworkParent,
    Person,
    RoleGrant,
    SignIn,
    TeacherLink,
)

SHORTEST_PASSWORD = 8


def found_network(slug: str, name: str, valid_from: date, parent_id: int | None = None) -> Network:
    """Begin a network, from a day on under another one or under none. Raises Conflict("slug_known")."""
    if db.session.scalar(select(Network.id).where(Network.slug == slug)) is not None:
        raise Conflict("slug_known", slug=slug)
    network = Network(slug=slug, name=name, created_at=clock.now())
    db.session.add(network)
    db.session.flush()
    place_under(network.id, parent_id, valid_from)
    return network


def place_under(network_id: int, parent_id: int | None, valid_from: date) -> None:
    """From a day on the network stands under another one, or under none."""
    db.session.execute(insert(NetworkParent).values(network_id=network_id, parent_id=parent_id, valid_from=valid_from))


def add_person(act: Act, display_name: str, phone: str | None = None) -> int:
    """Enter a member of staff or a teacher. Returns the person's id."""
    name = display_name.strip()
    if not name or len(name) > 40:
        raise Invalid("name", fields={"display_name": "required"})
    person_id = int(
        db.session.execute(
            insert(Person)
            .values(network_id=act.network_id, display_name=name, phone=phone, created_at=clock.now())
            .returning(Person.id)
        ).scalar_one()
    )
    audit.record(act, "person.added", "person", person_id)
    return person_id


def give_account(act: Act, person_id: int, login: str, password: str, roles: Sequence[str]) -> int:
    """Let a person sign in, in these roles. Raises Conflict("login_known"), Invalid("password_short")."""
    login = login.strip().lower()
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("password_short", fields={"password": "password_short"})
    if db.session.scalar(select(Account.id).where(Account.login == login)) is not None:
        raise Conflict("login_known", login=login)
    account_id = int(
        db.session.execute(
            insert(Account)
            .values(
                network_id=act.network_id,
                person_id=person_id,
                login=login,
                password_hash=hash_password(password),
                created_at=clock.now(),
            )
            .returning(Account.id)
        ).scalar_one()
    )
    db.session.execute(
        insert(RoleGrant),
        [{"network_id": act.network_id, "person_id": person_id, "role": role} for role in roles],
    )
    audit.record(act, "account.given", "person", person_id, roles=",".join(sorted(roles)))
    return account_id


def check_password(login: str, password: str) -> Account | None:
    """The account that a login and a password open, if they do. Nobody's who has left."""
    account = db.session.scalars(
        select(Account)
        .join(Person, (Person.network_id == Account.network_id) & (Person.id == Account.person_id))
        .where(Account.login == login.strip().lower(), Person.left_on.is_(None))
    ).one_or_none()
    fits = password_fits(account.password_hash if account else None, password)
    return account if fits else None


def end_sessions(act: Act, person_id: int) -> int:
    """End all sessions of a person. Returns how many were open."""
    accounts = select(Account.id).where(Account.network_id == act.network_id, Account.person_id == person_id)
    ended = db.session.scalars(
        update(SignIn)
        .where(SignIn.network_id == act.network_id, SignIn.account_id.in_(accounts), SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(SignIn.id)
    ).all()
    audit.record(act, "sessions.ended", "person", person_id, sessions=len(ended))
    return len(ended)


def answers_for(act: Act, person_id: int, point_id: int, valid_from: date) -> None:
    """From a day on a teacher answers for a point."""
    db.session.execute(
        insert(AnswersFor).values(
            network_id=act.network_id, person_id=person_id, point_id=point_id, valid_from=valid_from
        )
    )
    audit.record(act, "answers_for.added", "person", person_id, point_id=point_id)


def make_link(act: Act, person_id: int) -> str:
    """Give a teacher their personal link, or make the one they have again. Returns its token."""
    link = _link(act, person_id)
    if link is None:
        link = TeacherLink(
            network_id=act.network_id,
            person_id=person_id,
            generation=1,
            token_hash=secrets.token_hex(32),
            created_at=clock.now(),
        )
        db.session.add(link)
        db.session.flush()
        link.token_hash = digest(token_of(link))
        db.session.flush()
        audit.record(act, "link.made", "person", person_id)
    if link.revoked_at is not None:
        raise Conflict("link_revoked")
    return token_of(link)


def renew_link(act: Act, person_id: int) -> str:
    """A new link for a teacher: the old one and its devices open nothing any more. Returns the new token."""
    link = _existing(act, person_id)
    link.generation += 1
    link.revoked_at = None
    link.token_hash = digest(token_of(link))
    db.session.flush()
    audit.record(act, "link.renewed", "person", person_id, generation=link.generation)
    return token_of(link)


def revoke_link(act: Act, person_id: int) -> None:
    """A teacher's link and its devices open nothing any more."""
    link = _existing(act, person_id)
    link.revoked_at = clock.now()
    db.session.flush()
    audit.record(act, "link.revoked", "person", person_id)


def end_device(act: Act, person_id: int, device_id: int) -> None:
    """One phone is known no more; the link and the other phones stay. Who still has the link can open it again there.

    Raises NotFound.
    """
    ended = db.session.execute(
        update(Device)
        .where(
            Device.network_id == act.network_id,
            Device.id == device_id,
            Device.link_id == _existing(act, person_id).id,
        )
        # A link's generations begin with 1: of none it is a device of that link.
        .values(generation=0)
        .returning(Device.id)
    ).one_or_none()
    if ended is None:
        raise NotFound(device_id=device_id)
    audit.record(act, "device.ended", "person", person_id, device_id=device_id)


def _existing(act: Act, person_id: int) -> TeacherLink:
    link = _link(act, person_id)
    if link is None:
        raise NotFound("link_unknown")
    return link


def _link(act: Act, person_id: int) -> TeacherLink | None:
    return db.session.scalars(
        select(TeacherLink)
        .where(TeacherLink.network_id == act.network_id, TeacherLink.person_id == person_id)
        .with_for_update()
    ).one_or_none()
