"""What a report is compared with: the point as it was, its own year, and where they matter the days it was open."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, cast, literal_column, null, select, union_all

from branchnet.calendar.rules import month_of, months_before, previous_month
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import (
    CalendarPeriod,
    Network,
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
from branchnet.readings.plausible.rules import Known, asks_for_days
from branchnet.readings.rules import NUMBERS, REPORTS_BY_STAY, Report, has_holiday

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
    kind: str | None
    host: str | None
    pupils: int | None
    copies: int | None
    """On site in the window's month: in the middle or at its end, whichever was more."""
    locked_through: str | None
    """The last closed month of its network."""


def asked(network_id: int, point_id: int, month: str, last: date) -> Asked:
    """The point, with what was on its shelves in a month. Raises NotFound.

    The network's row is held FOR SHARE: no month can be locked while something is reported into it.
    """
    values = {"network": network_id, "point": point_id, "day": last, "month": month}
    row = db.session.execute(_POINT, values).one_or_none()
    if row is None:
        raise NotFound(point_id=point_id)
    *fields, there, book_days, days, locked = row
    copies = None if there is None else max(there, -(-book_days // days))
    place_id, opened_on, closed_on, neighbours, kind, host, pupils = fields
    return Asked(
        point_id, network_id, place_id, opened_on, closed_on, bool(neighbours), kind, host, pupils, copies, locked
    )


def known(point: Asked, report: Report, kind: str, first: date, last: date) -> Known:
    """What a window of a kind (month or stay) is compared with. What stood there in a stay is not known."""
    month = month_of(last)
    values = {"network": point.network_id, "point": point.id, "first": first, "last": last}
    year_of = {**values, "from": months_before(month, MONTHS), "to": month}
    rows = db.session.execute(_YEAR[kind], year_of).mappings().all()
    year: list[Any] = [dict(row) for row in rows]
    just_before = bool(year) and (kind == "stay" or year[0]["month"] == previous_month(month))
    return Known(
        year=year,
        last=year[0] if just_before else None,
        pupils=point.pupils,
        copies=point.copies if kind == "month" else None,
        open_days=_open_days(point, first, last) if asks_for_days(report, point.pupils) else None,
        neighbours=point.open_to_community,
        by_stay=kind == "month" and point.kind in REPORTS_BY_STAY,
    )


def has_numbers(point: Asked, kind: str, first: date, last: date) -> bool:
    """Whether what holds of a window says numbers."""
    values = {"network": point.network_id, "point": point.id, "kind": kind, "first": first, "last": last}
    row = db.session.execute(_NUMBERS, values).first()
    return row is not None and any(number is not None for number in row)


def _open_days(point: Asked, first: date, last: date) -> int | None:
    if point.opened_on is None:
        return None
    values = {"network": point.network_id, "point": point.id, "first": first, "last": last}
    away = [
        Pause(begins, ends if of is None else ends + timedelta(days=1))
        for of, begins, ends, host in db.session.execute(_AWAY, values)
        if of is None or has_holiday(point.host, host)
    ]
    return days_in(open_days(first, last, point.opened_on, point.closed_on, away))


def _as_of(dated: type[Any], name: str) -> Any:
    """The dated fact that holds at the end of the window."""
    table: Any = dated.__table__
    return (
        select(table.c[name])
        .where(
            table.c.network_id == bindparam("network"),
            table.c.point_id == bindparam("point"),
            table.c.valid_from <= bindparam("day"),
        )
        .order_by(table.c.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


# Built once, of plain tables: putting these together takes longer than running them.
_POINTS: Any = ServicePoint.__table__
_FACTS: Any = PointMonth.__table__
_NETWORKS: Any = Network.__table__
_READINGS: Any = Reading.__table__
_REVISIONS: Any = ReadingRevision.__table__
_POINT: Rows = (
    select(
        _POINTS.c.place_id,
        _POINTS.c.opened_on,
        _POINTS.c.closed_on,
        _as_of(PointOpenness, "open_to_community"),
        _as_of(PointKind, "kind"),
        _as_of(PointKind, "host"),
        _as_of(PointEnrolment, "pupils"),
        _FACTS.c.copies,
        _FACTS.c.book_days,
        _FACTS.c.days,
        _NETWORKS.c.locked_through,
    )
    .select_from(
        _POINTS.join(_NETWORKS, _NETWORKS.c.id == _POINTS.c.network_id).outerjoin(
            _FACTS,
            (_FACTS.c.network_id == _POINTS.c.network_id)
            & (_FACTS.c.point_id == _POINTS.c.id)
            & (_FACTS.c.month == bindparam("month")),
        )
    )
    .where(_POINTS.c.network_id == bindparam("network"), _POINTS.c.id == bindparam("point"))
    .with_for_update(read=True, of=_NETWORKS)
)


def _year(kind: str) -> Rows:
    holds = (_REVISIONS.c.network_id == _READINGS.c.network_id) & (_REVISIONS.c.id == _READINGS.c.current_id)
    return (
        select(_READINGS.c.month, *(_REVISIONS.c[name] for name in NUMBERS))
        .select_from(_READINGS.join(_REVISIONS, holds))
        .where(
            _READINGS.c.network_id == bindparam("network"),
            _READINGS.c.point_id == bindparam("point"),
            # Written out: SQLite takes the index of this kind only where it can see the kind.
            _READINGS.c.window_kind == literal_column(f"'{kind}'"),
            _READINGS.c.month.between(bindparam("from"), bindparam("to")),
            _READINGS.c.first_on < bindparam("first"),
            ~_REVISIONS.c.not_open,
        )
        .order_by(_READINGS.c.first_on.desc())
        .limit(MONTHS)
    )


_NUMBERS: Rows = (
    select(*(_REVISIONS.c[name] for name in NUMBERS))
    .select_from(
        _READINGS.join(
            _REVISIONS,
            (_REVISIONS.c.network_id == _READINGS.c.network_id) & (_REVISIONS.c.id == _READINGS.c.current_id),
        )
    )
    .where(
        _READINGS.c.network_id == bindparam("network"),
        _READINGS.c.point_id == bindparam("point"),
        _READINGS.c.window_kind == bindparam("kind"),
        _READINGS.c.first_on == bindparam("first"),
        _READINGS.c.last_on == bindparam("last"),
    )
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
