"""Counting: copies by scan, titles by number, the rest in one. A count is not the ledger: it may be taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.counted import name_of
from branchnet.batches.stocktaking.commands.shared import day_of, stocktake_for
from branchnet.batches.stocktaking.queries.scanning import Seen, seen
from branchnet.errors import BranchNetError, Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import FoundItem, Lot, Stocktake, StocktakeCount
from branchnet.stock.rules import LONGEST_BARCODE, barcode_of, repeated


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code that was scanned: ``here``, ``elsewhere`` by the books, or ``unknown`` to them (then a found item)."""

    what: str
    code: str
    lot_id: int | None = None
    title: str | None = None
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListScanned:
    """What became of a column of codes, each as `Scanned` or with why it was not counted."""

    counted: list[Scanned] = field(default_factory=list)
    refused: dict[str, BranchNetError] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def codes(self, what: str) -> list[str]:
        """The codes of a kind."""
        return [one.code for one in self.counted if one.what == what]


def count_copy(act: Act, stocktake_id: int, barcode: str, counted_on: date) -> Scanned:
    """A copy was held in the hand. Costs the same however many were counted before.

    Raises Conflict("counted_before") with who counted it and when, Conflict("box_label"), Invalid("barcode_missing").
    """
    if not barcode_of(barcode):
        raise Invalid("barcode_missing", fields={"barcode": "required"})
    found = count_list(act, stocktake_id, [barcode], counted_on)
    for error in found.refused.values():
        raise error
    return found.counted[0]


def count_list(act: Act, stocktake_id: int, barcodes: Iterable[str], counted_on: date) -> ListScanned:
    """Copies were held in the hand, one after another; each code counts once. A few statements, however many."""
    stocktake = stocktake_for(act, stocktake_id)
    day = day_of(act, stocktake, counted_on)
    codes = [code for code in (barcode_of(one) for one in barcodes) if code]
    found = ListScanned(repeated=repeated(codes))
    told = seen(stocktake, list(dict.fromkeys(codes)))
    for one in told:
        if len(one.code) > LONGEST_BARCODE:
            found.refused[one.code] = Invalid("barcode_long", fields={"barcode": "barcode_long"})
        elif one.refused is not None:
            found.refused[one.code] = one.refused
    good = [one for one in told if one.code not in found.refused]
    known = [one for one in good if one.lot_id is not None]
    _write(act, stocktake, {one.lot_id: 1 for one in known}, day)
    items = _note_codes(act, stocktake, [one.code for one in good if one.lot_id is None], day)
    found.counted.extend(_scanned(one, items) for one in good)
    return found


def _scanned(one: Seen, items: Mapping[str, int]) -> Scanned:
    if one.lot_id is None:
        return Scanned("unknown", one.code, item_id=items[one.code])
    return Scanned("here" if one.here else "elsewhere", one.code, one.lot_id, one.title)


def _note_codes(act: Act, stocktake: Stocktake, codes: Iterable[str], day: date) -> dict[str, int]:
    """Codes that no book of ours carries: somebody else's books, found among ours. By code the item."""
    rows = [_found(act, stocktake, day) | {"code": code} for code in codes]
    if not rows:
        return {}
    made = db.session.execute(insert(FoundItem).returning(FoundItem.code, FoundItem.id), rows)
    return {code or "": item_id for code, item_id in made}


def _found(act: Act, stocktake: Stocktake, day: date) -> dict[str, Any]:
    return {
        "network_id": act.network_id,
        "place_id": stocktake.place_id,
        "stocktake_id": stocktake.id,
        "found_on": day,
        "found_by": act.person_id,
        "quantity": 1,
    }


def count_titles(
    act: Act, stocktake_id: int, counts: Mapping[int, int], counted_on: date, rest: int | None = None
) -> int:
    """So many copies (册) of counted lots, by lot; ``rest``: of all that nobody counts by title. Returns how many.

    Counted again, the new number and day stand. Lots of one name have one number. Raises Invalid("nothing_counted")
    where nothing is told, NotFound("lot_unknown").
    """
    stocktake = stocktake_for(act, stocktake_id)
    day = day_of(act, stocktake, counted_on)
    told = [*counts.values(), *([] if rest is None else [rest])]
    if not told:
        raise Invalid("nothing_counted")
    if min(told) < 0:
        raise Invalid("quantity_not_positive", fields={"rest": "not_a_number"})
    keys = _one_each_name(act, stocktake, counts)
    wanted: dict[int | None, int] = {keys[lot_id]: copies for lot_id, copies in counts.items()}
    if rest is not None:
        wanted[None] = rest
    _take_out(act, stocktake, wanted)
    _write(act, stocktake, wanted, day)
    return sum(told)


