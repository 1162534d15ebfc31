"""A point's term for a paper to be stamped: what it reported by month; the books that came, went and stand there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import aliased

from branchnet.calendar.rules import month_of
from branchnet.calendar.terms import Term
from branchnet.coverage.history import changes
from branchnet.coverage.rules import Change, add_counts, copies_on
from branchnet.extensions import db
from branchnet.models import Move
from branchnet.points.queries import Point
from branchnet.readings.queries import Held, current, earlier, states_by_month
from branchnet.readings.rules import NUMBERS


@dataclass(frozen=True, slots=True)
class Books:
    """Copies (册) that were taken in at a point and that left it in a term, and that stand there at its end, or now."""

    came: int
    left: int
    on_site: int
    quality: str


@dataclass(frozen=True, slots=True)
class PointTerm:
    """A point's term. ``months``: each with its state and the reading that holds, if any; "ahead": not begun yet.

    ``whole``: stays that ended in it, and earlier windows most of whose days are in it.
    ``beside``: earlier windows that lie in it by a lesser part; no sum has them.
    """

    point: Point
    term: Term
    months: Sequence[tuple[str, str, Held | None]]
    whole: Sequence[Held]
    beside: Sequence[Held]
    books: Books

    @property
    def sums(self) -> dict[str, int | None]:
        """Visits, loans and days open (天) over all windows: of each what adds up, None where it was never counted."""
        found = {name: add_counts(getattr(held, name) for held in [*self._monthly, *self.whole]) for name in NUMBERS}
        return {**found, "days_open": add_counts(held.days_open for held in self._days()[0])}

    @property
    def days_left_out(self) -> int:
        """Days open (天) that are in no sum, for a month that was counted, or another stay, has the same days."""
        return sum(held.days_open or 0 for held in self._days()[1])

    def months_counted(self, name: str) -> int | None:
        """How many months a number was counted in, where that is not every month that was reported."""
        reported = [held for held in self._monthly if not held.not_open]
        counted = sum(getattr(held, name) is not None for held in reported)
        return counted if 0 < counted < len(reported) else None

    @property
    def _monthly(self) -> list[Held]:
        return [held for _month, _state, held in self.months if held is not None]

    def _days(self) -> tuple[list[Held], list[Held]]:
        """The windows whose days open add up, months first, and those that share days with one of these."""
        added: list[Held] = []
        shared: list[Held] = []
        stays_last = sorted(self.whole, key=lambda held: (held.window_kind == "stay", held.first_on))
        for held in (one for one in [*self._monthly, *stays_last] if one.days_open is not None):
            twice = any(held.first_on <= one.last_on and held.last_on >= one.first_on for one in added)
            (shared if twice else added).append(held)
        return added, shared


def terms_of_points(network_id: int, points: Sequence[Point], term: Term, today: date, minimum: int) -> list[PointTerm]:
    """How a term went at these points, in their order. A fixed number of statements."""
    if not points:
        return []
    ids, places, span = [point.id for point in points], [point.place_id for point in points], term.months
    states = states_by_month(points, span[0], span[-1], today, minimum)
    held = current([network_id], ids, span[0], span[-1])
    monthly = {(one.point_id, one.month): one for one in held if one.window_kind == "month"}
    windows = earlier([network_id], ids, term.first, term.last)
    whole = [one for one in held if one.window_kind == "stay"] + [one for one in windows if _mostly_in(one, term)]
    beside = [one for one in windows if not _mostly_in(one, term)]
    books = dict(_books(network_id, places, term, min(term.last, today)))
    running = month_of(today)
    return [
        PointTerm(
            point,
            term,
            [
                (month, states[point.id, month] if month <= running else "ahead", monthly.get((point.id, month)))
                for month in span
            ],
            [one for one in whole if one.point_id == point.id],
            [one for one in beside if one.point_id == point.id],
            books[point.place_id],
        )
        for point in points
    ]


def _mostly_in(window: Held, term: Term) -> bool:
    shared = (min(window.last_on, term.last) - max(window.first_on, term.first)).days + 1
    return 2 * shared > (window.last_on - window.first_on).days + 1


def _books(network_id: int, places: Sequence[int], term: Term, day: date) -> Iterator[tuple[int, Books]]:
    history: dict[int, list[Change]] = {place: [] for place in places}
    for place, change in changes(network_id, places):
        if place in history:
            history[place].append(change)
    moved: dict[tuple[int, str], int] = {}
    for place, reason, copies in db.session.execute(_moved(network_id, places, term)):
        moved[place, reason] = int(copies)
    for place in places:
        on_site, quality = copies_on(history[place], day)
        yield place, Books(moved.get((place, "receive"), 0), moved.get((place, "dispatch"), 0), on_site, quality)


def _moved(network_id: int, places: Sequence[int], term: Term) -> Any:
    """By place and step what was taken in (receive) and sent away (dispatch), less what was taken back."""
    undone: Any = aliased(Move)
    sides = []
    for step, place, other in (
        ("receive", Move.to_place_id, Move.from_place_id),
        ("dispatch", Move.from_place_id, Move.to_place_id),
    ):
        done = select(place.label("place_id"), literal(step).label("step"), Move.quantity.label("copies")).where(
            Move.reason == step, place.in_(places)
        )
        taken_back = (
            select(other, literal(step), -Move.quantity)
            .join(undone, (undone.network_id == Move.network_id) & (undone.id == Move.reverses_id))
            .where(undone.reason == step, other.in_(places))
        )
        sides += [done, taken_back]
    own = (Move.network_id == network_id) & Move.occurred_on.between(term.first, term.last)
    both = union_all(*(side.where(own) for side in sides)).subquery()
    return select(both.c.place_id, both.c.step, func.sum(both.c.copies)).group_by(both.c.place_id, both.c.step)
