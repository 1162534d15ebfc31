"""Points × months: how each month stands, and the stays that ended in it. The number of statements does not grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from branchnet.calendar.rules import bounds, month_of
from branchnet.extensions import db
from branchnet.models import Batch, Reading, ReadingRevision
from branchnet.points.queries import Point
from branchnet.readings.looking import STATES, ToLook
from branchnet.readings.queries import Held, months_within, states_told
from branchnet.readings.rules import month_state, months_open

NOTHING_CAME = ("due", "overdue", "not_due")
"""States of months of which nothing came."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A window's state: a word of `rules.month_state`, or of `looking.STATES` where staff are to look at it.

    "whole" of a month that was reported with others, as an earlier term or year.
    """

    state: str
    month: str
    stay: str | None = None
    """Of a delivery's stay that ended in this month: its number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A point, and by month its cells: none where it was not open, or the month has not begun."""

    point: Point
    cells: dict[str, list[Cell]]


def grid(
    points: Sequence[Point],
    shown: Sequence[str],
    today: date,
    minimum: int,
    look: Sequence[ToLook],
    whole: Sequence[Held] = (),
) -> list[Line]:
    """The lines of these points of one network over months that follow each other, with what is to be looked at.

    ``whole``: earlier terms and years that were reported; their months are "whole", where nothing else came of them.
    """
    begun = [month for month in shown if month <= month_of(today)]
    if not points or not begun:
        return [Line(point, {}) for point in points]
    states = states_told(points, begun[0], begun[-1], today, minimum)
    stays, marks = _stays(points, begun[0], begun[-1]), _marks(look)
    told = months_within(whole)
    lines = []
    for point in points:
        open_in = set(months_open(point.opened_on, point.closed_on, today))
        cells: dict[str, list[Cell]] = {}
        for month in begun:
            state = marks.get((point.id, month, None), states.get((point.id, month)))
            if (point.id, month) in told and state in (None, *NOTHING_CAME):
                state = "whole"
            own = [Cell(state, month)] if state and (state != "not_due" or month in open_in) else []
            brought = [
                Cell(marks.get((point.id, month, number), stay_state), month, number)
                for number, stay_state in stays.get((point.place_id, month), [])
            ]
            cells[month] = own + brought
        lines.append(Line(point, cells))
    return lines


def _marks(look: Sequence[ToLook]) -> dict[tuple[int, str | None, str | None], str]:
    """By window the first of the reasons to look at it."""
    return {one.window: one.state for one in sorted(look, key=lambda one: STATES.index(one.state), reverse=True)}


def _stays(points: Sequence[Point], first: str, last: str) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """By place and month of collection, the deliveries fetched then and the state of each stay's reading."""
    network_id = points[0].network_id
    rows = db.session.execute(
        select(Batch.to_place_id, Batch.number, Batch.collected_on, ReadingRevision.id, ReadingRevision.not_open)
        .outerjoin(Reading, and_(Reading.network_id == Batch.network_id, Reading.batch_id == Batch.id))
        .outerjoin(
            ReadingRevision,
            and_(ReadingRevision.network_id == Batch.network_id, ReadingRevision.id == Reading.current_id),
        )
        .where(
            Batch.network_id == network_id,
            Batch.kind == "delivery",
            Batch.to_place_id.in_([point.place_id for point in points]),
            Batch.collected_on.between(bounds(first)[0], bounds(last)[1]),
        )
        .order_by(Batch.collected_on, Batch.id)
    )
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for place_id, number, collected_on, revision_id, not_open in rows:
        state = month_state(
            reported=revision_id is not None,
            not_open=bool(not_open),
            held=False,
            due=True,
            month_over=True,
            opened=True,
        )
        if collected_on is not None:
            found.setdefault((place_id, month_of(collected_on)), []).append((number, state))
    return found
