"""Sleeping shelves: open points whose books nobody is known to have used for months, or that got none for a year.

Said apart, for they are different things: *reported, and all zero*; *nothing counted at all*; *no new batch*.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.calendar.rules import month_of
from branchnet.coverage.overview import facts_at
from branchnet.coverage.rules.periods import shifted
from branchnet.extensions import db
from branchnet.models import PointMonth, PointPause, ServicePoint
from branchnet.points.queries import Point, points_on

A_YEAR = 12
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asleep:
    """A point with books (册) that sleep, and why.

    ``unused``: in every one of the months asked about it had books, and nothing but zeros was reported; ``silent``: the
    same, and no number was reported at all; ``no_batch``: it had books for a year, and none came.
    """

    point: Point
    copies: int
    quality: str
    unused: bool
    silent: bool
    no_batch: bool
    last_batch_on: date | None
    """When books last came; None where the facts do not say."""


def asleep(
    networks: Iterable[int], today: date, quiet: int, page: int = 1, size: int = PAGE
) -> tuple[list[Asleep], int]:
    """A page of them, those with the most books first, and how many there are. Four statements at most.

    ``quiet``: how many months that are over must have passed without a visit or a loan.
    """
    wanted = sorted(networks)
    rows = db.session.execute(_sleeping(wanted, today, quiet).limit(size).offset((max(page, 1) - 1) * size)).all()
    points = {point.id: point for point in points_on(wanted, today, [row.point_id for row in rows])} if rows else {}
    found = [
        Asleep(
            points[row.point_id],
            row.copies,
            row.copies_quality,
            bool(row.unused and row.told),
            bool(row.unused and not row.told),
            bool(row.no_batch),
            row.last_batch_on,
        )
        for row in rows
        if row.point_id in points
    ]
    return found, int(rows[0].number) if rows else 0


def _sleeping(networks: list[int], today: date, quiet: int) -> Any:
    now = month_of(today)
    past, latest = _past(networks, now, quiet), aliased(PointMonth)
    unused = and_(past.c.stocked == quiet, past.c.used == 0)
    no_batch = and_(past.c.stocked_a_year == A_YEAR, past.c.batches == 0)
    query = (
        select(
            ServicePoint.id.label("point_id"),
            latest.copies,
            latest.copies_quality,
            latest.last_batch_on,
            past.c.told,
            case((unused, 1), else_=0).label("unused"),
            case((no_batch, 1), else_=0).label("no_batch"),
            func.count().over().label("number"),
        )
        .join(past, and_(past.c.network_id == ServicePoint.network_id, past.c.point_id == ServicePoint.id))
        .join(latest, facts_at(latest, now))
        .where(latest.copies > 0, or_(unused, no_batch), *open_on(today))
        .order_by(latest.copies.desc(), ServicePoint.id)
    )
    return within(query, ServicePoint, networks)


def _past(networks: list[int], now: str, quiet: int) -> Any:
    """By point what the facts of a year say: of so many months had books, was used, told a number, got batches."""
    numbers = (
        PointMonth.in_school_visits,
        PointMonth.community_visits,
        PointMonth.in_school_loans,
        PointMonth.community_loans,
    )
    lately = and_(PointMonth.month >= shifted(now, -quiet), PointMonth.month < now)
    query = select(
        PointMonth.network_id,
        PointMonth.point_id,
        _how_many(lately, PointMonth.copies > 0).label("stocked"),
        _how_many(PointMonth.month >= shifted(now, -quiet), or_(*(number > 0 for number in numbers))).label("used"),
        _how_many(lately, or_(*(number.is_not(None) for number in numbers))).label("told"),
        _how_many(PointMonth.month < now, PointMonth.copies > 0).label("stocked_a_year"),
        func.sum(PointMonth.batches_in).label("batches"),
    ).where(PointMonth.month.between(shifted(now, -A_YEAR), now))
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
