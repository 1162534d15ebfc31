"""What points have reported: the revision that holds, what waits for staff, and last month's numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from branchnet.calendar.rules import bounds
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import CalendarPeriod, Reading, ReadingRevision
from branchnet.points.queries import Point
from branchnet.readings import rules


@dataclass(frozen=True, slots=True)
class Held:
    """The revision of a window that holds, or the one that waits for staff."""

    point_id: int
    window_kind: str
    month: str | None
    batch_id: int | None
    first_on: date
    last_on: date
    number: int
    outcome: str
    receipt: str
    submitted_at: datetime
    in_school_visits: int | None
    in_school_loans: int | None
    community_visits: int | None
    community_loans: int | None
    days_open: int | None
    not_open: bool
    note: str | None


def _windows() -> Rows:
    return select(
        Reading.point_id,
        Reading.window_kind,
        Reading.month,
        Reading.batch_id,
        Reading.first_on,
        Reading.last_on,
        ReadingRevision.number,
        ReadingRevision.outcome,
        ReadingRevision.receipt,
        ReadingRevision.submitted_at,
        ReadingRevision.in_school_visits,
        ReadingRevision.in_school_loans,
        ReadingRevision.community_visits,
        ReadingRevision.community_loans,
        ReadingRevision.days_open,
        ReadingRevision.not_open,
        ReadingRevision.note,
    ).join(
        ReadingRevision,
        (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.reading_id == Reading.id),
    )


def current(networks: Iterable[int], point_ids: Sequence[int], first: str, last: str) -> list[Held]:
    """The revisions that hold for these points, months and stays from the first month to the last."""
    rows = db.session.execute(
        _windows()
        .where(
            Reading.network_id.in_(sorted(networks)),
            Reading.point_id.in_(point_ids),
            Reading.month.between(first, last),
            ReadingRevision.id == Reading.current_id,
        )
        .order_by(Reading.month, Reading.id)
    ).mappings()
    return [Held(**row) for row in rows]


def waiting(networks: Iterable[int], point_ids: Sequence[int]) -> list[Held]:
    """Revisions that are held for staff and newer than what holds, oldest first."""
    rows = db.session.execute(
        _windows()
        .where(
            Reading.network_id.in_(sorted(networks)),
            Reading.point_id.in_(point_ids),
            ReadingRevision.outcome == "held",
            (Reading.current_id.is_(None)) | (ReadingRevision.id > Reading.current_id),
        )
        .order_by(ReadingRevision.id)
    ).mappings()
    return [Held(**row) for row in rows]


def by_receipt(network_id: int, point_ids: Sequence[int], number: str) -> Held:
    """What a receipt stands for. Raises NotFound where it is not one of these points'."""
    row = (
        db.session.execute(
            _windows().where(
                Reading.network_id == network_id,
                Reading.point_id.in_(point_ids),
                ReadingRevision.receipt == number,
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(receipt=number)
    return Held(**row)


def month_states(points: Sequence[Point], month: str, today: date, minimum: int) -> dict[int, str]:
    """By point the state of a month: due, overdue, received, held, not_open, not_due. A few statements in all."""
    networks, ids = {point.network_id for point in points}, [point.id for point in points]
    holds = {held.point_id: held for held in current(networks, ids, month, month) if held.window_kind == "month"}
    held = {row.point_id for row in waiting(networks, ids) if row.month == month}
    first, last = bounds(month)
    holidays = _holidays(networks, first, last)
    return {
        point.id: rules.month_state(
            reported=point.id in holds,
            not_open=point.id in holds and holds[point.id].not_open,
            held=point.id in held,
            due=(point.network_id, point.host) not in holidays
            and (point.network_id, None) not in holidays
            and rules.is_due(
                opened_on=point.opened_on, closed_on=point.closed_on, first=first, last=last, minimum=minimum
            ),
            month_over=today > last,
            opened=point.opened_on is not None and point.opened_on <= last,
        )
        for point in points
    }


def _holidays(networks: Iterable[int], first: date, last: date) -> set[tuple[int, str | None]]:
    """By network and host, where a holiday covers the whole month: nothing is due then."""
    rows = db.session.execute(
        select(CalendarPeriod.network_id, CalendarPeriod.host).where(
            CalendarPeriod.network_id.in_(sorted(networks)),
            CalendarPeriod.kind == "holiday",
            CalendarPeriod.first_on <= first,
            CalendarPeriod.last_on >= last,
        )
    )
    return set(rows)
