"""What is out at a point, by the batch that brought it; what comes back from there; and what a return settles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from branchnet.batches.brought import Standing, brought_in_all, standing_at
from branchnet.batches.queries.listing import left_in_the_workroom
from branchnet.batches.settlements import open_to_settle, settlements_of
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, Entry, Lot, Settlement

UNDER_WAY = ("draft", "packed", "dispatched", "received")


@dataclass(frozen=True, slots=True)
class OutRow:
    """A batch of which copies are out at a point: 册 it brought there, and how many of them still stand there."""

    id: int
    number: str
    kind: str
    terms: str
    came_on: date
    due_back_on: date | None
    collected_on: date | None
    brought: int
    out: int

    @property
    def gone(self) -> int:
        """Copies (册) that are not there any more: sent back, sent on, or lost."""
        return self.brought - self.out

    def late(self, today: date) -> int:
        """Days (天) since a delivery should have been back; 0 where it is not late."""
        late = self.due_back_on is not None and self.collected_on is None
        return max((today - self.due_back_on).days, 0) if late and self.due_back_on else 0


@dataclass(frozen=True, slots=True)
class Out:
    """What is out at a point: by batch, the oldest first, and copies (册) that no batch brought."""

    rows: list[OutRow]
    unexplained: int
    standing: Standing

    @property
    def copies(self) -> int:
        """All copies (册) there."""
        return sum(row.out for row in self.rows) + self.unexplained


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return that is under way from a point: its number, state, day of leaving, and copies (册) on its lines.

    ``waiting``: those (册) that were scanned and are not shelved yet.
    """

    number: str
    state: str
    dispatched_on: date | None
    copies: int
    waiting: int


@dataclass(frozen=True, slots=True)
class SettledRow:
    """What a return settles of an earlier batch: barcoded copies by their moves, of a counted lot as was written."""

    id: int
    number: str
    kind: str
    lot_id: int | None
    title: str | None
    copies: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The three facts of a return: copies (册) and day of each; None where it has not happened."""

    counted: int | None = None
    counted_on: date | None = None
    scanned: int | None = None
    scanned_on: date | None = None
    restocked: int | None = None
    restocked_on: date | None = None


def out_at(network_id: int, place_id: int) -> Out:
    """What is out at a point. Six statements, however many copies and batches."""
    standing = standing_at(network_id, place_id)
    totals = standing.totals()
    brought = brought_in_all(network_id, place_id)
    heads = db.session.execute(
        select(Batch.id, Batch.number, Batch.kind, Batch.terms, Batch.due_back_on, Batch.collected_on).where(
            Batch.network_id == network_id, Batch.id.in_([one for one in totals if one is not None])
        )
    ).all()
    rows = [
        OutRow(
            id=head.id,
            number=head.number,
            kind=head.kind,
            terms=head.terms,
            came_on=brought[head.id][1],
            due_back_on=head.due_back_on,
            collected_on=head.collected_on,
            brought=brought[head.id][0],
            out=totals[head.id],
        )
        for head in heads
    ]
    return Out(sorted(rows, key=lambda row: (row.came_on, row.id)), totals.get(None, 0), standing)


def returns_under_way(network_id: int, place_id: int) -> list[ReturnRow]:
    """Returns from a point that are not closed, the newest first."""
    copies = (
        select(func.coalesce(func.sum(BatchLine.quantity), 0))
        .where(BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Batch.number, Batch.state, Batch.dispatched_on, copies, func.coalesce(left_in_the_workroom(), 0))
        .where(
            Batch.network_id == network_id,
            Batch.kind == "return",
            Batch.from_place_id == place_id,
            Batch.state.in_(UNDER_WAY),
        )
        .order_by(Batch.id.desc())
    )
    return [ReturnRow(number, state, day, int(copies), int(waiting)) for number, state, day, copies, waiting in rows]


def settled_in(network_id: int, batch_id: int) -> list[SettledRow]:
    """Which counted copies of a return or rotation settle which earlier batch."""
    return [SettledRow(*row) for row in db.session.execute(_settled(network_id, batch_id))]


def _settled(network_id: int, batch_id: int) -> Rows:
    return (
        select(Batch.id, Batch.number, Batch.kind, Lot.id, Lot.title, Settlement.quantity)
        .select_from(Settlement)
        .join(Batch, and_(Batch.network_id == Settlement.network_id, Batch.id == Settlement.settles_id))
        .join(Lot, and_(Lot.network_id == Settlement.network_id, Lot.id == Settlement.lot_id))
        .where(Settlement.network_id == network_id, Settlement.batch_id == batch_id)
        .order_by(Lot.initials, Lot.id, Settlement.id)
    )


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A counted lot of a return: 册 taken; of each batch that brought it id, number, kind, 册 free and settled now."""

    lot_id: int
    title: str
    taken: int
    batches: list[tuple[int, str, str, int, int]]


