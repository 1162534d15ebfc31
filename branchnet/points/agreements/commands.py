"""Agreements enter the register, are corrected until they are signed, and end. A new term is a new agreement."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.seen import must_be_as_seen
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Agreement, ServicePoint
from branchnet.points.agreements import rules


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed on. Days in 天, allowance in ‰ of the copies on site; None: the network's own, or not agreed."""

    number: str
    valid_from: date
    valid_until: date | None = None
    signed_on: date | None = None
    stay_days: int | None = None
    allowance_permille: int | None = None


def agree(act: Act, point_id: int, terms: Terms) -> int:
    """Enter an agreement with a point. Returns its id. Raises Conflict("agreement_known") for a number given out."""
    own = select(ServicePoint.id).where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
    if db.session.scalar(own) is None:
        raise NotFound(point_id=point_id)
    _check(act, terms)
    row = Agreement(network_id=act.network_id, point_id=point_id, created_at=clock.now(), created_by=act.person_id)
    _put(row, terms)
    db.session.add(row)
    db.session.flush()
    audit.record(act, "agreement.entered", "agreement", row.id, point_id=point_id, signed=terms.signed_on is not None)
    return row.id


def correct(act: Act, agreement_id: int, terms: Terms, seen: str | None = None) -> None:
    """Correct or sign an agreement. Raises Conflict("agreement_signed"): what is signed stands.

    ``seen``: the mark of what whoever corrects it saw; Conflict("changed_since") where it is not so any more.
    """
    row = _agreement(act, agreement_id)
    must_be_as_seen(seen, rules.mark(row), row.number)
    if row.signed_on is not None:
        raise Conflict("agreement_signed", number=row.number)
    _check(act, terms, besides=row.id)
    _put(row, terms)
    db.session.flush()
    audit.record(act, "agreement.corrected", "agreement", row.id, signed=terms.signed_on is not None)


def keep(
    act: Act, agreement_id: int, archive_number: str | None, valid_until: date | None, seen: str | None = None
) -> None:
    """Record where a signed agreement is filed (档号), or that it ends earlier; it never ends later than was signed.

    ``seen`` as for `correct`.
    """
    row = _agreement(act, agreement_id)
    must_be_as_seen(seen, rules.mark(row), row.number)
    if row.signed_on is None:
        raise Conflict("agreement_unsigned", number=row.number)
    if valid_until is not None and valid_until < row.valid_from:
        raise Invalid(fields={"valid_until": "until_before"})
    if row.valid_until is not None and (valid_until is None or valid_until > row.valid_until):
        raise Invalid(fields={"valid_until": "until_later"})
    ended = valid_until != row.valid_until
    row.archive_number, row.valid_until = archive_number, valid_until
    db.session.flush()
    audit.record(act, "agreement.kept", "agreement", row.id, ended=ended, filed=archive_number is not None)


def _agreement(act: Act, agreement_id: int) -> Agreement:
    row = db.session.scalars(
        select(Agreement)
        .where(Agreement.network_id == act.network_id, Agreement.id == agreement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(agreement_id=agreement_id)
    return row


def _check(act: Act, terms: Terms, besides: int | None = None) -> None:
    if terms.valid_until is not None and terms.valid_until < terms.valid_from:
        raise Invalid(fields={"valid_until": "until_before"})
    if terms.signed_on is not None and terms.signed_on > act.today():
        raise Invalid(fields={"signed_on": "in_the_future"})
    taken = db.session.scalar(
        select(Agreement.id).where(Agreement.network_id == act.network_id, Agreement.number == terms.number)
    )
    if taken is not None and taken != besides:
        raise Conflict("agreement_known", number=terms.number)


def _put(row: Agreement, terms: Terms) -> None:
    row.number, row.signed_on = terms.number, terms.signed_on
    row.valid_from, row.valid_until = terms.valid_from, terms.valid_until
    row.stay_days, row.allowance_permille = terms.stay_days, terms.allowance_permille
