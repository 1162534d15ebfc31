"""Copies come into the books: what stood there before records began, and what is bought or given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.goods import Goods, add_goods
from branchnet.batches.commands.shared import log, not_ahead
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine
from branchnet.points.queries import central_place
from branchnet.stock.commands import add_lots, post
from branchnet.stock.rules import NewLot, Posting, Transfer


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A batch that came into the books, and the ids of its lots in the order they were given."""

    batch: Batch
    lot_ids: list[int]


@dataclass(frozen=True, slots=True)
class More:
    """So many copies (册) of a lot that the books know; from supply unless told otherwise."""

    lot_id: int
    serial: bool
    quantity: int
    from_place_id: int | None = None


@dataclass(frozen=True, slots=True)
class Donation:
    """What was given: books, goods, and how many gave (人; not counted: None), without their names."""

    lots: Sequence[NewLot] = ()
    goods: Sequence[Goods] = ()
    donors: int | None = None
    note: str | None = None


def take_in(
    act: Act,
    kind: str,
    lots: Sequence[NewLot],
    happened_on: date,
    to_place_id: int | None = None,
    note: str | None = None,
    source: str | None = None,
) -> TakenIn:
    """An ``opening`` or an ``accession``: new lots come out of supply to a place (the shelf unless told otherwise).

    Never in any figure of books sent. Raises Invalid for other kinds and for lots that cannot be, Conflict for
    barcodes that are known.
    """
    if kind not in rules.INTO_THE_BOOKS:
        raise Invalid("kind", fields={"kind": "kind"})
    if not lots:
        raise Invalid("nothing_to_move")
    return _take_in(act, NewBatch(kind, happened_on, to_place_id, note=note, source=source), lots)


def take_in_donation(act: Act, donation: Donation, happened_on: date, to_place_id: int | None = None) -> TakenIn:
    """An accession that was given (受赠): books, goods, or goods alone, which makes no entry in the ledger.

    Raises what `take_in` and `add_goods` raise, Invalid("nothing_to_move") where nothing was given.
    """
    if donation.donors is not None and donation.donors < 1:
        raise Invalid("donors", fields={"donors": "quantity_not_positive"})
    if not donation.lots and not donation.goods:
        raise Invalid("nothing_to_move")
    new = NewBatch("accession", happened_on, to_place_id, note=donation.note, donors=donation.donors)
    taken = _take_in(act, new, donation.lots)
    for one in donation.goods:
        add_goods(act, taken.batch.id, one)
    return taken


def _take_in(act: Act, new: NewBatch, lots: Sequence[NewLot]) -> TakenIn:
    lot_ids = add_lots(act, lots)
    more = [More(lot_id, lot.serial, lot.quantity) for lot_id, lot in zip(lot_ids, lots, strict=True)]
    return TakenIn(_into_the_books(act, new, more), lot_ids)


def take_in_more(
    act: Act, kind: str, more: Sequence[More], happened_on: date, to_place_id: int, note: str | None = None
) -> Batch:
    """Copies of lots that the books know already, as an opening or accession of their own."""
    return _into_the_books(act, NewBatch(kind, happened_on, to_place_id, note=note), more)


def _into_the_books(act: Act, new: NewBatch, more: Sequence[More]) -> Batch:
    """→ closed: the copies leave supply for the batch's place. Goods alone move nothing and make no entry."""
    day = not_ahead(act, new.drafted_on)
    batch = draft(act, replace(new, from_place_id=central_place(act.network_id, "supply")))
    entry_id = _bring_in(act, batch, more, day) if more else None
    batch.state, batch.received_on = "closed", day
    log(act, batch, "received", day, entry_id, sum(one.quantity for one in more) if more else None)
    return batch


def _bring_in(act: Act, batch: Batch, more: Sequence[More], day: date) -> int:
    """The copies leave supply for the batch's place, and stand on its lines. Returns the entry's id."""
    now, start, end = clock.now(), batch.from_place_id, batch.to_place_id
    transfers = [Transfer(one.lot_id, one.serial, one.from_place_id or start, end, one.quantity) for one in more]
    entry_id = post(act, Posting(batch.kind, day, batch.kind, batch.id), transfers)
    db.session.execute(
        insert(BatchLine),
        [
            {
                "network_id": act.network_id,
                "batch_id": batch.id,
                "box_id": None,
                "lot_id": one.lot_id,
                "serial": one.serial,
                "quantity": one.quantity,
                "added_at": now,
                "added_by": act.person_id,
            }
            for one in more
        ],
    )
    return entry_id
