"""What points have reported: the revision that holds, what waits for staff, and last month's numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from branchnet.calendar.rules import bounds, month_of, months
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Reading, ReadingReview, ReadingRevision
from branchnet.points.queries import Point
from branchnet.readings import rules
from branchnet.readings.owed import KindsIn, kinds_in, owed_months

DECIDED = ("applied", "set_aside")
"""How a held revision ends."""


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
    behind: bool
    """A later revision holds: one that waits is for staff to settle, its sender has said something newer."""

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
        (ReadingRevision.id < func.coalesce(Reading.current_id, 0)).label("behind"),
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


def months_within(windows: Iterable[Held]) -> dict[tuple[int, str], Held]:
    """By point and month the earlier term or year that shares days with it: the month was reported with others."""
    return {
        (held.point_id, month): held
        for held in windows
        for month in months(month_of(held.first_on), month_of(held.last_on))
    }


def waiting(networks: Iterable[int], point_ids: Sequence[int]) -> list[Held]:
    """Revisions that are held for staff and not decided, oldest first; also ``behind`` what came later and holds."""
    rows = db.session.execute(
        _windows()
        .where(
            Reading.network_id.in_(sorted(networks)),
            Reading.point_id.in_(point_ids),
            ReadingRevision.outcome == "held",
            ~decided(),
        )
        .order_by(ReadingRevision.id)
    ).mappings()
    return [Held(**row) for row in rows]


def decided() -> ColumnElement[bool]:
    """Whether staff have used a held revision, or set it aside."""
    return exists().where(
        ReadingReview.network_id == ReadingRevision.network_id,
        ReadingReview.reading_id == ReadingRevision.reading_id,
        ReadingReview.revision_id == ReadingRevision.id,
        ReadingReview.kind.in_(DECIDED),
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
    """By point and month the state of each month from the first to the last. Six statements, however many."""
    return _states(points, first, last, today, minimum, kinds_in(points))


def states_told(
    points: Sequence[Point], first: str, last: str, today: date, minimum: int
) -> dict[tuple[int, str], str]:
    """The same for whoever looks at months: without those that a point reported by stay, unless something came."""
    was = kinds_in(points)
    return {
        (point_id, month): state
        for (point_id, month), state in _states(points, first, last, today, minimum, was).items()
        if state != "not_due" or not was(point_id, month).by_stay
    }


def _states(
    points: Sequence[Point], first: str, last: str, today: date, minimum: int, was: KindsIn
) -> dict[tuple[int, str], str]:
    networks, ids = {point.network_id for point in points}, [point.id for point in points]
    holds = {
        (held.point_id, held.month): held for held in current(networks, ids, first, last) if held.window_kind == "month"
    }
    waits = {
        (held.point_id, held.month)
        for held in waiting(networks, ids)
        if held.window_kind == "month" and not held.behind
    }
    told = months_within(earlier(networks, ids, bounds(first)[0], bounds(last)[1]))
    owed = owed_months(points, first, last, dict.fromkeys(networks, minimum), was) - told.keys()
    return {
        key: _state(point, month, holds.get(key), key in waits, key in owed, today)
        for month in months(first, last)
        for point in points
        for key in [(point.id, month)]
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
