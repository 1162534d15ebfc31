"""Natural wear (自然损耗): how far a point's agreement goes in a term, and which open shortages fit into it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, cast, func, select, union_all

from branchnet.batches.losses import rules
from branchnet.batches.losses.there import place_of_case
from branchnet.extensions import db
from branchnet.models import Batch, CalendarPeriod, Discrepancy, Lot, Move
from branchnet.points.agreements import AgreementRow, agreements_in_force
from branchnet.points.queries import Point


@dataclass(frozen=True, slots=True)
class WornCase:
    """An open shortage (册) of known copies."""

    id: int
    place_id: int
    quantity: int
    lot_id: int
    title: str
    barcode: str | None
    opened_on: date


@dataclass(frozen=True, slots=True)
class WearAt:
    """A point in a term: copies (册) at its start, what the agreement allows of them, and what was worn already.

    ``fits``: the cases that go into what is left, the oldest first; ``exceeds``: those that do not.
    """

    point: Point
    copies: int
    permille: int | None
    allowed: int
    used: int
    fits: Sequence[WornCase]
    exceeds: Sequence[WornCase]

    @property
    def closes(self) -> int:
        """Copies (册) of the cases that fit."""
        return sum(case.quantity for case in self.fits)


@dataclass(frozen=True, slots=True)
class Term:
    """A term (学期) of the network's calendar, its days both included."""

    id: int
    name: str
    first_on: date
    last_on: date


def terms(network_id: int) -> list[Term]:
    """The terms that the calendar knows, the latest first."""
    rows = db.session.execute(
        select(CalendarPeriod.id, CalendarPeriod.name, CalendarPeriod.first_on, CalendarPeriod.last_on)
        .where(CalendarPeriod.network_id == network_id, CalendarPeriod.kind == "term")
        .order_by(CalendarPeriod.first_on.desc(), CalendarPeriod.id)
    )
    return [Term(*row) for row in rows]


def wear(network_id: int, points: Iterable[Point], first_on: date, last_on: date, today: date) -> list[WearAt]:
    """What one press would close at these points; who has nothing open in the term is left out. Four statements.

    The agreement is the one that binds on the term's last day, or today while it runs. Shortages found in the term
    use up its allowance, whenever they are closed.
    """
    by_place = {point.place_id: point for point in points}
    open_ones = _open(network_id, list(by_place), first_on, last_on)
    places = sorted(open_ones)
    agreed = agreements_in_force(network_id, min(last_on, today), [by_place[place].id for place in places])
    copies, used = _copies(network_id, places, first_on), _used(network_id, places, first_on, last_on)
    found = [
        _at(by_place[place], open_ones[place], copies.get(place, 0), agreed.get(by_place[place].id), used.get(place, 0))
        for place in places
    ]
    return sorted(found, key=lambda one: (one.point.pinyin, one.point.id))


def _at(point: Point, cases: list[WornCase], copies: int, agreed: AgreementRow | None, used: int) -> WearAt:
    permille = agreed.allowance_permille if agreed is not None else None
    allowed = rules.allowance(copies, permille)
    fitting = set(rules.fitting(((case.id, case.quantity) for case in cases), max(allowed - used, 0)))
    return WearAt(
        point,
        copies,
        permille,
        allowed,
        used,
        [case for case in cases if case.id in fitting],
        [case for case in cases if case.id not in fitting],
    )


def _in_term(network_id: int, places: Sequence[int], first_on: date, last_on: date) -> tuple[Any, ...]:
    return (
        Discrepancy.network_id == network_id,
        Discrepancy.kind == "short",
        Discrepancy.in_transit.is_(False),
        Discrepancy.opened_on.between(first_on, last_on),
        place_of_case().in_(places),
    )


def _open(network_id: int, places: Sequence[int], first_on: date, last_on: date) -> dict[int, list[WornCase]]:
    rows: Sequence[Any] = db.session.execute(
        select(
            Discrepancy.id,
            place_of_case(),
            Discrepancy.quantity,
            Discrepancy.lot_id,
            Lot.title,
            Lot.barcode,
            Discrepancy.opened_on,
        )
        .outerjoin(Batch, and_(Batch.network_id == network_id, Batch.id == Discrepancy.batch_id))
        .join(Lot, and_(Lot.network_id == network_id, Lot.id == Discrepancy.lot_id))
        .where(*_in_term(network_id, places, first_on, last_on), Discrepancy.closed_on.is_(None))
        .order_by(Discrepancy.opened_on, Discrepancy.id)
    ).all()
    found: dict[int, list[WornCase]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(WornCase(*row))
    return dict(found)


def _used(network_id: int, places: Sequence[int], first_on: date, last_on: date) -> dict[int, int]:
    """By place the copies (册) of the term's shortages that were closed as worn."""
    rows = db.session.execute(
        select(place_of_case(), cast(func.sum(Discrepancy.quantity), Integer))
        .outerjoin(Batch, and_(Batch.network_id == network_id, Batch.id == Discrepancy.batch_id))
        .where(*_in_term(network_id, places, first_on, last_on), Discrepancy.resolution == "worn")
        .group_by(place_of_case())
    )
    return dict(rows.all())


def _copies(network_id: int, places: Sequence[int], on: date) -> dict[int, int]:
    """By place the copies (册) there at the end of a day, by the moves."""
    ends = ((Move.to_place_id, Move.quantity), (Move.from_place_id, -Move.quantity))
    both = union_all(
        *(
            select(place.label("place_id"), change.label("change")).where(
                Move.network_id == network_id, place.in_(places), Move.occurred_on <= on
            )
            for place, change in ends
        )
    ).subquery()
    rows = db.session.execute(select(both.c.place_id, cast(func.sum(both.c.change), Integer)).group_by(both.c.place_id))
    return dict(rows.all())
