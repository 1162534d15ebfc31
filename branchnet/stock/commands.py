"""Lots come into the books, and entries are reversed. Moving copies is batches' work, through ``posting.post``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import insert, select, text

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.errors import Conflict, CopiesElsewhere, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Entry, Holding, Lot, Move
from branchnet.stock.posting import NAMED_AT_MOST, post, posting_day, settle, write_entry, write_moves
from branchnet.stock.queries import ids_of_copies, later_entries
from branchnet.stock.rules import NewLot, Posting, barcode_of, lot_problem, repeated

__all__ = ["add_lots", "post", "reverse"]


MANY = 1_000
"""Rows that change how large a small library's table of lots is."""


def initials(text: str) -> str:
    """Pinyin initials, for finding 红庙子 by hmz."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:300]


def add_lots(act: Act, lots: Sequence[NewLot]) -> list[int]:
    """Make the lots' rows and return their ids in the same order.

    Raises Invalid naming the rows that cannot be lots, and the barcodes that stand twice or are known already.
    """
    problems = [
        {"row": row, "problem": problem}
        for row, lot in enumerate(lots, start=1)
        if (problem := lot_problem(lot)) is not None
    ]
    if problems:
        raise Invalid("lots", rows=problems)
    as_scanned = [None if lot.barcode is None else barcode_of(lot.barcode) for lot in lots]
    barcodes = [barcode for barcode in as_scanned if barcode is not None]
    if twice := repeated(barcodes):
        raise Invalid("barcodes_twice", barcodes=twice[:NAMED_AT_MOST])
    if known := ids_of_copies(act.network_id, barcodes):
        raise Conflict("barcodes_known", barcodes=list(known)[:NAMED_AT_MOST])
    if not lots:
        return []
    now, letters = clock.now(), {title: initials(title) for title in {lot.title for lot in lots}}
    rows = [
        {
            "network_id": act.network_id,
            "serial": lot.serial,
            **{name: getattr(lot, name) for name in NewLot.__slots__ if name != "quantity"},
            "barcode": barcode,
            "initials": letters[lot.title],
            "created_at": now,
        }
        for lot, barcode in zip(lots, as_scanned, strict=True)
    ]
    return _written(act, lots, rows)


def _written(act: Act, lots: Sequence[NewLot], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write the rows and return their ids in order.

    Copies are found again by their barcodes: asked to return ids in order, SQLite takes the rows one by one.
    """
    copies = [row for lot, row in zip(lots, rows, strict=True) if lot.serial]
    counted = [row for lot, row in zip(lots, rows, strict=True) if not lot.serial]
    if copies:
        db.session.execute(insert(Lot), copies)
    by_barcode = ids_of_copies(act.network_id, [row["barcode"] for row in copies])
    returning = insert(Lot).returning(Lot.id, sort_by_parameter_order=True)
    others = iter(db.session.scalars(returning, counted).all() if counted else ())
    if len(rows) >= MANY:
        _forget_plans()
    return [by_barcode[row["barcode"]] if row["serial"] else next(others) for row in rows]


def _forget_plans() -> None:
    """PostgreSQL remembers how it looked a lot up when there were few: by reading them all, for each of 20,000 lines.

    Without this a new library's first list took 74 s instead of 5, all of it in checks of foreign keys.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("DISCARD PLANS"))


def reverse(act: Act, entry_id: int, reason: str) -> int:
    """Take back an entry with moves of their own that name its moves. Returns the new entry's id.

    The net effect is what must be possible. Dated as the entry was, or as early as the copies' later days and the
    closed months allow. Raises Conflict("reversed_already" / "is_reversal"), or CopiesElsewhere("later_moves") with
    the later entries that stand in the way, newest first.
    """
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": "required"})
    entry = _reversible(act, entry_id)
    undo = select(
        Move.lot_id,
        Move.serial,
        Move.to_place_id.label("from_place_id"),
        Move.from_place_id.label("to_place_id"),
        Move.quantity,
        Move.id.label("reverses_id"),
    ).where(Move.network_id == act.network_id, Move.entry_id == entry_id)
    day = max(_last_day(act, entry), posting_day(act, entry.posted_on, entry.batch_id, undo))
    posting = Posting("reverse", day, "reversal", entry.batch_id, reason.strip())
    reversal_id = write_entry(act, posting, day, reverses_id=entry_id)
    write_moves(act, posting, reversal_id, day, undo)
    try:
        settle(act, reversal_id, day)
    except CopiesElsewhere as error:
        later = [row.id for row in later_entries(act.network_id, entry_id)]
        raise CopiesElsewhere("later_moves", entries=later, **error.data) from error
    return reversal_id


def _reversible(act: Act, entry_id: int) -> Entry:
    entry = db.session.scalars(
        select(Entry).where(Entry.network_id == act.network_id, Entry.id == entry_id)
    ).one_or_none()
    if entry is None:
        raise NotFound(entry_id=entry_id)
    if entry.reverses_id is not None:
        raise Conflict("is_reversal", entry_id=entry_id)
    undone = select(Entry.id).where(Entry.network_id == act.network_id, Entry.reverses_id == entry_id)
    if db.session.execute(undone).first() is not None:
        raise Conflict("reversed_already", entry_id=entry_id)
    return entry


def _last_day(act: Act, entry: Entry) -> date:
    """The last day that touched what the entry brought, where it brought it. Locks the rows it looks at."""
    rows = db.session.execute(
        select(Holding.last_on)
        .join(
            Move,
            (Move.network_id == Holding.network_id)
            & (Move.to_place_id == Holding.place_id)
            & (Move.lot_id == Holding.lot_id),
        )
        .where(Move.network_id == act.network_id, Move.entry_id == entry.id)
        .order_by(Holding.id)
        .with_for_update(of=Holding)
    ).scalars()
    return max(rows, default=entry.posted_on)
