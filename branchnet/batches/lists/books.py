"""What lists of books share, whatever they are for: parsing them in steps, and what their copies amount to."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.lists.purposes import Asked, Parsing, Told
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Holding, Lot
from branchnet.stock.lists import Sheet, Table
from branchnet.stock.lists.rows import Columns, Row, read_rows, together
from branchnet.stock.queries import AT_ONCE

STEP = 5_000
"""Rows after which the progress is told."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sheet of a list with its rows read."""

    sheet: Sheet
    columns: Columns
    rows: Sequence[Row]

    @property
    def heading(self) -> Sequence[Any]:
        """The cells of the headings, if there are any."""
        return self.sheet.rows[self.columns.heading_row - 1] if self.columns.heading_row else ()

    def told(self, rows: Iterable[Row]) -> list[Told]:
        """Of these rows those that there is something to say about."""
        return [
            Told(row.number, self.sheet.rows[row.number - 1], row.problems, row.warnings)
            for row in rows
            if row.problems or row.warnings
        ]


def parse(act: Act, asked: Asked, table: Table, needs: tuple[str, ...]) -> Parsing:
    """The rows of the sheet that was chosen; returns Parsed."""
    sheet = table.sheets[asked.columns["sheet"]]
    columns = Columns(asked.columns["heading_row"], asked.columns["fields"])
    this_year, rows = act.today().year, []
    for row in read_rows(sheet, columns, needs, this_year):
        rows.append(row)
        if len(rows) % STEP == 0:
            yield len(rows), len(sheet.rows)
    return Parsed(sheet, columns, together(sheet, columns, rows))


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is in the books: its lot, what it is called, and its list price in fen where that is known."""

    lot_id: int
    title: str
    price_fen: int | None


def same_title(told: str, known: str) -> bool:
    """Whether two titles are one, but for case, width, blanks and marks: 《西 游记》 is 西游记, 西游记 2 is not."""
    bare = (re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold()) for text in (told, known))
    return next(bare) == next(bare)


def copies_of(network_id: int, barcodes: Sequence[str]) -> dict[str, Copy]:
    """The copies that carry these barcodes, of those that are known."""
    found: dict[str, Copy] = {}
    for part in _parts(barcodes):
        rows = db.session.execute(
            select(Lot.barcode, Lot.id, Lot.title, Lot.price_fen).where(
                Lot.network_id == network_id, Lot.barcode.in_(part)
            )
        )
        found.update((barcode, Copy(lot_id, title, fen)) for barcode, lot_id, title, fen in rows if barcode)
    return found


def held_at(network_id: int, place_id: int, lot_ids: Sequence[int]) -> set[int]:
    """Which of these lots the place holds."""
    return {
        lot_id
        for part in _parts(lot_ids)
        for lot_id in db.session.scalars(
            select(Holding.lot_id).where(
                Holding.network_id == network_id,
                Holding.place_id == place_id,
                Holding.lot_id.in_(part),
                Holding.quantity > 0,
            )
        )
    }


def listed_in(network_id: int, lot_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """By lot the open batch on whose lines it stands: its id and number."""
    found: dict[int, tuple[int, str]] = {}
    for part in _parts(lot_ids):
        rows = db.session.execute(
            select(BatchLine.lot_id, Batch.id, Batch.number)
            .join(Batch, and_(Batch.network_id == BatchLine.network_id, Batch.id == BatchLine.batch_id))
            .where(BatchLine.network_id == network_id, BatchLine.lot_id.in_(part), Batch.state.in_(rules.OPEN))
        )
        found.update((lot_id, (batch_id, number)) for lot_id, batch_id, number in rows)
    return found


def _parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """However many, in parts that any engine takes."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def sums_of(titles: Iterable[str], quantities: Iterable[int], prices: Iterable[int | None]) -> Mapping[str, int]:
    """What copies amount to: 册, 种, their list price in fen, and how many have none."""
    copies = fen = unpriced = 0
    for quantity, price in zip(quantities, prices, strict=True):
        copies += quantity
        fen += quantity * (price or 0)
        unpriced += quantity if price is None else 0
    return {"copies": copies, "titles": len(set(titles)), "fen": fen, "unpriced": unpriced}
