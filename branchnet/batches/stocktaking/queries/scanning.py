"""What a scanned code is to a stocktake: a copy of this place or of another, counted before, or nothing of ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

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
    copies = {row.barcode: row for row in _each(_copies(stocktake), Lot.barcode, readable)}
    strange = [code for code in readable if code not in copies]
    items = {row.code: row for row in _each(_items(stocktake), FoundItem.code, strange)}
    labels = {row.label: row for row in _each(_labels(stocktake), Box.label, strange)}
    return [_seen(code, copies.get(code), items.get(code), labels.get(code)) for code in codes]


def _seen(code: str, copy: Any, item: Any, label: Any) -> Seen:
    if copy is not None:
        before = None if copy.at is None else _counted_before(code, copy.title, copy)
        return Seen(code, copy.id, copy.title, bool(copy.quantity), before)
    if label is not None:
        return Seen(code, refused=Conflict("box_label", label=code, number=label.number, box=label.box))
    if item is not None:
        return Seen(code, refused=_counted_before(code, item.title, item))
    return Seen(code)


def _counted_before(code: str, title: str | None, row: Any) -> Conflict:
    at = getattr(row, "at", None)
    return Conflict("counted_before", barcode=code, title=title, person=row.person, at=at, on=row.on, zone=row.zone)


def _copies(stocktake: Stocktake) -> Rows:
    here = and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id, Holding.place_id == stocktake.place_id)
    counted = and_(
        StocktakeCount.network_id == Lot.network_id,
        StocktakeCount.lot_id == Lot.id,
        StocktakeCount.stocktake_id == stocktake.id,
    )
    return (
        select(
            Lot.id,
            Lot.barcode,
            Lot.title,
            Holding.quantity,
            StocktakeCount.counted_at.label("at"),
            StocktakeCount.counted_on.label("on"),
            Person.display_name.label("person"),
            Network.time_zone.label("zone"),
        )
        .join(Network, Network.id == Lot.network_id)
        .outerjoin(Holding, here)
        .outerjoin(StocktakeCount, counted)
        .outerjoin(Person, Person.id == StocktakeCount.counted_by)
        .where(Lot.network_id == stocktake.network_id)
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
