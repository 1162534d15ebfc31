"""What was counted so far: copies scanned last, titles with their numbers, books of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, exists, func, or_, select

from branchnet.batches.counted import name_of
from branchnet.extensions import db
from branchnet.models import (
    FoundItem,
    Holding,
    Lot,
    Person,
    Stocktake,
    StocktakeCount,
)
from branchnet.stock.rules import QUALITY_ORDER


@dataclass(frozen=True, slots=True)
class Tally:
    """So far: copies (册) scanned, of counted titles, and of all the rest (None: nobody counted it); and by the books.

    ``coded``: of those the books have there, the ones with a barcode; ``quality``: how well their number is known.
    """

    scanned: int
    titles: int
    rest: int | None
    rest_on: date | None
    books: int
    coded: int
    quality: str

    @property
    def copies(self) -> int:
        """All that was counted."""
        return self.scanned + self.titles + (self.rest or 0)


def tally_of(stocktake: Stocktake) -> Tally:
    """Two statements."""
    mine = (StocktakeCount.network_id == stocktake.network_id, StocktakeCount.stocktake_id == stocktake.id)
    copies = StocktakeCount.quantity
    scanned, titles, rest, rest_on = db.session.execute(
        select(
            _sum(case((Lot.serial.is_(True), copies), else_=0)),
            _sum(case((Lot.serial.is_(False), copies), else_=0)),
            cast(func.sum(case((StocktakeCount.lot_id.is_(None), copies))), Integer),
            func.max(case((StocktakeCount.lot_id.is_(None), StocktakeCount.counted_on))),
        )
        .outerjoin(Lot, and_(Lot.network_id == StocktakeCount.network_id, Lot.id == StocktakeCount.lot_id))
        .where(*mine)
    ).one()
    books, coded, rank = db.session.execute(
        select(
            _sum(Holding.quantity),
            _sum(case((Holding.serial, Holding.quantity), else_=0)),
            func.max(case({name: rank for rank, name in enumerate(QUALITY_ORDER)}, value=Lot.quality)),
        )
        .join(Lot, and_(Lot.network_id == Holding.network_id, Lot.id == Holding.lot_id))
        .where(
            Holding.network_id == stocktake.network_id,
            Holding.place_id == stocktake.place_id,
            Holding.quantity > 0,
        )
    ).one()
    return Tally(scanned, titles, rest, rest_on, books, coded, QUALITY_ORDER[rank or 0])


def _sum(value: Any) -> Any:
    return cast(func.coalesce(func.sum(value), 0), Integer)


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A copy that was scanned: ``here``, whether the books have it at the place now; and who scanned it when."""

    lot_id: int
    barcode: str | None
    title: str
    author: str | None
    here: bool
    person: str | None
    at: datetime


def last_scans(stocktake: Stocktake, size: int) -> list[ScanRow]:
    """The copies scanned last, newest first: looked up by themselves, before anything is joined to them."""
    last = (
        select(StocktakeCount.id)
        .join(Lot, and_(Lot.network_id == StocktakeCount.network_id, Lot.id == StocktakeCount.lot_id, Lot.serial))
        .where(StocktakeCount.network_id == stocktake.network_id, StocktakeCount.stocktake_id == stocktake.id)
        .order_by(StocktakeCount.id.desc())
        .limit(size)
        .subquery()
    )
    here = exists().where(
        Holding.network_id == Lot.network_id,
        Holding.lot_id == Lot.id,
        Holding.place_id == stocktake.place_id,
        Holding.quantity > 0,
    )
    rows = db.session.execute(
        select(Lot.id, Lot.barcode, Lot.title, Lot.author, here, Person.display_name, StocktakeCount.counted_at)
        .select_from(StocktakeCount)
        .join(last, last.c.id == StocktakeCount.id)
        .join(Lot, and_(Lot.network_id == StocktakeCount.network_id, Lot.id == StocktakeCount.lot_id))
        .outerjoin(Person, and_(Person.network_id == StocktakeCount.network_id, Person.id == StocktakeCount.counted_by))
        .order_by(StocktakeCount.id.desc())
    )
    return [ScanRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A title that nobody barcoded: 册 by the books now, and as it was counted; ``lot_id`` carries its count."""

    lot_id: int
    name: str
    quality: str
    books: int
    counted: int | None
    counted_on: date | None
    person: str | None


def titles_of(stocktake: Stocktake) -> list[TitleRow]:
    """The counted lots that stand there or were counted, by pinyin; those of one name as one. One statement."""
    counted = and_(
        StocktakeCount.network_id == Lot.network_id,
        StocktakeCount.lot_id == Lot.id,
        StocktakeCount.stocktake_id == stocktake.id,
    )
    here = and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id, Holding.place_id == stocktake.place_id)
    rows = db.session.execute(
        select(
            Lot.id,
            Lot.title,
            Lot.category,
            Lot.quality,
            func.coalesce(Holding.quantity, 0).label("books"),
            StocktakeCount.quantity.label("counted"),
            StocktakeCount.counted_on,
            Person.display_name.label("person"),
        )
        .outerjoin(Holding, here)
        .outerjoin(StocktakeCount, counted)
        .outerjoin(Person, and_(Person.network_id == Lot.network_id, Person.id == StocktakeCount.counted_by))
        .where(
            Lot.network_id == stocktake.network_id,
            Lot.serial.is_(False),
            or_(Holding.quantity > 0, StocktakeCount.id.is_not(None)),
        )
        .order_by(Lot.initials, Lot.id)
    )
    titles: dict[str, list[Any]] = {}
    for row in rows:
        titles.setdefault(name_of(row.title, row.category), []).append(row)
    return [_title(name, lots) for name, lots in titles.items()]


def _title(name: str, lots: Sequence[Any]) -> TitleRow:
    told = [row for row in lots if row.counted is not None]
    rough = next((row.quality for row in lots if row.quality != "exact"), "exact")
    last = max(told, key=lambda row: row.counted_on, default=None)
    return TitleRow(
        lot_id=(told or lots)[0].id,
        name=name,
        quality=rough,
        books=sum(row.books for row in lots),
        counted=sum(row.counted for row in told) if told else None,
        counted_on=last.counted_on if last else None,
        person=last.person if last else None,
    )


def items_of(stocktake: Stocktake) -> list[FoundItem]:
    """Books of others that were found on the way, the last first."""
    return list(
        db.session.scalars(
            select(FoundItem)
            .where(FoundItem.network_id == stocktake.network_id, FoundItem.stocktake_id == stocktake.id)
            .order_by(FoundItem.id.desc())
        )
    )
