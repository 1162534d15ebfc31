"""Six digits that a new phone is asked for, where the network asks. A wrong one is counted; staff make a new one."""

import unicodedata
from collections.abc import Iterable, Mapping

from flask import current_app
from sqlalchemy import select, update

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.secrets import hash_pin, link_pin, password_fits
from branchnet.config import Settings
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Network, TeacherLink

AT_ONCE = 500
"""PINs made with one press: a few seconds of hashing, twice."""
TRIES = 10
"""After so many wrong ones in a row only a new PIN opens the link on a phone that it does not know."""


def ask_for_pins(act: Act, asked: bool) -> None:
    """From now on a phone that a link does not know is asked for its PIN, or is not. Known phones never are."""
    db.session.execute(update(Network).where(Network.id == act.network_id).values(asks_pin=asked))
    audit.record(act, "pins.asked", "network", act.network_id, asked=asked)


def make_pin(act: Act, person_id: int, operation: str) -> None:
    """A new PIN for a teacher's link, made for an operation; the old one holds no more. Raises NotFound."""
    link = _link(act, person_id)
    link.pin_hash, link.pin_failures = hash_pin(link_pin(_key(), link.id, operation)), 0
    db.session.flush()
    audit.record(act, "pin.made", "person", person_id)


def pin_made(act: Act, person_id: int, operation: str) -> str | None:
    """The PIN that an operation made, to be shown to who made it; None where another has been made since."""
    link = _link(act, person_id)
    pin = link_pin(_key(), link.id, operation)
    return pin if password_fits(link.pin_hash, pin) else None


def hashed_pins(act: Act, people: Iterable[int], operation: str) -> dict[int, str]:
    """By teacher whose link opens the hash of a PIN for an operation: some ms each, so before anything is locked."""
    links = db.session.scalars(_live(act, people)).all()
    return {link.person_id: hash_pin(link_pin(_key(), link.id, operation)) for link in links}


def keep_pins(act: Act, hashed: Mapping[int, str], anew: bool) -> list[int]:
    """New PINs for these teachers; without ``anew`` only for those who have none that can be used. Returns whose."""
    made = []
    for link in db.session.scalars(_live(act, hashed).with_for_update()):
        if anew or link.pin_hash is None or link.pin_failures >= TRIES:
            link.pin_hash, link.pin_failures = hashed[link.person_id], 0
            made.append(link.person_id)
    db.session.flush()
    audit.record_each(act, "pin.made", "person", made)
    return made


def pins_made(act: Act, people: Iterable[int], operation: str) -> dict[int, str]:
    """By teacher the PIN that an operation made, as `pin_made`; those who have had another since are left out."""
    links = db.session.scalars(_live(act, people)).all()
    pins = {link: link_pin(_key(), link.id, operation) for link in links}
    return {link.person_id: pin for link, pin in pins.items() if password_fits(link.pin_hash, pin)}


def pin_problem(link: TeacherLink, pin: str | None) -> str | None:
    """Why a link does not open on a new phone, the link under lock: unset, spent, needed or wrong; None: it opens.

    A wrong one is counted, a right one forgives those before it.
    """
    if link.pin_hash is None:
        return "unset"
    if link.pin_failures >= TRIES:
        return "spent"
    if not pin:
        return "needed"
    if password_fits(link.pin_hash, unicodedata.normalize("NFKC", pin).replace(" ", "")):
        link.pin_failures = 0
        return None
    link.pin_failures += 1
    return "spent" if link.pin_failures >= TRIES else "wrong"


def _live(act: Act, people: Iterable[int]) -> Rows:
    return (
        select(TeacherLink)
        .where(
            TeacherLink.network_id == act.network_id,
            TeacherLink.person_id.in_(sorted(people)),
            TeacherLink.revoked_at.is_(None),
        )
        .order_by(TeacherLink.id)
    )


def _link(act: Act, person_id: int) -> TeacherLink:
    link = db.session.scalars(
        select(TeacherLink)
        .where(TeacherLink.network_id == act.network_id, TeacherLink.person_id == person_id)
        .with_for_update()
    ).one_or_none()
    if link is None:
        raise NotFound("link_unknown")
    return link


def _key() -> str:
    settings: Settings = current_app.config["BRANCHNET"]
    return settings.link_key
