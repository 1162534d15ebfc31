"""A stocktake against the books: what they had at its start, what was recorded since, and what was counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Subquery, and_, cast, func, or_, select, union_all

from branchnet.batches.counted import name_of
from branchnet.batches.stocktaking import rules
from branchnet.batches.stocktaking.rules import Counted, Held, Known, Later, Task, Variance
from branchnet.extensions import db
from branchnet.models import (
    Batch,
    Discrepancy,
    Entry,
    Holding,
    Lot,
    Move,
    Stocktake,
    StocktakeCount,
    StocktakeCrossing,
)
from branchnet.stock.queries import AT_ONCE


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a stocktake so far; ``answers``: by entry on which side of the count it lies."""

    variance: Variance
    answers: dict[int, str]
    last_counted_on: date | None
    nameless: int
    """Copies (册) that open differences call short (below zero) or over here, and nobody knows which."""

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The entries that stand in the way of its end."""
        return tuple(entry for entry in self.variance.asked if entry not in self.answers)


def figures_of(stocktake: Stocktake) -> Figures:
    """Every line of a stocktake; of one that is closed as it was at its close. Six statements."""
    later, changes = _later(stocktake)
    counts = _counts(stocktake)
    answers = _answers(stocktake)
    known = _known(stocktake)
    task = Task(stocktake.way == "scan", stocktake.begun_on)
    found = rules.variance(task, _held(stocktake, changes, counts), later, counts, answers, known)
    last = max((one.on for one in counts.values()), default=None)
    nameless = rules.known_on(known, {None}, last or stocktake.begun_on, answers)
    return Figures(found, answers, last, nameless)


def moves_since(stocktake: Stocktake) -> Subquery:
    """What is not in the books of the start: recorded since, or dated later than that day; of a closed one, till then.

    A row a leg: entry_id, lot_id, happened_on, reverses_id, change (册, below zero where it left the place).
    """
    start, begun_on = stocktake.last_move_id or 0, stocktake.begun_on
    legs = []
    for end, change in ((Move.to_place_id, Move.quantity), (Move.from_place_id, -Move.quantity)):
        leg = (
            select(
                Move.entry_id,
                Move.lot_id,
                Entry.happened_on,
                Entry.reverses_id,
                change.label("change"),
            )
            .join(Entry, and_(Entry.network_id == Move.network_id, Entry.id == Move.entry_id))
            .where(
                Move.network_id == stocktake.network_id,
                end == stocktake.place_id,
                # A posting is never earlier than what happened: the first of the two days is on an index.
                or_(Move.id > start, and_(Move.occurred_on > begun_on, Entry.happened_on > begun_on)),
            )
        )
        legs.append(leg if stocktake.closed_move_id is None else leg.where(Move.id <= stocktake.closed_move_id))
    return union_all(*legs).subquery()


def _later(stocktake: Stocktake) -> tuple[list[Later], dict[int, int]]:
    """The entries since, and by lot what they changed all together."""
    legs = moves_since(stocktake)
    rows = db.session.execute(
        select(
            legs.c.entry_id,
            legs.c.happened_on,
            legs.c.reverses_id,
            legs.c.lot_id,
            cast(func.sum(legs.c.change), Integer).label("change"),
        ).group_by(legs.c.entry_id, legs.c.happened_on, legs.c.reverses_id, legs.c.lot_id)
    )
    entries: dict[int, Later] = {}
    sums: dict[int, int] = {}
    changes: dict[int, dict[int, int]] = {}
    for row in rows:
        mine = changes.setdefault(row.entry_id, {})
        mine[row.lot_id] = row.change
        entries[row.entry_id] = Later(row.entry_id, row.happened_on, mine, row.reverses_id)
        sums[row.lot_id] = sums.get(row.lot_id, 0) + row.change
    return [entries[entry_id] for entry_id in sorted(entries)], sums


def _held(stocktake: Stocktake, changes: dict[int, int], counted: Collection[int | None]) -> list[Held]:
    """Every lot that stands there, was counted there, or was moved since, by pinyin.

    Looked up by their ids, in parts that any engine takes: joined, PostgreSQL compares each with each while it does
    not know yet how many there are.
    """
    after = _after(stocktake)
    standing = select(Holding.lot_id, Holding.quantity).where(
        Holding.network_id == stocktake.network_id, Holding.place_id == stocktake.place_id, Holding.quantity > 0
    )
    there: dict[int, int] = dict(db.session.execute(standing).all())
    ids = sorted(there.keys() | changes.keys() | after.keys() | {lot_id for lot_id in counted if lot_id is not None})
    rows: list[Any] = []
    columns = (Lot.id, Lot.serial, Lot.title, Lot.category, Lot.quality, Lot.barcode, Lot.initials)
    for start in range(0, len(ids), AT_ONCE):
        some = select(*columns).where(Lot.network_id == stocktake.network_id, Lot.id.in_(ids[start : start + AT_ONCE]))
        rows += db.session.execute(some)
    held = []
    for row in sorted(rows, key=lambda row: (row.initials, row.id)):
        now = there.get(row.id, 0) - after.get(row.id, 0)
        name = row.title if row.serial else name_of(row.title, row.category)
        held.append(Held(row.id, row.serial, name, now - changes.get(row.id, 0), now, row.quality, row.barcode))
    return held


def _after(stocktake: Stocktake) -> dict[int, int]:
    """By lot how many copies (册) came (or left: below zero) after a closed stocktake's close."""
    if stocktake.closed_move_id is None:
        return {}
    sums: dict[int, int] = {}
    for end, sign in ((Move.to_place_id, 1), (Move.from_place_id, -1)):
        rows = db.session.execute(
            select(Move.lot_id, cast(func.sum(Move.quantity), Integer))
            .where(
                Move.network_id == stocktake.network_id,
                end == stocktake.place_id,
                Move.id > stocktake.closed_move_id,
            )
            .group_by(Move.lot_id)
        )
        for lot_id, copies in rows:
            sums[lot_id] = sums.get(lot_id, 0) + sign * copies
    return sums


