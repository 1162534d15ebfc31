"""What a point's forms begin with: its months as they stand, and the stays of its deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet.calendar.rules import month_of, previous_month
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch
from branchnet.points.queries import Point
from branchnet.readings import rules
from branchnet.readings.queries import Held, current, waiting


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form begins with: the revision that holds, a newer one that waits for staff, and the month before."""

    holds: Held | None
    waits: Held | None
    before: Held | None = None


def shown_month(network_id: int, point_id: int, month: str) -> Shown:
    """What is known of a point's month. Two statements."""
    before = previous_month(month)
    rows = [row for row in current([network_id], [point_id], before, month) if row.window_kind == "month"]
    waits = [
        row
        for row in waiting([network_id], [point_id])
        if row.window_kind == "month" and row.month == month and not row.behind
    ]
    by_month = {row.month: row for row in rows}
    return Shown(by_month.get(month), waits[-1] if waits else None, by_month.get(before))


@dataclass(frozen=True, slots=True)
class Stay:
    """A delivery whose books were fetched again: the days they stood at the point, and what is reported of them."""

    point_id: int
    batch_id: int
    number: str
    first_on: date
    last_on: date
    shown: Shown

    @property
    def state(self) -> str:
        """As the state of a month: overdue, received, held, question or not_open."""
        return rules.month_state(
            reported=self.shown.holds is not None,
            not_open=self.shown.holds is not None and self.shown.holds.not_open,
            held=self.shown.waits is not None,
            asked=self.shown.holds is not None and self.shown.holds.question is not None,
            due=True,
            month_over=True,
            opened=True,
        )


def stays(network_id: int, points: Sequence[Point], at_most: int | None) -> list[Stay]:
    """The latest stays (None: all) at these points that are over, newest first. Three statements, however many."""
    return _stays(_collected(network_id, points).limit(at_most), network_id, points)


def stays_missing(network_id: int, points: Sequence[Point], first: date, last: date) -> list[Stay]:
    """Stays that were over on one of these days and of which nothing has come, not even what waits for staff."""
    query = _collected(network_id, points).where(Batch.collected_on.between(first, last))
    return [one for one in _stays(query, network_id, points) if one.state == "overdue"]


def stay(network_id: int, point: Point, number: str) -> Stay:
    """The stay of a delivery's number at a point. Raises NotFound where there is none, or it is not over."""
    found = _stays(_collected(network_id, [point]).where(Batch.number == number), network_id, [point])
    if not found:
        raise NotFound(number=number)
    return found[0]


def _collected(network_id: int, points: Sequence[Point]) -> Rows:
    return (
        select(
            Batch.id,
            Batch.to_place_id,
            Batch.number,
            Batch.dispatched_on,
            Batch.received_on,
            Batch.collected_on,
        )
        .where(
            Batch.network_id == network_id,
            Batch.to_place_id.in_([point.place_id for point in points]),
            Batch.kind == "delivery",
            Batch.collected_on.is_not(None),
        )
        .order_by(Batch.collected_on.desc(), Batch.id.desc())
    )


def _stays(query: Rows, network_id: int, points: Sequence[Point]) -> list[Stay]:
    rows = db.session.execute(query).all()
    if not rows:
        return []
    ids = {point.place_id: point.id for point in points}
    first, last = month_of(rows[-1].collected_on), month_of(rows[0].collected_on)
    holds = {row.batch_id: row for row in current([network_id], list(ids.values()), first, last)}
    waits = {row.batch_id: row for row in waiting([network_id], list(ids.values())) if not row.behind}
    return [
        Stay(
            ids[row.to_place_id],
            row.id,
            row.number,
            *rules.stay_days(row.dispatched_on, row.received_on, row.collected_on),
            Shown(holds.get(row.id), waits.get(row.id)),
        )
        for row in rows
    ]
