"""What a scanned code is to a stocktake: a copy of this place or of another, counted before, or nothing of ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from branchnet.database import Rows
from branchnet.errors import BranchNetError, Conflict
from branchnet.extensions import db
from branchnet.models import Batch, Box, FoundItem, Holding, Lot, Network, Person, Stocktake, StocktakeCount
from branchnet.stock.queries import AT_ONCE
from branchnet.stock.rules import LONGEST_BARCODE


@dataclass(frozen=True, slots=True)
class Seen:
    """A code, with the copy that carries it (None: no copy of ours), and why it cannot be counted, where it cannot."""

    code: str
    lot_id: int | None = None
    title: str | None = None
    here: bool = False
    """Whether the books have it at the place now."""
    refused: BranchNetError | None = None


def seen(stocktake: Stocktake, codes: Sequence[str]) -> list[Seen]:
    """Each of these codes, in their order."""
    readable = [code for code in codes if len(code) <= LONGEST_BARCODE]
    lots = select(Lot.id, Lot.barcode, Lot.title).where(Lot.network_id == stocktake.network_id)
    copies = {row.barcode: row for row in _each(lots, Lot.barcode, readable)}
    ids = [row.id for row in copies.values()]
    here = {row.lot_id for row in _each(_here(stocktake), Holding.lot_id, ids)}
    before = {row.lot_id: row for row in _each(_before(stocktake), StocktakeCount.lot_id, ids)}
    strange = [code for code in readable if code not in copies]
    items = {row.code: row for row in _each(_items(stocktake), FoundItem.code, strange)}
    labels = {row.label: row for row in _each(_labels(stocktake), Box.label, strange)}

    def one(code: str) -> Seen:
        if (copy := copies.get(code)) is not None:
            counted = before.get(copy.id)
            refused = None if counted is None else _counted_before(code, copy.title, counted)
            return Seen(code, copy.id, copy.title, copy.id in here, refused)
        if (label := labels.get(code)) is not None:
            return Seen(code, refused=Conflict("box_label", label=code, number=label.number, box=label.box))
        item = items.get(code)
        return Seen(code, refused=None if item is None else _counted_before(code, item.title, item))

    return [one(code) for code in codes]


def _counted_before(code: str, title: str | None, row: Any) -> Conflict:
    at = getattr(row, "at", None)
    return Conflict("counted_before", barcode=code, title=title, person=row.person, at=at, on=row.on, zone=row.zone)


def _here(stocktake: Stocktake) -> Rows:
    return select(Holding.lot_id).where(
        Holding.network_id == stocktake.network_id, Holding.place_id == stocktake.place_id, Holding.quantity > 0
    )


def _before(stocktake: Stocktake) -> Rows:
    return (
        select(
            StocktakeCount.lot_id,
            StocktakeCount.counted_at.label("at"),
            StocktakeCount.counted_on.label("on"),
            Person.display_name.label("person"),
            Network.time_zone.label("zone"),
        )
        .join(Network, Network.id == StocktakeCount.network_id)
        .outerjoin(Person, Person.id == StocktakeCount.counted_by)
        .where(StocktakeCount.network_id == stocktake.network_id, StocktakeCount.stocktake_id == stocktake.id)
    )


def _items(stocktake: Stocktake) -> Rows:
    return (
        select(
            FoundItem.code,
            FoundItem.title,
            FoundItem.found_on.label("on"),
            Person.display_name.label("person"),
            Network.time_zone.label("zone"),
        )
        .join(Network, Network.id == FoundItem.network_id)
        .outerjoin(Person, Person.id == FoundItem.found_by)
        .where(FoundItem.network_id == stocktake.network_id, FoundItem.stocktake_id == stocktake.id)
    )


def _labels(stocktake: Stocktake) -> Rows:
    return (
        select(Box.label, Box.number.label("box"), Batch.number)
        .join(Batch, Batch.id == Box.batch_id)
        .where(Box.network_id == stocktake.network_id)
    )


def _each(query: Rows, column: Any, values: Sequence[Any]) -> Iterator[Any]:
    """The rows of these values, in parts that any engine takes."""
    for start in range(0, len(values), AT_ONCE):
        yield from db.session.execute(query.where(column.in_(values[start : start + AT_ONCE])))
