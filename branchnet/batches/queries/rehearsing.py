"""What taking something back would do: it is done, looked at, and every trace of it is taken back itself.

So what a page says beforehand cannot differ from what happens. Nothing is committed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.batches.queries.listing import End, ends_of
from branchnet.errors import BranchNetError
from branchnet.extensions import db, rehearsal
from branchnet.models import Batch, Box, Discrepancy, Entry, Lot, Move, Place

TRIES = 60
"""How many are taken back to find out what stands in the way of one."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """So many copies (册) that would go back from a place to a place."""

    start: End
    end: End
    copies: int


@dataclass(frozen=True, slots=True)
class Case:
    """A difference that would end, or be open again: so many copies (册), in which box, of which lot, if known."""

    kind: str
    quantity: int
    box: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be another way: the copies, the batch's state, its differences and boxes, and a delivery's stay."""

    posted_on: date
    """The day under which it would stand: later than the step where copies moved since, or a month was closed."""
    ways: tuple[WayBack, ...]
    state: str | None
    """Where the batch would stand; None without a batch."""
    ending: tuple[Case, ...]
    opening: tuple[Case, ...]
    uncounted: tuple[int, ...]
    """Boxes by number that would be counted anew."""
    coming: tuple[int, ...]
    """Boxes by number that were recalled and would be expected again."""
    delivery: str | None
    """The number of the delivery that would be out again, or be collected again."""
    out_again: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying: its effect, or why not; with the entries that stand in the way, the newest first."""

    effect: Effect | None
    refusal: BranchNetError | None = None
    entries: tuple[int, ...] = ()


def tried(
    network_id: int,
    today: date,
    undo: Callable[[], int],
    undo_first: Callable[[int], int],
    batch_id: int | None = None,
) -> Tried:
    """Try to take something back. ``undo`` returns the entry of the reversal, ``undo_first`` takes back another one."""
    with rehearsal():
        newest = db.session.scalar(select(func.max(Entry.id)).where(Entry.network_id == network_id)) or 0
        before = _stands(network_id, batch_id)
        try:
            entry_id = _one(undo)
        except BranchNetError as error:
            return Tried(None, error, _in_the_way(undo, undo_first, error))
        db.session.expire_all()
        after = _stands(network_id, batch_id)
        mine = or_(Entry.id == entry_id, Entry.batch_id == batch_id) if batch_id else Entry.id == entry_id
        made = select(Entry.id).where(Entry.network_id == network_id, Entry.id > newest, mine)
        posted_on = db.session.execute(
            select(Entry.posted_on).where(Entry.network_id == network_id, Entry.id == entry_id)
        ).scalar_one()
        return Tried(_effect(posted_on, _ways(network_id, made, today), before, after))


def _one(undo: Callable[[], int]) -> int:
    """Try one of several: refused, it leaves nothing behind for the next."""
    with db.session.begin_nested():
        return undo()


def _in_the_way(undo: Callable[[], int], undo_first: Callable[[int], int], error: BranchNetError) -> tuple[int, ...]:
    """The entries that have to be taken back before, the newest first: found by taking back one after another.

    What was recorded later has to go first, and what came after that before it. Where the way ends at one that nobody
    can take back, those found so far are told; so are they where there are very many.
    """
    asked: list[int] = []
    found: list[int] = []
    for _try in range(TRIES):
        entries = [entry for entry in error.data.get("entries", ()) if entry not in found]
        if not entries:
            return tuple(sorted({*found, *asked}, reverse=True))
        asked.append(entries[0])
        try:
            while asked:
                _one(partial(undo_first, asked[-1]))
                found.append(asked.pop())
            _one(undo)
        except BranchNetError as next_error:
            error = next_error
        else:
            break
    return tuple(sorted({*found, *asked}, reverse=True))


@dataclass(frozen=True, slots=True)
class _Standing:
    state: str | None
    collected: dict[str, date | None]
    cases: dict[int, tuple[bool, Case]]
    boxes: dict[int, tuple[date | None, date | None]]


def _stands(network_id: int, batch_id: int | None) -> _Standing:
    if batch_id is None:
        return _Standing(None, {}, {}, {})
    batch = db.session.execute(
        select(Batch.state, Batch.settles_id).where(Batch.network_id == network_id, Batch.id == batch_id)
    ).one()
    delivery = select(Batch.number, Batch.collected_on).where(
        Batch.network_id == network_id, Batch.id == batch.settles_id
    )
    boxes = select(Box.number, Box.counted_on, Box.recalled_on).where(
        Box.network_id == network_id, Box.batch_id == batch_id
    )
    return _Standing(
        batch.state,
        dict(db.session.execute(delivery).all()),
        _cases(network_id, batch_id),
        {number: (counted_on, recalled_on) for number, counted_on, recalled_on in db.session.execute(boxes)},
    )


def _cases(network_id: int, batch_id: int) -> dict[int, tuple[bool, Case]]:
    """By id each difference of the batch, and whether it is open."""
    rows = db.session.execute(
        select(Discrepancy.id, Discrepancy.closed_on, Discrepancy.kind, Discrepancy.quantity, Box.number, Lot.title)
        .outerjoin(Box, and_(Box.network_id == network_id, Box.id == Discrepancy.box_id))
        .outerjoin(Lot, and_(Lot.network_id == network_id, Lot.id == Discrepancy.lot_id))
        .where(Discrepancy.network_id == network_id, Discrepancy.batch_id == batch_id)
        .order_by(Discrepancy.id)
    )
    return {
        case_id: (closed_on is None, Case(kind, quantity, box, title))
        for case_id, closed_on, kind, quantity, box, title in rows
    }


def _effect(posted_on: date, ways: tuple[WayBack, ...], before: _Standing, after: _Standing) -> Effect:
    open_now = {key: is_open for key, (is_open, _case) in after.cases.items()}
    changed = [(case, open_now[key]) for key, (was_open, case) in before.cases.items() if open_now[key] != was_open]
    delivery = next((number for number, day in before.collected.items() if after.collected.get(number) != day), None)
    return Effect(
        posted_on=posted_on,
        ways=ways,
        state=after.state,
        ending=tuple(case for case, is_open in changed if not is_open),
        opening=tuple(case for case, is_open in changed if is_open),
        uncounted=_lost(before, after, 0),
        coming=_lost(before, after, 1),
        delivery=delivery,
        out_again=delivery is not None and after.collected[delivery] is None,
    )


def _lost(before: _Standing, after: _Standing, which: int) -> tuple[int, ...]:
    """The boxes whose day of this kind would be gone."""
    return tuple(
        sorted(
            number
            for number, days in before.boxes.items()
            if days[which] is not None and number in after.boxes and after.boxes[number][which] is None
        )
    )


def _ways(network_id: int, entry_ids: Any, today: date) -> tuple[WayBack, ...]:
    """From where to where copies would go, all in all: what these entries bring and take between two places."""
    low = case((Move.from_place_id < Move.to_place_id, Move.from_place_id), else_=Move.to_place_id)
    high = case((Move.from_place_id < Move.to_place_id, Move.to_place_id), else_=Move.from_place_id)
    signed = case((Move.from_place_id < Move.to_place_id, Move.quantity), else_=-Move.quantity)
    pairs = (
        select(low.label("low"), high.label("high"), cast(func.sum(signed), Integer).label("copies"))
        .where(Move.network_id == network_id, Move.entry_id.in_(entry_ids))
        .group_by(low, high)
        .subquery()
    )
    first, second = aliased(Place), aliased(Place)
    rows = db.session.execute(
        select(pairs.c.low, first.kind, pairs.c.high, second.kind, pairs.c.copies)
        .join(first, and_(first.network_id == network_id, first.id == pairs.c.low))
        .join(second, and_(second.network_id == network_id, second.id == pairs.c.high))
        .where(pairs.c.copies != 0)
        .order_by(pairs.c.low, pairs.c.high)
    ).all()
    named = ends_of({place for row in rows for place in (row[0], row[2])}, [network_id], today)
    found = []
    for low_id, low_kind, high_id, high_kind, copies in rows:
        here = named.get(low_id) or End(low_id, low_kind)
        there = named.get(high_id) or End(high_id, high_kind)
        found.append(WayBack(here, there, copies) if copies > 0 else WayBack(there, here, -copies))
    return tuple(found)
