"""What was read at a point and stood there, month by month, for its plot and the table behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of, months, months_before
from branchnet.coverage.rules import add_counts
from branchnet.extensions import db
from branchnet.models import PointMonth
from branchnet.points.queries import Point
from branchnet.readings.queries import states_by_month

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Read:
    """Visits (人次) and loans (册次) of a point's month, in school and of the neighbours; None: nothing was counted."""

    month: str
    state: str
    """What became of its monthly reading: a word of `readings.rules.month_state`."""
    visits: int | None
    loans: int | None
    copies: int | None = None
    """On site at its end (册), and how well that is known; None: no facts reach so far."""
    quality: str = "exact"


def read_at(point: Point, today: date) -> list[Read]:
    """The latest months up to the running one, the oldest first. Seven statements."""
    shown = _latest(today)
    facts = db.session.scalars(
        select(PointMonth).where(
            PointMonth.network_id == point.network_id,
            PointMonth.point_id == point.id,
            PointMonth.month.between(shown[0], shown[-1]),
        )
    ).all()
    minimum = Act(point.network_id).network.min_open_days
    states = states_by_month([point], shown[0], shown[-1], today, minimum)
    return read_of(facts, {month: states[point.id, month] for month in shown}, today)


def read_of(facts: Iterable[PointMonth], states: Mapping[str, str], today: date) -> list[Read]:
    """The same of what is known already: a point's facts, and the states of these months at least."""
    by_month = {fact.month: fact for fact in facts}
    return [_read(month, states[month], by_month.get(month)) for month in _latest(today)]


def _latest(today: date) -> list[str]:
    last = month_of(today)
    return list(months(months_before(last, MONTHS - 1), last))


def _read(month: str, state: str, fact: PointMonth | None) -> Read:
    if fact is None:
        return Read(month, state, None, None)
    return Read(
        month,
        state,
        add_counts((fact.in_school_visits, fact.community_visits)),
        add_counts((fact.in_school_loans, fact.community_loans)),
        fact.copies,
        fact.copies_quality,
    )
