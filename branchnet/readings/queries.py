"""What points have reported: the revision that holds, what waits for staff, and last month's numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from branchnet.calendar.rules import bounds, months
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, CalendarPeriod, Reading, ReadingReview, ReadingRevision
from branchnet.points.life.rules import Pause
from branchnet.points.queries import Point
from branchnet.readings import rules


@dataclass(frozen=True, slots=True)
class Held:
    """The revision of a window that holds, or the one that waits for staff."""

    reading_id: int
    point_id: int
    window_kind: str
    month: str | None
    batch_id: int | None
    batch_number: str | None
    """Of a stay: the number of its delivery."""
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
    borrowers: int | None
    method: str | None
    warnings: list[str] | None
    review: str | None
    """What was said of it last: accepted, sent_back, answered, applied or set_aside; none where nothing was."""
    words: str | None
    """And in which words, where there are any."""

    @property
    def question(self) -> str | None:
        """What staff ask about it, while nobody has answered."""
        return self.words if self.review == "sent_back" else None

    @property
    def report(self) -> rules.Report:
        """What was reported."""
        return rules.Report(**{one.name: getattr(self, one.name) for one in fields(rules.Report)})


def _windows() -> Rows:
    last: Any = aliased(ReadingReview)
    columns = select(
        Reading.id.label("reading_id"),
        Reading.point_id,
        Reading.window_kind,
        Reading.month,
        Reading.batch_id,
        Batch.number.label("batch_number"),
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
        ReadingRevision.borrowers,
        ReadingRevision.method,
        ReadingRevision.warnings,
        last.kind.label("review"),
        last.words,
    )
    return (
        columns.join(
            ReadingRevision,
            (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.reading_id == Reading.id),
        )
        .outerjoin(Batch, (Batch.network_id == Reading.network_id) & (Batch.id == Reading.batch_id))
        .outerjoin(last, (last.network_id == Reading.network_id) & (last.id == _last_review()))
    )


def _last_review() -> Any:
    """The id of what was said last of a revision."""
    return (
        select(func.max(ReadingReview.id))
        .where(
            ReadingReview.network_id == Reading.network_id,
            ReadingReview.reading_id == Reading.id,
            ReadingReview.revision_id == ReadingRevision.id,
        )
        .correlate(Reading, ReadingRevision)
        .scalar_subquery()
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


def earlier(networks: Iterable[int], point_ids: Sequence[int], first: date, last: date) -> list[Held]:
    """The revisions that hold for earlier terms and years of these points that share a day with these."""
    rows = db.session.execute(
        _windows()
        .where(
            Reading.network_id.in_(sorted(networks)),
            Reading.point_id.in_(point_ids),
            Reading.window_kind.in_(("term", "year")),
            Reading.first_on <= last,
            Reading.last_on >= first,
            ReadingRevision.id == Reading.current_id,
        )
        .order_by(Reading.first_on, Reading.id)
    ).mappings()
    return [Held(**row) for row in rows]


def waiting(networks: Iterable[int], point_ids: Sequence[int]) -> list[Held]:
    """Revisions that are held for staff, newer than what holds and not set aside, oldest first."""
    rows = db.session.execute(
        _windows()
        .where(
            Reading.network_id.in_(sorted(networks)),
            Reading.point_id.in_(point_ids),
            ReadingRevision.outcome == "held",
            (Reading.current_id.is_(None)) | (ReadingRevision.id > Reading.current_id),
            ~set_aside(),
        )
        .order_by(ReadingRevision.id)
    ).mappings()
    return [Held(**row) for row in rows]


def set_aside() -> ColumnElement[bool]:
    """Whether staff have set a held revision aside."""
    return exists().where(
        ReadingReview.network_id == ReadingRevision.network_id,
        ReadingReview.reading_id == ReadingRevision.reading_id,
        ReadingReview.revision_id == ReadingRevision.id,
        ReadingReview.kind == "set_aside",
    )


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
    """By point the state of a month: due, overdue, received, held, question, not_open, not_due. A few statements."""
    found = states_by_month(points, month, month, today, minimum)
    return {point_id: state for (point_id, _month), state in found.items()}


def states_by_month(
    points: Sequence[Point], first: str, last: str, today: date, minimum: int
) -> dict[tuple[int, str], str]:
    """By point and month the state of each month from the first to the last. Four statements, however many."""
    networks, ids = {point.network_id for point in points}, [point.id for point in points]
    holds = {
        (held.point_id, held.month): held for held in current(networks, ids, first, last) if held.window_kind == "month"
    }
    waits = {(held.point_id, held.month) for held in waiting(networks, ids) if held.window_kind == "month"}
    owed = owed_months(points, first, last, dict.fromkeys(networks, minimum))
    return {
        key: _state(point, month, holds.get(key), key in waits, key in owed, today)
        for month in months(first, last)
        for point in points
        for key in [(point.id, month)]
    }


def owed_months(points: Sequence[Point], first: str, last: str, minimum: Mapping[int, int]) -> set[tuple[int, str]]:
    """The points and months of which a reading is owed, reported or not. Two statements.

    ``minimum``: by network, of how many open days on a month is owed.
    """
    networks = {point.network_id for point in points}
    holidays = holidays_between(networks, bounds(first)[0], bounds(last)[1])
    begun = begun_at(networks, [point.place_id for point in points])
    return {
        (point.id, month)
        for month in months(first, last)
        for point in points
        if is_owed(point, month, holidays, minimum[point.network_id], begun.get(point.place_id))
    }


def _state(point: Point, month: str, held: Held | None, waits: bool, owed: bool, today: date) -> str:
    last = bounds(month)[1]
    return rules.month_state(
        reported=held is not None,
        not_open=held is not None and held.not_open,
        held=waits,
        asked=held is not None and held.question is not None,
        due=owed,
        month_over=today > last,
        opened=point.opened_on is not None and point.opened_on <= last,
    )


class OpenWhen(Protocol):
    """What says whether a point owes a month: its kind, its host, and when it was open."""

    @property
    def network_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def host(self) -> str | None: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def pauses(self) -> Sequence[Pause]: ...


def is_owed(point: OpenWhen, month: str, holidays: Sequence[CalendarPeriod], minimum: int, begun: date | None) -> bool:
    """Whether a month is owed of a point whose records began on a day, if they began with books that stood there."""
    first, last = bounds(month)
    opened_on = point.opened_on if point.opened_on is None or begun is None else max(point.opened_on, begun)
    away = [
        Pause(holiday.first_on, holiday.last_on + timedelta(days=1))
        for holiday in holidays
        if holiday.network_id == point.network_id and rules.has_holiday(point.host, holiday.host)
    ]
    return point.kind not in rules.REPORTS_BY_STAY and rules.is_due(
        opened_on=opened_on,
        closed_on=point.closed_on,
        first=first,
        last=last,
        minimum=minimum,
        pauses=[*point.pauses, *away],
    )


def begun_at(networks: Iterable[int], place_ids: Sequence[int]) -> dict[int, date]:
    """By place the day on which its records began with books that stood there already: nothing is owed before it."""
    rows = db.session.execute(
        select(Batch.to_place_id, func.min(Batch.received_on))
        .where(
            Batch.network_id.in_(sorted(networks)),
            Batch.kind == "opening",
            Batch.state == "closed",
            Batch.to_place_id.in_(place_ids),
        )
        .group_by(Batch.to_place_id)
    )
    return {place_id: day for place_id, day in rows if day is not None}


def holidays_between(networks: Iterable[int], first: date, last: date) -> Sequence[CalendarPeriod]:
    """Holidays (寒暑假) that touch these days, of any host."""
    return db.session.scalars(
        select(CalendarPeriod).where(
            CalendarPeriod.network_id.in_(sorted(networks)),
            CalendarPeriod.kind == "holiday",
            CalendarPeriod.first_on <= last,
            CalendarPeriod.last_on >= first,
        )
    ).all()
