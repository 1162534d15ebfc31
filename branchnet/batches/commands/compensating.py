"""What is paid (赔偿) for copies that a difference was about: agreed, received, or dropped again."""

from datetime import date

from sqlalchemy import select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import not_ahead
from branchnet.batches.losses.rules import REPORTED
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Compensation, Discrepancy


def agree_to_pay(
    act: Act, case_id: int, amount_fen: int, agreed_on: date, paid_on: date | None = None, note: str | None = None
) -> None:
    """An amount (fen) was agreed for a case of loss or damage; what was agreed before and is unpaid is replaced.

    Moves no copy. Raises Conflict("paid_already") once it was received, Invalid where the case is about neither.
    """
    case = db.session.scalars(
        select(Discrepancy).where(Discrepancy.network_id == act.network_id, Discrepancy.id == case_id)
    ).one_or_none()
    if case is None:
        raise NotFound(discrepancy_id=case_id)
    if case.kind not in REPORTED or amount_fen < 1:
        raise Invalid(fields={"amount": "amount"})
    if not_ahead(act, agreed_on, "agreed_on") < case.opened_on:
        raise TooEarly(earliest=case.opened_on, fields={"agreed_on": "too_early"})
    agreed = _of(act, case_id)
    if agreed is None:
        agreed = Compensation(network_id=act.network_id, discrepancy_id=case_id)
        db.session.add(agreed)
    elif agreed.paid_on is not None:
        raise Conflict("paid_already", day=agreed.paid_on)
    agreed.amount_fen, agreed.agreed_on, agreed.note = amount_fen, agreed_on, note
    agreed.recorded_at, agreed.recorded_by = clock.now(), act.person_id
    if paid_on is not None:
        _receive(act, agreed, paid_on)
    db.session.flush()


def receive_payment(act: Act, case_id: int, paid_on: date) -> None:
    """What was agreed has been received."""
    agreed = _of(act, case_id)
    if agreed is None:
        raise NotFound(discrepancy_id=case_id)
    if agreed.paid_on is not None:
        raise Conflict("paid_already", day=agreed.paid_on)
    _receive(act, agreed, paid_on)
    db.session.flush()


def drop_payment(act: Act, case_id: int) -> None:
    """Nothing is to be paid after all. Raises Conflict("paid_already") once it was."""
    agreed = _of(act, case_id)
    if agreed is None:
        return
    if agreed.paid_on is not None:
        raise Conflict("paid_already", day=agreed.paid_on)
    db.session.delete(agreed)
    db.session.flush()


def _receive(act: Act, agreed: Compensation, paid_on: date) -> None:
    if not_ahead(act, paid_on, "paid_on") < agreed.agreed_on:
        raise TooEarly(earliest=agreed.agreed_on, fields={"paid_on": "too_early"})
    agreed.paid_on = paid_on


def _of(act: Act, case_id: int) -> Compensation | None:
    return db.session.scalars(
        select(Compensation)
        .where(Compensation.network_id == act.network_id, Compensation.discrepancy_id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
