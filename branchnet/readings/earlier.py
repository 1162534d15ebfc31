"""Earlier terms and years (from the old ledger), reported as a whole: what overlaps with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from branchnet.access.scope import within
from branchnet.extensions import db
from branchnet.models import Reading

KINDS = ("term", "year")
# Every first report of a month asks.
_READINGS: Any = Reading.__table__
_OVER = (
    select(_READINGS.c.id)
    .where(
        _READINGS.c.network_id == bindparam("network"),
        _READINGS.c.point_id == bindparam("point"),
        _READINGS.c.window_kind.in_(KINDS),
        _READINGS.c.current_id.is_not(None),
        _READINGS.c.first_on <= bindparam("last"),
        _READINGS.c.last_on >= bindparam("first"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A window of a point that is reported: a month, or an earlier term or year."""

    point_id: int
    kind: str
    month: str | None
    first: date
    last: date

    def overlaps(self, first: date, last: date) -> bool:
        """Whether they share a day."""
        return self.first <= last and self.last >= first

    @property
    def name(self) -> str:
        """As it is told in a refusal: 2024-03, or from and to."""
        return self.month or f"{self.first.isoformat()} — {self.last.isoformat()}"


def earlier_over(network_id: int, point_id: int, first: date, last: date) -> bool:
    """Whether an earlier term or year that holds for a point shares a day with these."""
    values = {"network": network_id, "point": point_id, "first": first, "last": last}
    return db.session.execute(_OVER, values).first() is not None


def reported_over(network_id: int, point_ids: Sequence[int], first: date, last: date) -> list[Reported]:
    """Months, and earlier terms and years, that hold for these points and share a day with these.

    Stays are none of them: a term may be told beside the deliveries in it.
    """
    query = (
        select(Reading.point_id, Reading.window_kind, Reading.month, Reading.first_on, Reading.last_on)
        .where(
            Reading.point_id.in_(point_ids),
            Reading.window_kind.in_(("month", *KINDS)),
            Reading.current_id.is_not(None),
            Reading.first_on <= last,
            Reading.last_on >= first,
        )
        .order_by(Reading.first_on)
    )
    return [Reported(*row) for row in db.session.execute(within(query, Reading, [network_id]))]


def in_the_way(windows: Iterable[Reported], kind: str, first: date, last: date) -> list[Reported]:
    """Which of a point's windows stand in the way of an earlier one: all that overlap but itself."""
    asked = (kind, first, last)
    return [one for one in windows if one.overlaps(first, last) and (one.kind, one.first, one.last) != asked]
