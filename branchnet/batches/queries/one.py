"""One batch: its head, figures, boxes, events and open differences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.batches.boxes import on_its_way
from branchnet.batches.queries.listing import End, ends_of
from branchnet.batches.rules import stage
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import (
    Batch,
    BatchEvent,
    BatchLine,
    Box,
    Discrepancy,
    Entry,
    Holding,
    Lot,
    Network,
    Person,
    Place,
)

LOTS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class BatchHead:
    """What a batch is, and where it stands."""

    id: int
    network_id: int
    network: str
    number: str
    kind: str
    state: str
    terms: str
    start: End
    end: End
    dispatched_on: date | None
    received_on: date | None
    due_back_on: date | None
    collected_on: date | None
    settles: str | None
    """The number of the delivery that a return collects."""
    note: str | None
    donors: int | None
    """How many gave (人) what came as a donation."""
    archive_number: str | None
    """Where the signed papers are filed (档号)."""
    photos_at: str | None
    photos: int | None
    """How many pictures (张) are kept where ``photos_at`` says."""
    time_zone: str

    def stage_on(self, today: date, arrived: bool = False) -> str:
        """How far it has come, a word of `rules.stage`; ``arrived``: boxes are there, not counted."""
        return stage(self.kind, self.state, arrived, self.due_back_on, self.collected_on, today)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a batch amounts to: 册 and 箱; 种 only where every copy was scanned, for a counted lot hides its titles."""

    copies: int
    scanned: int
    boxes: int
    titles: int | None


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A box: 册 in it by its lines, and what the receiver counted. ``number`` is None for what lies loose."""

    number: int | None
    copies: int
    arrived_on: date | None = None
    counted_on: date | None = None
    counted: int | None = None
    recalled_on: date | None = None

    @property
    def on_its_way(self) -> bool:
        """Neither counted nor recalled."""
        return self.counted_on is None and self.recalled_on is None


@dataclass(frozen=True, slots=True)
class EventRow:
    """A step of a batch's life: the day it happened, when and by whom it was recorded."""

    id: int
    step: str
    happened_on: date
    recorded_at: datetime
    person: str | None
    copies: int | None
    note: str | None
    taken_back: bool = False
    """Whether its moves were reversed since."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """An open difference: so many copies (册) of a kind, in which box, of which lot where that is known."""

    id: int
    kind: str
    quantity: int
    in_transit: bool
    box: int | None
    title: str | None
    barcode: str | None
    note: str | None
    opened_on: date
    person: str | None


@dataclass(frozen=True, slots=True)
class LotThere:
    """A counted lot and how many of its copies (册) are meant: at a place, or in a batch."""

    id: int
    title: str
    category: str | None
    quantity: int


def own_batch(network_id: int, number: str) -> int:
    """The id of a network's batch. Raises NotFound: another network's number is nobody's business here."""
    found = db.session.scalar(select(Batch.id).where(Batch.network_id == network_id, Batch.number == number))
    if found is None:
        raise NotFound(number=number)
    return found


def batch_head(networks: Iterable[int], number: str, network: str, today: date) -> BatchHead:
    """The batch of a number in the network of that slug, if it is one of these. Raises NotFound."""
    start, end, settled = aliased(Place), aliased(Place), aliased(Batch)
    query: Rows = (
        select(Batch, Network.slug, Network.time_zone, start.kind, end.kind, settled.number)
        .join(Network, Network.id == Batch.network_id)
        .join(start, and_(start.network_id == Batch.network_id, start.id == Batch.from_place_id))
        .join(end, and_(end.network_id == Batch.network_id, end.id == Batch.to_place_id))
        .outerjoin(settled, and_(settled.network_id == Batch.network_id, settled.id == Batch.settles_id))
        .where(Batch.number == number, Network.slug == network)
    )
    row = db.session.execute(within(query, Batch, networks)).one_or_none()
    if row is None:
        raise NotFound(number=number)
    batch, slug, zone, from_kind, to_kind, settles = row
    ends = ends_of({batch.from_place_id, batch.to_place_id}, [batch.network_id], today)
    taken: dict[str, Any] = {name: getattr(batch, name) for name in _AS_THEY_ARE}
    return BatchHead(
        network=slug,
        start=ends.get(batch.from_place_id) or End(batch.from_place_id, from_kind),
        end=ends.get(batch.to_place_id) or End(batch.to_place_id, to_kind),
        settles=settles,
        time_zone=zone,
        **taken,
    )


_AS_THEY_ARE = (
    "id",
    "network_id",
    "number",
    "kind",
    "state",
    "terms",
    "dispatched_on",
    "received_on",
    "due_back_on",
    "collected_on",
    "note",
    "donors",
    "archive_number",
    "photos_at",
    "photos",
)


def figures_of(network_id: int, batch_id: int) -> Figures:
    """Copies, boxes and titles of a batch, by its lines."""
    row = db.session.execute(
        select(
            func.coalesce(func.sum(BatchLine.quantity), 0).label("copies"),
            func.coalesce(func.sum(case((BatchLine.serial, 1), else_=0)), 0).label("scanned"),
            func.count(Lot.title.distinct()).label("titles"),
        )
        .join(Lot, Lot.id == BatchLine.lot_id)
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
    ).one()
    boxes = db.session.execute(
        select(func.count(Box.id)).where(Box.network_id == network_id, Box.batch_id == batch_id, Box.number > 0)
    ).scalar_one()
    copies, scanned = int(row.copies), int(row.scanned)
    return Figures(copies, scanned, int(boxes), row.titles if copies == scanned else None)


