"""Shelves that sleep: open points whose books nobody is known to have used for months. And those without new books.

They are different lists: a shelf that is used much may have had the same books for years. Of those that sleep it is
said apart whether zeros were *reported* or *nothing was counted at all*.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds, month_of
from branchnet.coverage.overview import facts_at
from branchnet.coverage.rules.periods import shifted
from branchnet.extensions import db
from branchnet.models import PointMonth, PointPause, ServicePoint
from branchnet.points.queries import Point, points_on

A_YEAR = 12
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asleep:
    """A point with books (册) that sleep, or that have not been changed for a year.

    ``silent``: in the months asked about no number was reported at all; else those that were are zero.
    """

    point: Point
    copies: int
    quality: str
    silent: bool
    last_batch_on: date | None
    """When books last came; None: none did since the ledger began."""


def asleep(
    networks: Iterable[int], today: date, quiet: int, page: int = 1, size: int = PAGE
) -> tuple[list[Asleep], int]:
    """A page of them, those with the most books first, and how many there are. Four statements at most.

    ``quiet``: how many months that are over must have passed without a visit or a loan.
    """
    wanted = sorted(networks)
    return _page(wanted, today, _sleeping(wanted, today, quiet), page, size)


def unchanged(networks: Iterable[int], today: date, page: int = 1, size: int = PAGE) -> tuple[list[Asleep], int]:
    """Those that had books for a year of which none came, in the same way."""
    wanted = sorted(networks)
    return _page(wanted, today, _unchanged(wanted, today), page, size)


def _page(wanted: list[int], today: date, query: Any, page: int, size: int) -> tuple[list[Asleep], int]:
    rows = db.session.execute(query.limit(size).offset((max(page, 1) - 1) * size)).all()
    points = {point.id: point for point in points_on(wanted, today, [row.point_id for row in rows])} if rows else {}
    found = [
        Asleep(
            points[row.point_id],
            row.copies,
            row.copies_quality,
            not row.told,
            row.last_batch_on,
        )
        for row in rows
        if row.point_id in points
    ]
    return found, int(rows[0].number) if rows else 0


def _sleeping(networks: list[int], today: date, quiet: int) -> Any:
    past = _past(networks, month_of(today), quiet)
    query = _standing(networks, today, past)
    return query.where(past.c.stocked == quiet, past.c.used == 0)


def _unchanged(networks: list[int], today: date) -> Any:
    now = month_of(today)
    past, since = _past(networks, now, A_YEAR), bounds(shifted(now, -A_YEAR))[0]
    query = _standing(networks, today, past)
    latest = past.c.last_batch_on
    return query.where(past.c.stocked == A_YEAR, or_(latest.is_(None), latest < since))


def _standing(networks: list[int], today: date, past: Any) -> Any:
    """Open points with books now, the most books first, with what the past says of them."""
    latest = aliased(PointMonth)
    query = (
        select(
            ServicePoint.id.label("point_id"),
            latest.copies,
            latest.copies_quality,
            latest.last_batch_on,
            past.c.told,
            func.count().over().label("number"),
        )
        .join(past, and_(past.c.network_id == ServicePoint.network_id, past.c.point_id == ServicePoint.id))
        .join(latest, facts_at(latest, month_of(today)))
        .where(latest.copies > 0, *open_on(today))
        .order_by(latest.copies.desc(), ServicePoint.id)
    )
    return within(query, ServicePoint, networks)


def _past(networks: list[int], now: str, quiet: int) -> Any:
    """By point what the facts of so many months say: how many had books, were used, told a number; when books came."""
    numbers = (
        PointMonth.in_school_visits,
        PointMonth.community_visits,
        PointMonth.in_school_loans,
        PointMonth.community_loans,
    )
    lately = PointMonth.month < now
    query = select(
        PointMonth.network_id,
        PointMonth.point_id,
        _how_many(lately, PointMonth.copies > 0).label("stocked"),
        _how_many(or_(*(number > 0 for number in numbers))).label("used"),
        _how_many(lately, or_(*(number.is_not(None) for number in numbers))).label("told"),
        func.max(PointMonth.last_batch_on).label("last_batch_on"),
    ).where(PointMonth.month.between(shifted(now, -quiet), now))
    return within(query, PointMonth, networks).group_by(PointMonth.network_id, PointMonth.point_id).subquery()


def _how_many(*conditions: Any) -> Any:
    return func.sum(case((and_(*conditions), 1), else_=0))


def open_on(day: date) -> tuple[Any, ...]:
    """The conditions that a point is open on a day."""
    paused = exists().where(
        PointPause.network_id == ServicePoint.network_id,
        PointPause.point_id == ServicePoint.id,
        PointPause.begins_on <= day,
        or_(PointPause.ends_on.is_(None), PointPause.ends_on > day),
    )
    return (
        ServicePoint.opened_on <= day,
        or_(ServicePoint.closed_on.is_(None), ServicePoint.closed_on > day),
        ~paused,
    )
