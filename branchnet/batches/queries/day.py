"""The clerk's day: what is to pack, to send, on the road, not counted, to fetch, overdue, or open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, cast, func, or_, select

from branchnet.access.scope import within
from branchnet.batches.queries.listing import (
    BatchRow,
    End,
    Filters,
    batches_listed,
    ends_of,
    left_in_the_workroom,
    standing,
)
from branchnet.batches.queries.one import BatchHead
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import AnswersFor, Batch, Discrepancy, Network, Person, Place, ServicePoint, Stocktake

SECTIONS = ("draft", "packed", "dispatched", "arrived", "fetch", "overdue", "restock", "differences")
BY_DUE_DATE = frozenset({"fetch", "overdue"})
SHOWN = 5
"""Rows a section shows before it points to the whole list."""


@dataclass(frozen=True, slots=True)
class DaySection:
    """One part of the day's work: how many batches in all, and those that wait longest."""

    state: str
    count: int
    rows: list[BatchRow]


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call about a place: the teacher's name, and their phone where they gave one."""

    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class OpenSum:
    """Open differences of a kind in a batch: how many copies (册), and since when the oldest is open."""

    kind: str
    quantity: int
    since: date


@dataclass(frozen=True, slots=True)
class PlaceDifferences:
    """Open differences at a place that no batch brought: found in a stocktake, or (without a number) reported."""

    network_id: int
    network: str
    place: End
    stocktake: str | None
    sums: tuple[OpenSum, ...]

    @property
    def since(self) -> date:
        """Since when the oldest is open."""
        return min(one.since for one in self.sums)


def the_day(networks: Iterable[int], today: date) -> dict[str, DaySection]:
    """All sections by their word."""
    wanted = sorted(networks)
    made = {}
    for state in SECTIONS:
        rows, count = batches_listed(
            wanted, Filters(state=state), today, size=SHOWN, order="due" if state in BY_DUE_DATE else "waiting"
        )
        made[state] = DaySection(state, count, rows)
    return made


def in_the_workroom(networks: Iterable[int], batch_ids: Sequence[int]) -> dict[int, int]:
    """By return the copies (册) of it that wait in the workroom."""
    query: Rows = select(Batch.id, cast(left_in_the_workroom(), Integer)).where(
        Batch.id.in_(batch_ids), Batch.kind == "return"
    )
    return {batch_id: copies or 0 for batch_id, copies in db.session.execute(within(query, Batch, networks))}


def slow_ones(networks: Iterable[int], today: date) -> int:
    """How many batches have been on the road for longer than their network allows."""
    query: Rows = select(func.count(Batch.id)).where(standing("slow", today))
    return int(db.session.execute(within(query, Batch, networks)).scalar_one())


def whom_to_call(networks: Iterable[int], rows: Sequence[BatchRow | BatchHead], today: date) -> dict[int, Call]:
    """By place, the teacher who answers for the point there today; the one with a phone first."""
    query: Rows = (
        select(ServicePoint.place_id, Person.display_name, Person.phone)
        .select_from(AnswersFor)
        .join(
            ServicePoint,
            and_(ServicePoint.network_id == AnswersFor.network_id, ServicePoint.id == AnswersFor.point_id),
        )
        .join(Person, and_(Person.network_id == AnswersFor.network_id, Person.id == AnswersFor.person_id))
        .where(
            ServicePoint.place_id.in_({end.place_id for row in rows for end in (row.start, row.end)}),
            AnswersFor.valid_from <= today,
            or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > today),
            Person.left_on.is_(None),
            Person.display_name.is_not(None),
        )
        .order_by(Person.phone.is_(None), Person.id)
    )
    calls: dict[int, Call] = {}
    for place_id, name, phone in db.session.execute(within(query, AnswersFor, networks)):
        calls.setdefault(place_id, Call(name, phone))
    return calls


def open_sums(networks: Iterable[int], batch_ids: Sequence[int]) -> dict[int, list[OpenSum]]:
    """By batch, its open differences added up by kind."""
    query: Rows = (
        select(
            Discrepancy.batch_id,
            Discrepancy.kind,
            cast(func.sum(Discrepancy.quantity), Integer),
            func.min(Discrepancy.opened_on),
        )
        .where(Discrepancy.closed_on.is_(None), Discrepancy.batch_id.in_(batch_ids))
        .group_by(Discrepancy.batch_id, Discrepancy.kind)
        .order_by(Discrepancy.batch_id, Discrepancy.kind)
    )
    sums: dict[int, list[OpenSum]] = {}
    for batch_id, kind, quantity, since in db.session.execute(within(query, Discrepancy, networks)):
        sums.setdefault(batch_id, []).append(OpenSum(kind, quantity, since))
    return sums


def open_at_places(networks: Iterable[int], today: date) -> list[PlaceDifferences]:
    """Open differences of stocktakes and reports, added up by place and stocktake. Three statements.

    What an exchange visit was short of has the entry that found it, and a list of its own.
    """
    wanted = sorted(networks)
    query: Rows = (
        select(
            Discrepancy.network_id,
            Network.slug,
            Discrepancy.place_id,
            Place.kind,
            Stocktake.number,
            Discrepancy.kind,
            cast(func.sum(Discrepancy.quantity), Integer),
            func.min(Discrepancy.opened_on),
        )
        .join(Network, Network.id == Discrepancy.network_id)
        .join(Place, and_(Place.network_id == Discrepancy.network_id, Place.id == Discrepancy.place_id))
        .outerjoin(
            Stocktake,
            and_(Stocktake.network_id == Discrepancy.network_id, Stocktake.id == Discrepancy.stocktake_id),
        )
        .where(
            Discrepancy.closed_on.is_(None),
            Discrepancy.batch_id.is_(None),
            or_(Discrepancy.stocktake_id.is_not(None), Discrepancy.opened_entry_id.is_(None)),
        )
        .group_by(
            Discrepancy.network_id, Network.slug, Discrepancy.place_id, Place.kind, Stocktake.number, Discrepancy.kind
        )
        .order_by(Discrepancy.network_id, func.coalesce(Stocktake.number, ""), Discrepancy.place_id, Discrepancy.kind)
    )
    rows = db.session.execute(within(query, Discrepancy, wanted)).all()
    ends = ends_of({row[2] for row in rows}, wanted, today)
    found: dict[tuple[Any, ...], list[OpenSum]] = {}
    for network_id, slug, place_id, place_kind, number, kind, quantity, since in rows:
        found.setdefault((network_id, slug, place_id, place_kind, number), []).append(OpenSum(kind, quantity, since))
    return [
        PlaceDifferences(network_id, slug, ends.get(place_id) or End(place_id, kind), number, tuple(sums))
        for (network_id, slug, place_id, kind, number), sums in found.items()
    ]
