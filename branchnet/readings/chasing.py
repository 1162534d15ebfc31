"""Whom to chase (催报): teachers with months and deliveries' stays at their points that are over and not reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.access.queries import answering, live_tokens
from branchnet.calendar.rules import bounds, month_of, months_before, previous_month
from branchnet.extensions import db
from branchnet.models import Chase, Person, Reminder
from branchnet.points.queries import Point, points_on
from branchnet.readings.completeness import months_missing
from branchnet.readings.windows import Stay, stays_missing

MONTHS_BACK = 12
"""Months that are chased; what is older is for the annual report to tell."""
Months = tuple[tuple[Point, tuple[str, ...]], ...]
Stays = tuple[tuple[Point, Stay], ...]


@dataclass(frozen=True, slots=True)
class Owing:
    """A teacher (none: a point that nobody answers for) with the points and months that are missing."""

    person_id: int | None
    name: str
    phone: str | None
    points: Months
    stays: Stays
    """And the deliveries' stays at their points that are missing, the first first."""
    token: str | None
    told_at: datetime | None
    """When they were last told of the month that is chased."""
    told: int
    """How often."""
    remind: bool
    """A reminder is due, and they have not been told since it was made."""

    def owes(self, month: str) -> bool:
        """Whether this month is among them."""
        return any(month in months for _point, months in self.points)

    @property
    def months(self) -> list[str]:
        """The months in all, each once, from the first on."""
        return sorted({month for _point, months in self.points for month in months})

    @property
    def places(self) -> list[Point]:
        """The points that something is missing of, each once."""
        return list({point.id: point for point, _missing in (*self.points, *self.stays)}.values())


def owing(act: Act, month: str) -> list[Owing]:
    """Who owes a month or one of those before it, or a stay that was over in one of them.

    A stay is owed once its books are fetched: asked for the latest month that is over, also those of the running one.
    Who was told least lately first. A fixed number of statements.
    """
    today, first = act.today(), months_before(month, MONTHS_BACK - 1)
    last = today if month == previous_month(month_of(today)) else bounds(month)[1]
    points = points_on([act.network_id], today)
    missing = months_missing(points, first, month, today)
    stays = stays_missing(act.network_id, points, bounds(first)[0], last)[::-1]
    here = {point.id: point for point in points if point.id in {*missing, *(one.point_id for one in stays)}}
    if not here:
        return []
    answer = answering(act.network_id, here, today)
    people = sorted({person_id for ids in answer.values() for person_id in ids})
    names, tokens = _people(act, people), live_tokens(act.network_id, people)
    told, due = _told(act, month, people), _reminders(act, month, people)
    found = [
        Owing(
            person_id,
            names[person_id].display_name or "",
            names[person_id].phone,
            *_owed([point for point in here.values() if person_id in answer.get(point.id, ())], missing, stays),
            tokens.get(person_id),
            told_at=told.get(person_id, (None, 0))[0],
            told=told.get(person_id, (None, 0))[1],
            remind=_is_due(due.get(person_id), told.get(person_id)),
        )
        for person_id in people
    ]
    nobodys = [point for point in here.values() if not answer.get(point.id)]
    found.sort(key=lambda one: (one.told_at is not None, one.told_at.timestamp() if one.told_at else 0, one.name))
    if not nobodys:
        return found
    return [*found, Owing(None, "", None, *_owed(nobodys, missing, stays), None, None, 0, remind=False)]


def _owed(points: Sequence[Point], months: Mapping[int, Sequence[str]], stays: Sequence[Stay]) -> tuple[Months, Stays]:
    """What is missing of these points."""
    by_id = {point.id: point for point in points}
    return (
        tuple((point, tuple(months[point.id])) for point in points if point.id in months),
        tuple((by_id[one.point_id], one) for one in stays if one.point_id in by_id),
    )


def group_told(act: Act, month: str) -> datetime | None:
    """When the whole group was last told of a month."""
    query = select(func.max(Chase.sent_at)).where(
        Chase.network_id == act.network_id, Chase.month == month, Chase.kind == "group"
    )
    return db.session.scalar(query)


def _people(act: Act, ids: Iterable[int]) -> dict[int, Person]:
    rows = db.session.scalars(select(Person).where(Person.network_id == act.network_id, Person.id.in_(ids)))
    return {one.id: one for one in rows}


def _told(act: Act, month: str, people: Iterable[int]) -> dict[int, tuple[datetime, int]]:
    rows: Any = db.session.execute(
        select(Chase.person_id, func.max(Chase.sent_at), func.count())
        .where(Chase.network_id == act.network_id, Chase.month == month, Chase.person_id.in_(people))
        .group_by(Chase.person_id)
    )
    return {person_id: (sent_at, times) for person_id, sent_at, times in rows}


def _reminders(act: Act, month: str, people: Iterable[int]) -> dict[int, datetime]:
    rows: Any = db.session.execute(
        select(Reminder.person_id, func.max(Reminder.made_at))
        .where(Reminder.network_id == act.network_id, Reminder.month == month, Reminder.person_id.in_(people))
        .group_by(Reminder.person_id)
    )
    return dict(rows.all())


def _is_due(made_at: datetime | None, told: tuple[datetime, int] | None) -> bool:
    return made_at is not None and (told is None or told[0] < made_at)
