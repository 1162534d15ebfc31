"""The network's calendar, how far its months are closed, and for whom exceptions open them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of, open_day, opened_months, still_closed
from branchnet.extensions import db
from branchnet.models import CalendarPeriod, LockException, Network, Person, ServicePoint

_LOCKED_THROUGH = select(Network.locked_through).where(Network.id == bindparam("network_id")).with_for_update(read=True)


def locked_through(network_id: int) -> str | None:
    """The last closed month. FOR SHARE: no month can be locked while something is posted into it."""
    month: str | None = db.session.execute(_LOCKED_THROUGH, {"network_id": network_id}).scalar_one()
    return month


def first_open_day(act: Act, day: date, places: Callable[[], Any]) -> date:
    """The day itself, or the first after it that is open for what happens at all of these places.

    ``places``: their ids, or a select of them; asked for only where the day's month is closed. FOR SHARE: no month can
    be closed, and no exception end, while this transaction runs.
    """
    return open_from(act, day, locked_through(act.network_id), places)


def open_from(act: Act, day: date, closed: str | None, places: Callable[[], Any]) -> date:
    """The same with months closed up to ``closed``, for a page that only shows it.

    Exceptions open a day where they open every closed month since, for every point among the places: what is written
    down late changes what stood there in all of them.
    """
    if closed is None or month_of(day) > closed:
        return day
    found = _exceptions(act, LockException.month.between(month_of(day), closed))
    if not found:
        return open_day(day, closed)
    points = db.session.scalars(
        select(ServicePoint.id).where(ServicePoint.network_id == act.network_id, ServicePoint.place_id.in_(places()))
    ).all()
    return open_day(day, still_closed(closed, opened_months(found, points)))


def is_closed(act: Act, month: str, point_id: int, through: str | None) -> bool:
    """Whether nothing more may be reported for this month of a point; ``through``: how far months are closed."""
    if through is None or month > through:
        return False
    to = or_(LockException.point_id.is_(None), LockException.point_id == point_id)
    return not _exceptions(act, and_(LockException.month == month, to))


def holding(today: date) -> ColumnElement[bool]:
    """The condition that an exception holds on a day."""
    return and_(LockException.ended_at.is_(None), LockException.ends_on >= today)


def _exceptions(act: Act, which: ColumnElement[bool]) -> Collection[tuple[str, int | None]]:
    rows = db.session.execute(
        select(LockException.month, LockException.point_id).where(
            LockException.network_id == act.network_id, holding(act.today()), which
        )
    )
    return [(month, point_id) for month, point_id in rows]


@dataclass(frozen=True, slots=True)
class Excepted:
    """An exception to a closed month: for which point (none: all), why, until when, by whom; and who ended it early."""

    id: int
    month: str
    point_id: int | None
    reason: str
    ends_on: date
    granted_at: datetime
    granted_by: str | None
    ended_at: datetime | None
    ended_by: str | None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.ended_at is None and self.ends_on >= day


def exceptions_of(network_id: int, at_most: int) -> list[Excepted]:
    """The exceptions of a network, the one granted last first."""
    grants: Any = aliased(Person)
    ends: Any = aliased(Person)
    rows = db.session.execute(
        select(
            LockException.id,
            LockException.month,
            LockException.point_id,
            LockException.reason,
            LockException.ends_on,
            LockException.granted_at,
            grants.display_name,
            LockException.ended_at,
            ends.display_name,
        )
        .outerjoin(grants, and_(grants.network_id == network_id, grants.id == LockException.granted_by))
        .outerjoin(ends, and_(ends.network_id == network_id, ends.id == LockException.ended_by))
        .where(LockException.network_id == network_id)
        .order_by(LockException.id.desc())
        .limit(at_most)
    )
    return [Excepted(*row) for row in rows]


def periods_of(network_id: int) -> list[CalendarPeriod]:
    """Everything in the calendar, the latest first."""
    return list(
        db.session.scalars(
            select(CalendarPeriod)
            .where(CalendarPeriod.network_id == network_id)
            .order_by(CalendarPeriod.first_on.desc(), CalendarPeriod.last_on, CalendarPeriod.id)
        )
    )
