"""All readings that hold in a period, as a list to take along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds
from branchnet.extensions import db
from branchnet.models import Batch, Reading, ReadingRevision


@dataclass(frozen=True, slots=True)
class Registered:
    """A reading with the revision that holds. An empty number was not counted."""

    network_id: int
    point_id: int
    window_kind: str
    month: str | None
    first_on: date
    last_on: date
    batch: str | None
    in_school_visits: int | None
    in_school_loans: int | None
    community_visits: int | None
    community_loans: int | None
    borrowers: int | None
    days_open: int | None
    not_open: bool
    method: str | None
    channel: str
    receipt: str
    submitted_at: datetime
    note: str | None


def registered(networks: Iterable[int], first: str, last: str) -> list[Registered]:
    """Months and stays from the first month to the last, and earlier windows that share a day with them. One statement.

    By network, point and first day.
    """
    begin, end = bounds(first)[0], bounds(last)[1]
    query = (
        select(
            Reading.network_id,
            Reading.point_id,
            Reading.window_kind,
            Reading.month,
            Reading.first_on,
            Reading.last_on,
            Batch.number,
            *(getattr(ReadingRevision, name) for name in _NUMBERS),
            ReadingRevision.not_open,
            ReadingRevision.method,
            ReadingRevision.channel,
            ReadingRevision.receipt,
            ReadingRevision.submitted_at,
            ReadingRevision.note,
        )
        .join(
            ReadingRevision,
            (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.id == Reading.current_id),
        )
        .outerjoin(Batch, (Batch.network_id == Reading.network_id) & (Batch.id == Reading.batch_id))
        .where(
            or_(
                Reading.month.between(first, last),
                Reading.month.is_(None) & (Reading.first_on <= end) & (Reading.last_on >= begin),
            )
        )
        .order_by(Reading.network_id, Reading.point_id, Reading.first_on, Reading.id)
    )
    return [Registered(*row) for row in db.session.execute(within(query, Reading, networks))]


_NUMBERS = (
    "in_school_visits",
    "in_school_loans",
    "community_visits",
    "community_loans",
    "borrowers",
    "days_open",
)
