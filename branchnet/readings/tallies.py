"""The lessons that were noted at a point, and what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from branchnet.extensions import db
from branchnet.models import Tally
from branchnet.readings.rules import NUMBERS


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson (这节课): its visits (人次) and loans (册次); empty is not counted."""

    id: int
    happened_on: date
    in_school_visits: int | None
    in_school_loans: int | None
    community_visits: int | None
    community_loans: int | None


def lessons(network_id: int, point_id: int, first: date, last: date) -> list[Lesson]:
    """The lessons of these days that count, the first first."""
    taking_back = aliased(Tally)
    rows = db.session.execute(
        select(Tally.id, Tally.happened_on, *(getattr(Tally, name) for name in NUMBERS))
        .outerjoin(taking_back, (taking_back.network_id == Tally.network_id) & (taking_back.takes_back_id == Tally.id))
        .where(
            Tally.network_id == network_id,
            Tally.point_id == point_id,
            Tally.happened_on.between(first, last),
            Tally.takes_back_id.is_(None),
            taking_back.id.is_(None),
        )
        .order_by(Tally.happened_on, Tally.id)
    )
    return [Lesson(*row) for row in rows]


def added_up(rows: Sequence[Lesson]) -> dict[str, int]:
    """By name the sums of the numbers that were counted in any of these lessons."""
    told = {name: [number for one in rows if (number := getattr(one, name)) is not None] for name in NUMBERS}
    return {name: sum(numbers) for name, numbers in told.items() if numbers}