def _counts(stocktake: Stocktake) -> dict[int | None, Counted]:
    rows = db.session.execute(
        select(StocktakeCount.lot_id, StocktakeCount.quantity, StocktakeCount.counted_on).where(
            StocktakeCount.network_id == stocktake.network_id, StocktakeCount.stocktake_id == stocktake.id
        )
    )
    return {lot_id: Counted(copies, on) for lot_id, copies, on in rows}


def _answers(stocktake: Stocktake) -> dict[int, str]:
    rows = db.session.execute(
        select(StocktakeCrossing.entry_id, StocktakeCrossing.answer).where(
            StocktakeCrossing.network_id == stocktake.network_id, StocktakeCrossing.stocktake_id == stocktake.id
        )
    )
    return dict(rows.all())


def _known(stocktake: Stocktake) -> list[Known]:
    """Differences at the place that others found."""
    rows = db.session.execute(
        select(
            Discrepancy.lot_id,
            Discrepancy.kind,
            Discrepancy.quantity,
            Discrepancy.opened_on,
            Discrepancy.closed_on,
            Discrepancy.entry_id,
        )
        .outerjoin(Batch, and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id))
        .where(
            Discrepancy.network_id == stocktake.network_id,
            at_place(stocktake.place_id),
            Discrepancy.kind.in_(("short", "over")),
            or_(Discrepancy.stocktake_id.is_(None), Discrepancy.stocktake_id != stocktake.id),
        )
    )
    return [Known(row.lot_id, row.quantity if row.kind == "over" else -row.quantity, *row[3:]) for row in rows]


def at_place(place_id: int) -> Any:
    """Differences of copies that the ledger has at a place: where their batch went, or the place that they name."""
    return and_(or_(Batch.to_place_id == place_id, Discrepancy.place_id == place_id), Discrepancy.in_transit.is_(False))


@dataclass(frozen=True, slots=True)
class Crossing:
    """An entry that may lie on either side of the count: what was done, when, in which batch; 册 it brought or took."""

    answer: str | None
    entry_id: int
    verb: str
    happened_on: date
    recorded_at: datetime
    batch: str | None
    copies: int


def crossings_of(stocktake: Stocktake, found: Figures) -> list[Crossing]:
    """The entries that somebody must place, or placed, the oldest first."""
    legs = moves_since(stocktake)
    rows: Sequence[Any] = db.session.execute(
        select(
            Entry.id,
            Entry.verb,
            Entry.happened_on,
            Entry.recorded_at,
            Batch.number,
            cast(func.sum(legs.c.change), Integer),
        )
        .select_from(legs)
        .join(Entry, and_(Entry.network_id == stocktake.network_id, Entry.id == legs.c.entry_id))
        .outerjoin(Batch, and_(Batch.network_id == Entry.network_id, Batch.id == Entry.batch_id))
        .where(Entry.id.in_(found.variance.asked))
        .group_by(Entry.id, Entry.verb, Entry.happened_on, Entry.recorded_at, Batch.number)
        .order_by(Entry.happened_on, Entry.id)
    ).all()
    return [Crossing(found.answers.get(row[0]), *row) for row in rows]
