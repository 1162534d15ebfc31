"""Batches in lists: filtered, newest first, with the names of where they come from and go to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.batches.boxes import on_its_way
from branchnet.batches.queries.sorting import sorted_by
from branchnet.batches.rules import stage
from branchnet.database import Day, Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Discrepancy, Move, Network, Place, PointName, ServicePoint
from branchnet.points.queries import points_on

PAGE = 50
"""Batches on one page of the list."""
FETCH_DAYS = 7
"""A delivery due back within so many days is to be fetched, before it is late."""


ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (Batch.id.desc(),),
    # What is not sent yet waits by its number; a day in no calendar keeps the engines' order of NULLs out of it.
    "waiting": (func.coalesce(Batch.dispatched_on, literal(date.max, Day)), Batch.id),
    "due": (func.coalesce(Batch.due_back_on, literal(date.max, Day)), Batch.id),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means all."""

    state: str = ""
    """A state, or one of ``arrived`` (there, not counted), ``slow`` (on the road too long), ``fetch`` (due back within
    `FETCH_DAYS`), ``overdue``, ``there`` (taken in, its books not fetched), ``collected``, ``restock`` (scanned,
    waiting in the workroom), ``differences`` (open ones)."""
    kind: str = ""
    text: str = ""
    """Part of a number or of a point's name, the name's pinyin initials, or the beginning of a point's code."""
    terms: str = ""
    since: date | None = None
    """Sent on this day or later."""
    until: date | None = None
    """Sent on this day or earlier."""

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class End:
    """Where a batch comes from or goes to: the kind of place, and its name and code where it is a point's."""

    place_id: int
    kind: str
    name: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as one line of a list. ``copies``: 册 on its lines; ``stage``: a word of `rules.stage`."""

    id: int
    network_id: int
    network: str
    number: str
    kind: str
    stage: str
    start: End
    end: End
    copies: int
    counted: int
    """Copies (册) found in the boxes of it that were counted so far."""
    dispatched_on: date | None
    arrived_on: date | None
    due_back_on: date | None


def arrived() -> ColumnElement[bool]:
    """Boxes of the batch are there, and nobody has counted all of them."""
    return exists().where(
        Box.network_id == Batch.network_id,
        Box.batch_id == Batch.id,
        Box.arrived_on.is_not(None),
        on_its_way(),
    )


def counted_so_far() -> Any:
    """How many copies (册) were found in the boxes of the batch that somebody counted."""
    return (
        select(func.sum(Box.copies))
        .where(Box.network_id == Batch.network_id, Box.batch_id == Batch.id, Box.counted_on.is_not(None))
        .correlate(Batch)
        .scalar_subquery()
    )


def left_in_the_workroom() -> Any:
    """How many copies (册) of a return wait in the workroom to be shelved; one that is mended there is none of them."""
    change = case((Move.to_place_id == Place.id, Move.quantity), else_=-Move.quantity)
    return (
        select(func.sum(change))
        .select_from(Move)
        .join(Place, and_(Place.network_id == Move.network_id, Place.id.in_((Move.to_place_id, Move.from_place_id))))
        .where(
            Move.network_id == Batch.network_id,
            Move.batch_id == Batch.id,
            Move.reason != "repaired",
            Place.kind == "workroom",
        )
        .correlate(Batch)
        .scalar_subquery()
    )


def out_on_delivery() -> ColumnElement[bool]:
    """A delivery that left and was not fetched again."""
    return and_(
        Batch.kind == "delivery",
        Batch.state.in_(("dispatched", "received", "closed")),
        Batch.collected_on.is_(None),
    )


def _road_days() -> Any:
    """After how many days the batch's own network calls the road too long."""
    return select(Network.road_days).where(Network.id == Batch.network_id).correlate(Batch).scalar_subquery()


def standing(state: str, today: date) -> ColumnElement[bool]:
    """The condition behind a word of the state filter. On the road means: not one box is known to have arrived."""
    conditions: dict[str, ColumnElement[bool]] = {
        "dispatched": and_(Batch.state == "dispatched", ~arrived()),
        "arrived": and_(Batch.state == "dispatched", arrived()),
        "slow": and_(Batch.state == "dispatched", ~arrived(), Batch.dispatched_on + _road_days() < literal(today, Day)),
        "fetch": and_(
            out_on_delivery(), Batch.due_back_on >= today, Batch.due_back_on <= today + timedelta(days=FETCH_DAYS)
        ),
        "overdue": and_(out_on_delivery(), Batch.due_back_on < today),
        "there": and_(out_on_delivery(), Batch.state.in_(("received", "closed"))),
        "collected": and_(Batch.kind == "delivery", Batch.state == "closed", Batch.collected_on.is_not(None)),
        # A delivery is not over when it is settled: its books are there, or were fetched.
        "closed": and_(Batch.state == "closed", Batch.kind != "delivery"),
        "restock": and_(Batch.kind == "return", Batch.state == "received", left_in_the_workroom() > 0),
        "differences": exists().where(
            Discrepancy.network_id == Batch.network_id,
            Discrepancy.batch_id == Batch.id,
            Discrepancy.closed_on.is_(None),
        ),
    }
    return conditions.get(state, Batch.state == state)


