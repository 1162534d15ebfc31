"""What is still missing of the months that may be closed: seen before somebody closes them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from branchnet.batches.boxes import on_its_way
from branchnet.batches.rules import ON_THE_ROAD
from branchnet.calendar.rules import bounds, month_of, months, months_before, next_month, previous_month
from branchnet.extensions import db
from branchnet.models import Batch, Box
from branchnet.points.queries import points_on
from branchnet.readings.queries import states_by_month, waiting
from branchnet.readings.windows import stays_missing

AT_MOST = 24
"""Months that are looked at, the latest ones."""
FIRST_TIME = 12
"""And so many where none was ever closed."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Of a month: points that owe a reading, deliveries that were fetched in it and are not reported, windows that wait
    for staff, boxes sent in it that nobody has counted.
    """

    month: str
    owed: int
    stays: int
    held: int
    boxes: int


def closable(locked_through: str | None, today: date) -> list[str]:
    """The months that are over and not closed, the first first."""
    last = previous_month(month_of(today))
    first = months_before(last, FIRST_TIME - 1) if locked_through is None else next_month(locked_through)
    return list(months(first, last))[-AT_MOST:]


def still_missing(network_id: int, over: list[str], today: date, minimum: int) -> list[Missing]:
    """What is missing of each of these months, which follow each other. The number of statements does not grow."""
    if not over:
        return []
    points = points_on([network_id], today)
    states = states_by_month(points, over[0], over[-1], today, minimum)
    owed = Counter(month for (_point, month), state in states.items() if state == "overdue")
    held = waiting([network_id], [point.id for point in points])
    windows = Counter(month for month, *_rest in {(one.month, one.point_id, one.batch_id) for one in held})
    first, last = bounds(over[0])[0], bounds(over[-1])[1]
    boxes = _on_the_road(network_id, first, last)
    stays = Counter(month_of(one.last_on) for one in stays_missing(network_id, points, first, last))
    return [Missing(month, owed[month], stays[month], windows[month], boxes[month]) for month in over]


def _on_the_road(network_id: int, first: date, last: date) -> Counter[str]:
    """By the month in which they were sent, the boxes that nobody has counted."""
    rows = db.session.execute(
        select(Batch.dispatched_on, func.count(Box.id))
        .join(Box, (Box.network_id == Batch.network_id) & (Box.batch_id == Batch.id))
        .where(
            Batch.network_id == network_id,
            Batch.state.in_(ON_THE_ROAD),
            Batch.dispatched_on.between(first, last),
            on_its_way(),
        )
        .group_by(Batch.dispatched_on)
    )
    found: Counter[str] = Counter()
    for day, boxes in rows:
        if day is not None:
            found[month_of(day)] += boxes
    return found
