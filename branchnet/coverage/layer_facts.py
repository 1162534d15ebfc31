"""The figures of a layer by point, at the end of a month: a few statements, whatever the number of points."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from branchnet.calendar.rules import bounds, months_before, previous_month
from branchnet.coverage.layers import Figure, Overdue, Reports, Turning
from branchnet.coverage.tallies import lent
from branchnet.extensions import db
from branchnet.models import Batch, Network, Reading, ServicePoint
from branchnet.points.queries import Point
from branchnet.readings.owed import owed_months

MONTHS = 12


def figures(layer: str, points: Sequence[Point], month: str, day: date, today: date) -> Mapping[int, Figure]:
    """By point what a layer shows of it, as of a day. Books have none: the view has them."""
    if layer == "reports":
        return reports(points, month, today)
    if layer == "loans":
        return turning(points, month, today)
    return overdue(points, day) if layer == "overdue" else {}


def reports(points: Sequence[Point], month: str, today: date) -> dict[int, Reports]:
    """Twelve months that are over, up to this one: how many of them were owed, and how many of these reported."""
    last = _over(month, today)
    first = months_before(last, MONTHS - 1)
    networks, ids = _networks(points), [point.id for point in points]
    minimum = dict(db.session.execute(select(Network.id, Network.min_open_days).where(Network.id.in_(networks))).all())
    came = db.session.execute(
        select(Reading.point_id, Reading.month).where(
            Reading.network_id.in_(networks),
            Reading.point_id.in_(ids),
            Reading.window_kind == "month",
            Reading.month.between(first, last),
            Reading.current_id.is_not(None),
        )
    )
    reported = {(point_id, one) for point_id, one in came}
    owed: dict[int, list[bool]] = {}
    for key in owed_months(points, first, last, minimum):
        owed.setdefault(key[0], []).append(key in reported)
    return {point_id: Reports(len(found), sum(found)) for point_id, found in owed.items()}


def turning(points: Sequence[Point], month: str, today: date) -> dict[int, Turning]:
    """Twelve months that are over, up to this one: loans, and the book-months in which they were counted.

    The same sums as of the page of books and their use: a stay counts whole where it was collected.
    """
    last = _over(month, today)
    found = lent(_networks(points), [point.id for point in points], months_before(last, MONTHS - 1), last)
    return {point_id: Turning(one.number, one.book_months) for point_id, one in found.items()}


def overdue(points: Sequence[Point], day: date) -> dict[int, Overdue]:
    """Deliveries that stood there on that day although they were due back before it."""
    rows = db.session.execute(
        select(ServicePoint.id, func.count(), func.min(Batch.due_back_on))
        .join(Batch, (Batch.network_id == ServicePoint.network_id) & (Batch.to_place_id == ServicePoint.place_id))
        .where(
            Batch.network_id.in_(_networks(points)),
            Batch.to_place_id.in_([point.place_id for point in points]),
            Batch.kind == "delivery",
            Batch.state != "cancelled",
            Batch.received_on <= day,
            Batch.due_back_on < day,
            func.coalesce(Batch.collected_on > day, True),
        )
        .group_by(ServicePoint.id)
    )
    return {point_id: Overdue(int(number), since) for point_id, number, since in rows}


def _networks(points: Iterable[Point]) -> list[int]:
    return sorted({point.network_id for point in points})


def _over(month: str, today: date) -> str:
    """This month where it is over, else the one before."""
    return month if bounds(month)[1] < today else previous_month(month)