def batches_listed(
    networks: Iterable[int], filters: Filters, today: date, page: int = 1, size: int = PAGE, order: str = "newest"
) -> tuple[list[BatchRow], int]:
    """A page of batches, and how many there are in all; ``order``: a word of ORDERS or of ``sorting``."""
    wanted = sorted(networks)
    conditions = _conditions(filters, today)
    total = within(select(func.count(Batch.id)), Batch, wanted).where(*conditions)
    rows = db.session.execute(
        within(_columns(), Batch, wanted)
        .where(*conditions)
        .order_by(*(ORDERS.get(order) or sorted_by(order)))
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    return named(rows, wanted, today), int(db.session.execute(total).scalar_one())


def _conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.state:
        conditions.append(standing(filters.state, today))
    if filters.kind:
        conditions.append(Batch.kind == filters.kind)
    if filters.terms:
        conditions.append(Batch.terms == filters.terms)
    if filters.since is not None:
        conditions.append(Batch.dispatched_on >= filters.since)
    if filters.until is not None:
        conditions.append(Batch.dispatched_on <= filters.until)
    # Blanks part words that all must match.
    conditions += [_told_as(word) for word in filters.text.split()]
    return conditions


def _told_as(text: str) -> ColumnElement[bool]:
    called = (
        select(ServicePoint.id)
        .join(PointName, and_(PointName.network_id == ServicePoint.network_id, PointName.point_id == ServicePoint.id))
        .where(
            ServicePoint.network_id == Batch.network_id,
            ServicePoint.place_id.in_((Batch.to_place_id, Batch.from_place_id)),
            or_(
                PointName.name.contains(text, autoescape=True),
                PointName.initials.contains(text.lower(), autoescape=True),
                ServicePoint.code.istartswith(text, autoescape=True),
            ),
        )
    )
    return or_(Batch.number.contains(text, autoescape=True), called.exists())


def _columns() -> Rows:
    start, end = aliased(Place), aliased(Place)
    mine = (BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
    boxes = (Box.network_id == Batch.network_id, Box.batch_id == Batch.id, on_its_way())
    return (
        select(
            Batch.id,
            Batch.network_id,
            Network.slug.label("network"),
            Batch.number,
            Batch.kind,
            Batch.state,
            Batch.from_place_id,
            start.kind.label("from_kind"),
            Batch.to_place_id,
            end.kind.label("to_kind"),
            select(func.sum(BatchLine.quantity)).where(*mine).correlate(Batch).scalar_subquery().label("copies"),
            counted_so_far().label("counted"),
            Batch.dispatched_on,
            select(func.min(Box.arrived_on)).where(*boxes).correlate(Batch).scalar_subquery().label("arrived_on"),
            Batch.due_back_on,
            Batch.collected_on,
        )
        .join(Network, Network.id == Batch.network_id)
        .join(start, and_(start.network_id == Batch.network_id, start.id == Batch.from_place_id))
        .join(end, and_(end.network_id == Batch.network_id, end.id == Batch.to_place_id))
    )


def named(rows: Sequence[Any], networks: Iterable[int], today: date) -> list[BatchRow]:
    """Rows of ``_columns`` with the names of their ends."""
    ends = ends_of({place for row in rows for place in (row.from_place_id, row.to_place_id)}, networks, today)

    def end(place_id: int, kind: str) -> End:
        return ends.get(place_id) or End(place_id, kind)

    return [
        BatchRow(
            id=row.id,
            network_id=row.network_id,
            network=row.network,
            number=row.number,
            kind=row.kind,
            stage=stage(row.kind, row.state, row.arrived_on is not None, row.due_back_on, row.collected_on, today),
            start=end(row.from_place_id, row.from_kind),
            end=end(row.to_place_id, row.to_kind),
            copies=int(row.copies or 0),
            counted=int(row.counted or 0),
            dispatched_on=row.dispatched_on,
            arrived_on=row.arrived_on,
            due_back_on=row.due_back_on,
        )
        for row in rows
    ]


def ends_of(place_ids: Iterable[int], networks: Iterable[int], today: date) -> dict[int, End]:
    """The points among these places, by place, with their names today."""
    wanted, within_networks = sorted(set(place_ids)), sorted(networks)
    ids = db.session.scalars(
        select(ServicePoint.id).where(ServicePoint.network_id.in_(within_networks), ServicePoint.place_id.in_(wanted))
    ).all()
    points = points_on(within_networks, today, list(ids))
    return {point.place_id: End(point.place_id, "point", point.name, point.code) for point in points}
