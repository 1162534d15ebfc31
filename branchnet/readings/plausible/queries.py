"""What a report is compared with: the point as it was, its own year, and the days it was open. Three statements."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, cast, literal_column, null, select, union_all

from branchnet.calendar.rules import month_of, previous_month
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import (
    CalendarPeriod,
    PointEnrolment,
    PointKind,
    PointMonth,
    PointOpenness,
    PointPause,
    Reading,
    ReadingRevision,
    ServicePoint,
)
from branchnet.points.life.rules import Pause, days_in, open_days
from branchnet.readings.plausible.rules import Known
from branchnet.readings.rules import NUMBERS, has_holiday

MONTHS = 12
"""The year that is compared with."""
COMPARED = ("month", "stay")
"""Windows that have others of their kind before them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The point that reports, as it was at the end of the window."""

    id: int
    network_id: int
    place_id: int
    opened_on: date | None
    closed_on: date | None
    open_to_community: bool
    host: str | None
    pupils: int | None
    copies: int | None
    """On site in the window's month: in the middle or at its end, whichever was more."""


def asked(network_id: int, point_id: int, month: str, last: date) -> Asked:
    """The point, with what was on its shelves in a month. Raises NotFound."""
    values = {"network": network_id, "point": point_id, "day": last, "month": month}
    row = db.session.execute(_POINT, values).one_or_none()
    if row is None:
        raise NotFound(point_id=point_id)
    *fields, there, book_days, days = row
    copies = None if there is None else max(there, -(-book_days // days))
    place_id, opened_on, closed_on, open_to_community, host, pupils = fields
    return Asked(point_id, network_id, place_id, opened_on, closed_on, bool(open_to_community), host, pupils, copies)


def known(point: Asked, kind: str, first: date, last: date) -> Known:
    """What a window of a kind (month or stay) is compared with. What stood there in a stay is not known."""
    month, begin = month_of(last), month_of(last)
    for _month in range(MONTHS):
        begin = previous_month(begin)
    values = {"network": point.network_id, "point": point.id, "first": first, "last": last}
    rows = db.session.execute(_YEAR[kind], {**values, "from": begin, "to": month}).mappings().all()
    year: list[Any] = [dict(row) for row in rows]
    just_before = bool(year) and (kind == "stay" or year[0]["month"] == previous_month(month))
    away = [
        Pause(begins, ends if of is None else ends + timedelta(days=1))
        for of, begins, ends, host in db.session.execute(_AWAY, values)
        if of is None or has_holiday(point.host, host)
    ]
    return Known(
        year=year,
        last=year[0] if just_before else None,
        pupils=point.pupils,
        copies=point.copies if kind == "month" else None,
        open_days=None
        if point.opened_on is None
        else days_in(open_days(first, last, point.opened_on, point.closed_on, away)),
    )


def _as_of(table: Any, column: Any) -> Any:
    """The dated fact that holds at the end of the window."""
    return (
        select(column)
        .where(
            table.network_id == bindparam("network"),
            table.point_id == bindparam("point"),
            table.valid_from <= bindparam("day"),
        )
        .order_by(table.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def _year(kind: str) -> Rows:
    return (
        select(Reading.month, *(getattr(ReadingRevision, name) for name in NUMBERS))
        .join(
            ReadingRevision,
            (ReadingRevision.network_id == Reading.network_id) & (ReadingRevision.id == Reading.current_id),
        )
        .where(
            Reading.network_id == bindparam("network"),
            Reading.point_id == bindparam("point"),
            # Written out: SQLite takes the index of this kind only where it can see the kind.
            Reading.window_kind == literal_column(f"'{kind}'"),
            Reading.month.between(bindparam("from"), bindparam("to")),
            Reading.first_on < bindparam("first"),
            ~ReadingRevision.not_open,
        )
        .order_by(Reading.first_on.desc())
        .limit(MONTHS)
    )


# Built once: putting these together takes longer than running them.
_POINT: Rows = (
    select(
        ServicePoint.place_id,
        ServicePoint.opened_on,
        ServicePoint.closed_on,
        _as_of(PointOpenness, PointOpenness.open_to_community),
        _as_of(PointKind, PointKind.host),
        _as_of(PointEnrolment, PointEnrolment.pupils),
        PointMonth.copies,
        PointMonth.book_days,
        PointMonth.days,
    )
    .outerjoin(
        PointMonth,
        (PointMonth.network_id == ServicePoint.network_id)
        & (PointMonth.point_id == ServicePoint.id)
        & (PointMonth.month == bindparam("month")),
    )
    .where(ServicePoint.network_id == bindparam("network"), ServicePoint.id == bindparam("point"))
)
_YEAR = {kind: _year(kind) for kind in COMPARED}
_AWAY: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(CalendarPeriod.kind, CalendarPeriod.first_on, CalendarPeriod.last_on, CalendarPeriod.host).where(
        CalendarPeriod.network_id == bindparam("network"),
        CalendarPeriod.kind == "holiday",
        CalendarPeriod.first_on <= bindparam("last"),
        CalendarPeriod.last_on >= bindparam("first"),
    ),
    select(cast(null(), String(20)), PointPause.begins_on, PointPause.ends_on, cast(null(), String(20))).where(
        PointPause.network_id == bindparam("network"),
        PointPause.point_id == bindparam("point"),
        PointPause.begins_on <= bindparam("last"),
    ),
)
