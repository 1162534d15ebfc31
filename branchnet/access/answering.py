"""Who answers for a point: a teacher takes one more on, or lets one go."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.commands import answers_for
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import AnswersFor, Person


def take_on(act: Act, person_id: int, point_id: int, valid_from: date) -> None:
    """From a day on a teacher answers for one more point. Raises Conflict("answers_already")."""
    rows = _rows(act, person_id, point_id)
    if any(row.ended_on is None or row.ended_on > valid_from for row in rows):
        raise Conflict("answers_already")
    again = next((row for row in rows if row.valid_from == valid_from), None)
    if again is None:
        answers_for(act, person_id, point_id, valid_from)
        return
    # Taken on and let go on one day, which was a slip: there is one row for a day.
    again.ended_on = None
    db.session.flush()
    audit.record(act, "answers_for.added", "person", person_id, point_id=point_id)


def let_go(act: Act, person_id: int, point_id: int) -> None:
    """From today on a teacher answers for a point no more. Raises Conflict("answers_no_more")."""
    today = act.today()
    going_on = [
        row
        for row in _rows(act, person_id, point_id)
        if row.valid_from <= today and (row.ended_on is None or row.ended_on > today)
    ]
    if not going_on:
        raise Conflict("answers_no_more")
    for row in going_on:
        row.ended_on = today
    db.session.flush()
    audit.record(act, "answers_for.ended", "person", person_id, point_id=point_id)


def _rows(act: Act, person_id: int, point_id: int) -> Sequence[AnswersFor]:
    """All there ever was between the two, under lock: the person's row first, so that two at once find the same."""
    db.session.scalar(
        select(Person.id).where(Person.network_id == act.network_id, Person.id == person_id).with_for_update()
    )
    return db.session.scalars(
        select(AnswersFor)
        .where(
            AnswersFor.network_id == act.network_id,
            AnswersFor.person_id == person_id,
            AnswersFor.point_id == point_id,
        )
        .execution_options(populate_existing=True)
    ).all()