def to_settle(network_id: int, batch_id: int) -> list[ToSettle]:
    """By counted lot of a batch that left a point, the batches it may settle. Five statements."""
    batch = db.session.scalars(select(Batch).where(Batch.network_id == network_id, Batch.id == batch_id)).one()
    free, settled = open_to_settle(network_id, batch), settlements_of(network_id, batch_id)
    heads = {
        row.id: row
        for row in db.session.execute(
            select(Batch.id, Batch.number, Batch.kind).where(
                Batch.network_id == network_id, Batch.id.in_({one for by in free.values() for one in by})
            )
        )
    }
    rows = db.session.execute(
        select(Lot.id, Lot.title, func.sum(BatchLine.quantity))
        .join(BatchLine, and_(BatchLine.network_id == Lot.network_id, BatchLine.lot_id == Lot.id))
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id, BatchLine.serial.is_(False))
        .group_by(Lot.id, Lot.title, Lot.initials)
        .order_by(Lot.initials, Lot.id)
    )
    return [
        ToSettle(
            lot_id,
            title,
            int(taken),
            [
                (one, heads[one].number, heads[one].kind, copies, settled.get(lot_id, {}).get(one, 0))
                for one, copies in free.get(lot_id, {}).items()
                # What others settled long ago is no choice.
                if copies or settled.get(lot_id, {}).get(one)
            ],
        )
        for lot_id, title, taken in rows
    ]


def barcode_of_lot(network_id: int, lot_id: int) -> str:
    """The barcode of a copy; empty for a counted lot, and for one of others."""
    return db.session.scalar(select(Lot.barcode).where(Lot.network_id == network_id, Lot.id == lot_id)) or ""


def counts_of(network_id: int, batch_id: int) -> Counts:
    """The three facts of a return, as they stand: what was taken back is not told. One statement."""
    undone = select(Entry.reverses_id).where(Entry.network_id == network_id, Entry.reverses_id.is_not(None))
    rows = db.session.execute(
        select(BatchEvent.step, BatchEvent.happened_on, BatchEvent.copies)
        .where(
            BatchEvent.network_id == network_id,
            BatchEvent.batch_id == batch_id,
            BatchEvent.step.in_(("counted_in", "scanned", "restocked", "received")),
            BatchEvent.copies.is_not(None),
            func.coalesce(BatchEvent.entry_id, 0).not_in(undone),
        )
        .order_by(BatchEvent.id)
    ).all()
    # Counted in again, the last number holds; shelved in parts, they add up.
    last: Mapping[str, tuple[int, date]] = {row.step: (row.copies, row.happened_on) for row in rows}
    shelved = [row for row in rows if row.step in ("restocked", "received")]
    counted, scanned = last.get("counted_in"), last.get("scanned")
    return Counts(
        counted=counted[0] if counted else None,
        counted_on=counted[1] if counted else None,
        scanned=scanned[0] if scanned else None,
        scanned_on=scanned[1] if scanned else None,
        restocked=sum(row.copies for row in shelved) if shelved else None,
        restocked_on=shelved[-1].happened_on if shelved else None,
    )