def _one_each_name(act: Act, stocktake: Stocktake, lot_ids: Iterable[int]) -> dict[int, int]:
    """By lot the one of its name that carries the count."""
    ids = list(lot_ids)
    mine: Any = (Lot.network_id == act.network_id, Lot.serial.is_(False))
    rows = db.session.execute(select(Lot.id, Lot.title, Lot.category).where(*mine, Lot.id.in_(ids))).all()
    names = {row.id: name_of(row.title, row.category) for row in rows}
    if missing := set(ids) - names.keys():
        raise NotFound("lot_unknown", lot_id=min(missing))
    counted = db.session.execute(
        select(Lot.id, Lot.title, Lot.category)
        .join(StocktakeCount, (StocktakeCount.network_id == Lot.network_id) & (StocktakeCount.lot_id == Lot.id))
        .where(*mine, StocktakeCount.stocktake_id == stocktake.id)
    )
    carriers = {name_of(row.title, row.category): row.id for row in counted}
    return {lot_id: carriers.setdefault(names[lot_id], lot_id) for lot_id in sorted(ids)}


def _write(act: Act, stocktake: Stocktake, counts: Mapping[int | None, int], day: date) -> None:
    now = clock.now()
    rows = [
        {
            "network_id": act.network_id,
            "stocktake_id": stocktake.id,
            "lot_id": lot_id,
            "quantity": copies,
            "counted_on": day,
            "counted_at": now,
            "counted_by": act.person_id,
        }
        for lot_id, copies in counts.items()
    ]
    if rows:
        db.session.execute(insert(StocktakeCount), rows)


def _take_out(act: Act, stocktake: Stocktake, lot_ids: Iterable[int | None]) -> int:
    wanted = set(lot_ids)
    mine = (StocktakeCount.network_id == act.network_id, StocktakeCount.stocktake_id == stocktake.id)
    which = [StocktakeCount.lot_id.in_(wanted - {None}), *([StocktakeCount.lot_id.is_(None)] if None in wanted else [])]
    gone = db.session.scalars(delete(StocktakeCount).where(*mine, or_(*which)).returning(StocktakeCount.id))
    return len(gone.all())


def uncount(act: Act, stocktake_id: int, lot_id: int | None) -> None:
    """The undo of a scan, or of a number: the title (None: the rest) is not counted. Raises NotFound("count_gone")."""
    stocktake = stocktake_for(act, stocktake_id)
    if not _take_out(act, stocktake, [lot_id]):
        raise NotFound("count_gone", number=stocktake.number)


def note_found(act: Act, stocktake_id: int, title: str, quantity: int, found_on: date, whose: str | None = None) -> int:
    """Books (册) that are none of ours stood among ours: noted with their title, moved nowhere. Returns the item."""
    stocktake = stocktake_for(act, stocktake_id)
    row = _found(act, stocktake, day_of(act, stocktake, found_on))
    named = {"title": title, "quantity": quantity, "whose": whose}
    return db.session.execute(insert(FoundItem).values(row | named).returning(FoundItem.id)).scalar_one()


def name_found(act: Act, stocktake_id: int, code: str, title: str) -> int:
    """What stands on the book of a code that no book of ours carries. Raises NotFound("count_gone")."""
    stocktake = stocktake_for(act, stocktake_id)
    named = db.session.scalars(
        update(FoundItem)
        .where(
            FoundItem.network_id == act.network_id,
            FoundItem.stocktake_id == stocktake.id,
            FoundItem.code == barcode_of(code),
        )
        .values(title=title)
        .returning(FoundItem.id)
        .execution_options(synchronize_session=False)
    ).first()
    if named is None:
        raise NotFound("count_gone", number=stocktake.number)
    return named


def drop_found(act: Act, stocktake_id: int, item_id: int) -> None:
    """The undo of a found item that is still there. Raises NotFound("count_gone"), Conflict("found_settled")."""
    stocktake = stocktake_for(act, stocktake_id)
    mine = (FoundItem.network_id == act.network_id, FoundItem.stocktake_id == stocktake.id, FoundItem.id == item_id)
    closed = db.session.execute(select(FoundItem.closed_on).where(*mine)).one_or_none()
    if closed is None:
        raise NotFound("count_gone", number=stocktake.number)
    if closed.closed_on is not None:
        raise Conflict("found_settled")
    db.session.execute(delete(FoundItem).where(*mine))
