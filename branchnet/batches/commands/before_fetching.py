"""Before a delivery is fetched: its point is told, a teacher answers, and staff decide. No copy moves."""

from datetime import date
from typing import Any

from sqlalchemy import select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import batch_for, log
from branchnet.batches.staying import answer_problems
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Person, StayAnswer
from branchnet.stock.posting import locked_through


def announce(act: Act, batch_id: int) -> None:
    """The point was told today when its books will be fetched. Raises Conflict where nothing is out."""
    log(act, _out(act, batch_id), "announced", act.today())


def answer_stay(act: Act, batch_id: int, answer: str, wanted_on: date | None = None, note: str | None = None) -> int:
    """What a teacher answers: ready, another day, or longer. Returns the answer's id.

    A later answer stands in place of one that nobody has decided. Raises Invalid by field, and Conflict where the books
    were fetched already.
    """
    batch = _out(act, batch_id)
    wanted = None if answer == "ready" else wanted_on
    if problems := answer_problems(answer, wanted, batch.due_back_on, act.today(), note or ""):
        raise Invalid("stay_answer", fields=problems)
    row = StayAnswer(
        network_id=act.network_id,
        batch_id=batch.id,
        answer=answer,
        wanted_on=wanted,
        note=note or None,
        said_at=clock.now(),
        said_by=act.person_id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def decide_stay(act: Act, answer_id: int, accepted: bool, reply: str | None = None) -> None:
    """Staff accept what a teacher asked for, and the delivery is due back on that day; or they decline.

    Raises NotFound, Conflict("decided_already" / "answered_anew" / "day_gone"), Conflict("month_closed") where the day
    lies in a month that is closed, and Conflict("collected_already").
    """
    batch_id = db.session.scalar(
        select(StayAnswer.batch_id).where(StayAnswer.network_id == act.network_id, StayAnswer.id == answer_id)
    )
    if batch_id is None:
        raise NotFound(answer_id=answer_id)
    batch = _out(act, batch_id)
    row = _to_decide(act, batch, answer_id)
    if accepted and row.wanted_on is not None:
        _due_on(act, batch, row.wanted_on, row.said_by)
    row.accepted, row.reply = accepted, reply or None
    row.decided_at, row.decided_by = clock.now(), act.person_id
    db.session.flush()


def _out(act: Act, batch_id: int) -> Batch:
    """The delivery under lock, while its books are out."""
    batch = batch_for(act, batch_id)
    if batch.kind != "delivery" or batch.dispatched_on is None or batch.state == "cancelled":
        raise Conflict("delivery_not_out", number=batch.number)
    if batch.collected_on is not None:
        raise Conflict("collected_already", number=batch.number)
    return batch


def _to_decide(act: Act, batch: Batch, answer_id: int) -> StayAnswer:
    """The answer, while it is the last word and nobody has decided. The batch is locked, so nobody else is about to."""
    rows: Any = db.session.scalars(
        select(StayAnswer)
        .where(StayAnswer.network_id == act.network_id, StayAnswer.batch_id == batch.id, StayAnswer.id >= answer_id)
        .order_by(StayAnswer.id)
        .execution_options(populate_existing=True)
    ).all()
    if rows[0].decided_at is not None or rows[0].answer == "ready":
        raise Conflict("decided_already", number=batch.number)
    if len(rows) > 1:
        raise Conflict("answered_anew", number=batch.number)
    found: StayAnswer = rows[0]
    return found


def _due_on(act: Act, batch: Batch, day: date, asked_by: int | None) -> None:
    """The delivery is due back on another day; its events say from which, and who asked."""
    closed = locked_through(act.network_id)
    if closed is not None and month_of(day) <= closed:
        raise Conflict("month_closed", month=closed)
    if day < act.today():
        raise Conflict("day_gone", day=day)
    name = db.session.scalar(
        select(Person.display_name).where(Person.network_id == act.network_id, Person.id == asked_by)
    )
    said = f"{batch.due_back_on} → {day}" if batch.due_back_on else f"{day}"
    batch.due_back_on = day
    log(act, batch, "extended", act.today(), note=f"{said} {name or ''}".strip())