def boxes_of(network_id: int, batch_id: int) -> list[BoxRow]:
    """The boxes by number, empty ones too; last what lies loose, where anything does."""
    sums = (
        select(BatchLine.box_id, cast(func.sum(BatchLine.quantity), Integer).label("copies"))
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .group_by(BatchLine.box_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Box.number,
            func.coalesce(sums.c.copies, 0),
            Box.arrived_on,
            Box.counted_on,
            Box.copies,
            Box.recalled_on,
        )
        .outerjoin(sums, sums.c.box_id == Box.id)
        .where(Box.network_id == network_id, Box.batch_id == batch_id)
        .order_by(Box.number)
    )
    boxes = [BoxRow(*row) for row in rows]
    loose = db.session.scalar(select(sums.c.copies).where(sums.c.box_id.is_(None)))
    return [*boxes, BoxRow(None, loose)] if loose else boxes


def events_of(network_id: int, batch_id: int) -> list[EventRow]:
    """The events of a batch, in the order they were recorded."""
    rows = db.session.execute(
        select(
            BatchEvent.id,
            BatchEvent.step,
            BatchEvent.happened_on,
            BatchEvent.recorded_at,
            Person.display_name,
            BatchEvent.copies,
            BatchEvent.note,
            exists()
            .where(Entry.network_id == BatchEvent.network_id, Entry.reverses_id == BatchEvent.entry_id)
            .label("taken_back"),
        )
        .outerjoin(Person, and_(Person.network_id == BatchEvent.network_id, Person.id == BatchEvent.recorded_by))
        .where(BatchEvent.network_id == network_id, BatchEvent.batch_id == batch_id)
        .order_by(BatchEvent.id)
    )
    return [EventRow(*row) for row in rows]


def open_differences_in(network_id: int, batch_id: int) -> list[DifferenceRow]:
    """The differences of a batch that are open, the oldest first."""
    query: Rows = (
        select(
            Discrepancy.id,
            Discrepancy.kind,
            Discrepancy.quantity,
            Discrepancy.in_transit,
            Box.number,
            Lot.title,
            Lot.barcode,
            Discrepancy.note,
            Discrepancy.opened_on,
            Person.display_name,
        )
        .outerjoin(Box, and_(Box.network_id == Discrepancy.network_id, Box.id == Discrepancy.box_id))
        .outerjoin(Lot, and_(Lot.network_id == Discrepancy.network_id, Lot.id == Discrepancy.lot_id))
        .outerjoin(Person, and_(Person.network_id == Discrepancy.network_id, Person.id == Discrepancy.opened_by))
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.batch_id == batch_id,
            Discrepancy.closed_on.is_(None),
        )
        .order_by(Discrepancy.id)
    )
    return [DifferenceRow(*row) for row in db.session.execute(query)]


def uncoded_on_its_way(network_id: int, batch_id: int) -> dict[int, int]:
    """By number of a box that is still to come the copies (册) in it that carry no barcode."""
    rows = db.session.execute(
        select(Box.number, cast(func.sum(BatchLine.quantity), Integer))
        .join(BatchLine, and_(BatchLine.network_id == Box.network_id, BatchLine.box_id == Box.id))
        .where(Box.network_id == network_id, Box.batch_id == batch_id, on_its_way(), BatchLine.serial.is_(False))
        .group_by(Box.number)
        .order_by(Box.number)
    )
    return dict(rows.all())


def counted_lots_at(network_id: int, place_id: int) -> list[LotThere]:
    """The counted lots that a place holds, by title, with how many copies (册) are there."""
    rows = db.session.execute(
        select(Lot.id, Lot.title, Lot.category, Holding.quantity)
        .join(Holding, and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id))
        .where(
            Lot.network_id == network_id,
            Lot.serial.is_(False),
            Holding.place_id == place_id,
            Holding.quantity > 0,
        )
        .order_by(Lot.initials, Lot.id)
        .limit(LOTS_SHOWN)
    )
    return [LotThere(*row) for row in rows]


def counted_lots_of(network_id: int, batch_id: int) -> list[LotThere]:
    """The counted lots in a batch, with how many copies (册) of each."""
    rows = db.session.execute(
        select(Lot.id, Lot.title, Lot.category, cast(func.sum(BatchLine.quantity), Integer))
        .join(BatchLine, BatchLine.lot_id == Lot.id)
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id, BatchLine.serial.is_(False))
        .group_by(Lot.id, Lot.title, Lot.category, Lot.initials)
        .order_by(Lot.initials, Lot.id)
        .limit(LOTS_SHOWN)
    )
    return [LotThere(*row) for row in rows]


def returns_of(network_id: int, number: str) -> list[str]:
    """The numbers of the returns that collect a delivery, oldest first."""
    delivery = aliased(Batch)
    return list(
        db.session.scalars(
            select(Batch.number)
            .join(delivery, and_(delivery.network_id == Batch.network_id, delivery.id == Batch.settles_id))
            .where(Batch.network_id == network_id, delivery.number == number)
            .order_by(Batch.id)
        )
    )
