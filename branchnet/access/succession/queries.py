"""Who hands over to whom, as the teacher and as staff see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from branchnet.access.secrets import digest
from branchnet.extensions import db
from branchnet.models import Account, Device, Person, Succession, TeacherLink


@dataclass(frozen=True, slots=True)
class Handing:
    """A teacher's last word on a successor. Once decided it has no name any more."""

    person_id: int
    name: str | None
    phone: str | None
    said_at: datetime
    accepted: bool | None
    """None: nobody has decided."""
    withdrawn: bool
    """The teacher decided themselves, to stay."""


def last_word(network_id: int, person_id: int) -> Handing | None:
    """What a teacher last said about a successor, decided or not."""
    row = db.session.scalars(
        select(Succession)
        .where(Succession.network_id == network_id, Succession.person_id == person_id)
        .order_by(Succession.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _handing(row)


def undecided(network_id: int) -> Mapping[int, Handing]:
    """By teacher the successor that waits for a decision, the first first."""
    rows = db.session.scalars(
        select(Succession)
        .where(Succession.network_id == network_id, Succession.decided_at.is_(None))
        .order_by(Succession.id)
    )
    return {row.person_id: _handing(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the network who may be the colleague."""

    person_id: int
    name: str
    phone: str | None
    left: bool


def may_take_over(network_id: int, handing: Handing) -> list[Known]:
    """Everybody else who has not left, and who has under the name that was said; those of that name first.

    Who signs in at the library takes over no shelf by mistake: they are offered under the very name alone.
    """
    signs_in = exists().where(Account.network_id == Person.network_id, Account.person_id == Person.id)
    rows = db.session.execute(
        select(Person.id, Person.display_name, Person.phone, Person.left_on.is_not(None)).where(
            Person.network_id == network_id,
            Person.id != handing.person_id,
            Person.display_name.is_not(None),
            or_(and_(Person.left_on.is_(None), ~signs_in), Person.display_name == handing.name),
        )
    )
    found = [Known(person_id, name or "", phone, left) for person_id, name, phone, left in rows]
    return sorted(found, key=lambda one: (one.name != handing.name, one.name, one.person_id))


def handed_over(secret: str) -> bool:
    """Whether a device's link ended because its teacher handed over."""
    found = (
        select(Succession.id)
        .join(
            TeacherLink,
            and_(TeacherLink.network_id == Succession.network_id, TeacherLink.person_id == Succession.person_id),
        )
        .join(Device, and_(Device.network_id == TeacherLink.network_id, Device.link_id == TeacherLink.id))
        .where(
            Device.secret_hash == digest(secret),
            Device.generation == TeacherLink.generation,
            TeacherLink.revoked_at.is_not(None),
            Succession.accepted.is_(True),
        )
    )
    return db.session.execute(found.limit(1)).first() is not None


def _handing(row: Succession) -> Handing:
    return Handing(
        row.person_id,
        row.successor_name,
        row.successor_phone,
        row.said_at,
        row.accepted,
        row.accepted is False and row.decided_by == row.person_id,
    )
