"""Who was told to report, and who is to be reminded."""

from datetime import date, timedelta

from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds, month_of, previous_month
from branchnet.errors import Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Chase, Network, Person, Reminder
from branchnet.readings import chasing, rules

AGAIN_AFTER = 7
"""Days after which a teacher who still owes the month is reminded once more."""


def record_chase(act: Act, month: str, kind: str, person_id: int | None = None) -> None:
    """A teacher was told what they owe, by a message or by phone; or (``group``) all of them at once.

    Raises NotFound for a person who is not of this network, Invalid for what is no month.
    """
    _check(month)
    if (kind == "group") != (person_id is None):
        raise Invalid(fields={"person": "required"})
    if person_id is not None:
        known = select(Person.id).where(Person.network_id == act.network_id, Person.id == person_id)
        if db.session.scalar(known) is None:
            raise NotFound(person_id=person_id)
    row = {"month": month, "person_id": person_id, "kind": kind, "sent_at": clock.now(), "sent_by": act.person_id}
    db.session.execute(insert(Chase).values(network_id=act.network_id, **row))


def make_reminders(act: Act) -> int:
    """Note who is to be reminded of the month that is over; once on each day that is due. Returns how many were new.

    The days are ``Network.remind_on_day`` of the following month, and every `AGAIN_AFTER` days from then on. Safe to
    run twice, and late: the network's row is held, and the day that was missed is made up for.
    """
    network = db.session.scalars(select(Network).where(Network.id == act.network_id).with_for_update()).one()
    today = act.today()
    month = previous_month(month_of(today))
    due_on = due_day(month, network.remind_on_day, today)
    if due_on is None:
        return 0
    known = set(
        db.session.scalars(
            select(Reminder.person_id).where(
                Reminder.network_id == act.network_id, Reminder.month == month, Reminder.due_on == due_on
            )
        )
    )
    owing = {one.person_id for one in chasing.owing(act, month)} - known
    common = {"network_id": act.network_id, "month": month, "due_on": due_on, "made_at": clock.now()}
    rows = [{**common, "person_id": person_id} for person_id in sorted(filter(None, owing))]
    if rows:
        db.session.execute(insert(Reminder), rows)
    return len(rows)


def due_day(month: str, first_day: int, today: date) -> date | None:
    """The latest day up to today on which reminders of a month are due; None before the first."""
    first = rules.on_day_after(month, first_day)
    if today < first:
        return None
    return first + timedelta(days=(today - first).days // AGAIN_AFTER * AGAIN_AFTER)


def _check(month: str) -> None:
    try:
        bounds(month)
    except ValueError:
        raise Invalid("month", fields={"month": "month"}) from None
