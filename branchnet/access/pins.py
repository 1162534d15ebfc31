"""Six digits that a new phone is asked for, where the network asks. A wrong one is counted; staff make a new one."""

import unicodedata

from flask import current_app
from sqlalchemy import select, update

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.secrets import hash_password, link_pin, password_fits
from branchnet.config import Settings
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Network, TeacherLink

TRIES = 10
"""After so many wrong ones in a row only a new PIN opens the link on a phone that it does not know."""


def ask_for_pins(act: Act, asked: bool) -> None:
    """From now on a phone that a link does not know is asked for its PIN, or is not. Known phones never are."""
    db.session.execute(update(Network).where(Network.id == act.network_id).values(asks_pin=asked))
    audit.record(act, "pins.asked", "network", act.network_id, asked=asked)


def make_pin(act: Act, person_id: int, operation: str) -> None:
    """A new PIN for a teacher's link, made for an operation; the old one holds no more. Raises NotFound."""
    link = _link(act, person_id)
    link.pin_hash, link.pin_failures = hash_password(link_pin(_key(), link.id, operation)), 0
    db.session.flush()
    audit.record(act, "pin.made", "person", person_id)


def pin_made(act: Act, person_id: int, operation: str) -> str | None:
    """The PIN that an operation made, to be shown to who made it; None where another has been made since."""
    link = _link(act, person_id)
    pin = link_pin(_key(), link.id, operation)
    return pin if password_fits(link.pin_hash, pin) else None


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
