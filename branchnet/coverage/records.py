"""The records behind a figure of a period: every point with what its facts add up to, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.coverage.overview import facts_at
from branchnet.coverage.received import received_by_point
from branchnet.coverage.rules import add_counts
from branchnet.coverage.rules.periods import Period
from branchnet.extensions import db
from branchnet.models import PointMonth, ServicePoint
from branchnet.points.queries import Point, points_on

PAGE = 100
SORTS = ("copies", "batches", "visits", "loans")


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A point over a period: copies on site at its end (册), batches (批), visits (人次), loans (册次)."""

    point: Point
    copies: int
    quality: str
    batches: int
    visits: int | None
    loans: int | None


def points_by(
    networks: Iterable[int], asked: Period, day: date, sort: str, page: int = 1
) -> tuple[list[PointFacts], int]:
    """A page of the points that have facts in the period or books at its end, the largest of one number first.

    ``day``: the one as of which points are named; ``sort``: a word of `SORTS`. Also how many points there are. Four
    statements.
    """
    wanted = sorted(networks)
    sums, latest = _sums(wanted, asked), aliased(PointMonth)
    came = received_by_point(wanted, asked.first, asked.last)
    columns = {
        "copies": func.coalesce(latest.copies, 0),
        "batches": func.coalesce(came.c.batches, 0),
        "visits": _either(sums.c.visits, sums.c.out_visits),
        "loans": _either(sums.c.loans, sums.c.out_loans),
    }
    query = (
        select(
            ServicePoint.id.label("point_id"),
            latest.copies,
            latest.copies_quality,
            came.c.batches,
            sums.c.visits,
            sums.c.out_visits,
            sums.c.loans,
            sums.c.out_loans,
            func.count().over().label("number"),
        )
        .outerjoin(sums, and_(sums.c.network_id == ServicePoint.network_id, sums.c.point_id == ServicePoint.id))
        .outerjoin(came, and_(came.c.network_id == ServicePoint.network_id, came.c.point_id == ServicePoint.id))
        .outerjoin(latest, facts_at(latest, asked.last))
        .where((sums.c.point_id.is_not(None)) | (latest.copies > 0))
        .order_by(columns[sort].desc(), ServicePoint.id)
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    )
    rows = db.session.execute(within(query, ServicePoint, wanted)).all()
    points = {point.id: point for point in points_on(wanted, day, [row.point_id for row in rows])} if rows else {}
    found = [
        PointFacts(
            points[row.point_id],
            row.copies or 0,
            row.copies_quality or "exact",
            int(row.batches or 0),
            _whole(row.visits, row.out_visits),
            _whole(row.loans, row.out_loans),
        )
        for row in rows
    ]
    return found, int(rows[0].number) if rows else 0


def _sums(networks: list[int], asked: Period) -> Subquery:
    query = select(
        PointMonth.network_id,
        PointMonth.point_id,
        func.sum(PointMonth.in_school_visits).label("visits"),
        func.sum(PointMonth.community_visits).label("out_visits"),
        func.sum(PointMonth.in_school_loans).label("loans"),
        func.sum(PointMonth.community_loans).label("out_loans"),
    ).where(PointMonth.month.between(asked.first, asked.last))
    return within(query, PointMonth, networks).group_by(PointMonth.network_id, PointMonth.point_id).subquery()


def _either(one: Any, other: Any) -> Any:
    """Both together for sorting; where neither was counted, after zero."""
    return func.coalesce(one + other, one, other, -1)


def _whole(*numbers: int | None) -> int | None:
    total = add_counts(numbers)
    return None if total is None else int(total)
