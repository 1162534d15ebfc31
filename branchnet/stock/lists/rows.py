"""Rows of a list → books, or what is wrong with each, by field and value. What the ledger knows is judged later."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from branchnet.stock.lists.cells import (
    Unreadable,
    barcode_of,
    count_of,
    fen_of,
    isbn_of,
    text_of,
    year_of,
)
from branchnet.stock.lists.headings import plain
from branchnet.stock.lists.reading import Cell, Sheet
from branchnet.stock.rules import NewLot

TEXTS = {
    "title": 300,
    "author": 200,
    "publisher": 200,
    "category": 40,
    "call_number": 60,
    "property_number": 60,
    "fund": 60,
}
"""Fields that are text, with how many characters each may have."""
SHOWN = 60
"""Characters of a value that are told with its problem."""
SUMS = frozenset({"合计", "总计", "小计", "共计", "总合计", "本页小计", "本页合计", "total", "subtotal", "sum"})
MOST_BOXES = 300
"""A larger number of a box is a number from another column."""
FEW, NEARLY_ALL = 10, 0.9
"""From so many barcodes on, and where such a part of them is equally long, a shorter one is taken for a cut one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: a code, the field, and what stood there."""

    code: str
    field: str
    value: str = ""
    facts: tuple[Any, ...] = ()
    """What else there is to say, as the code has it: where a copy is, since when."""

    def told(self) -> list[Any]:
        """As it is kept."""
        return [self.code, self.field, self.value, *self.facts]


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number as Excel counts. With a problem it is left out; with a warning only a field of it is."""

    number: int
    lot: NewLot
    box: int | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    is_book: bool = True
    """False for sums, and for headings that are repeated on every page."""

    @property
    def good(self) -> bool:
        """Whether nothing stands in its way."""
        return self.is_book and not self.problems

    def wrong(self, *problems: Problem) -> "Row":
        """The same row with more that is wrong."""
        return replace(self, problems=(*self.problems, *problems))


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (from 0) is which field, below which row of headings (as Excel counts; 0: there are none)."""

    heading_row: int
    fields: Mapping[str, int]


def read_rows(sheet: Sheet, columns: Columns, needs: Collection[str], this_year: int) -> Iterator[Row]:
    """The rows below the headings that have anything in them, each for itself; see `together` for the rest.

    ``needs``: fields that no row may leave empty.
    """
    headings = sheet.rows[columns.heading_row - 1] if columns.heading_row else []
    for number, row in enumerate(sheet.rows[columns.heading_row :], start=columns.heading_row + 1):
        if any(cell != "" for cell in row):
            yield _row(number, row, columns.fields, needs, this_year, headings)


def together(sheet: Sheet, columns: Columns, rows: Sequence[Row]) -> list[Row]:
    """The same rows, with what only all of them together tell: barcodes that are too short, or stand twice."""
    column = columns.fields.get("barcode")
    if column is None:
        return list(rows)
    numbers = {row.number: isinstance(_at(sheet.rows[row.number - 1], column), int | float) for row in rows}
    return list(_each_once(_long_enough(rows, numbers)))


def _at(row: Sequence[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else ""


def _row(
    number: int,
    row: Sequence[Cell],
    columns: Mapping[str, int],
    needs: Collection[str],
    this_year: int,
    headings: Sequence[Cell],
) -> Row:
    found = _Reading({field: _at(row, column) for field, column in columns.items()}, this_year)
    if _no_book(row, found, headings):
        return Row(number, NewLot(""), is_book=False)
    found.read()
    missing = [Problem("required", field) for field in sorted(needs) if not _filled(found.cells.get(field, ""))]
    return Row(number, found.lot(), found.box, (*missing, *found.problems), tuple(found.warnings))


def _no_book(row: Sequence[Cell], found: "_Reading", headings: Sequence[Cell]) -> bool:
    if row == headings:
        return True
    # Only what stands first can be the word for a sum: a book may be called so.
    first = next((cell for cell in row if _filled(cell)), "")
    return not _filled(found.cells.get("author", "")) and plain(first) in SUMS


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


class _Reading:
    """One row while it is read: what is wrong with it stops it, what is strange leaves a field empty."""

    def __init__(self, cells: Mapping[str, Cell], this_year: int) -> None:
        self.cells = cells
        self.this_year = this_year
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.fields: dict[str, Any] = {}
        self.box: int | None = None

    def read(self) -> None:
        self._take("barcode", barcode_of, self.problems)
        self._take("quantity", count_of, self.problems)
        self.box = self._read("box", _box_of, self.problems)
        for field in TEXTS:
            self._text(field)
        self._take("isbn", isbn_of, self.warnings)
        self._take("price", fen_of, self.warnings)
        self._take("year", lambda cell: year_of(cell, self.this_year), self.warnings)
        self._share_amount()
        if self.fields["barcode"] and (self.fields["quantity"] or 1) != 1:
            # Many systems write the copies of the whole title on the row of each copy.
            self.warnings.append(Problem("copy_is_one", "quantity", text_of(self.cells["quantity"])))
            self.fields["quantity"] = 1

    def _read(self, field: str, reader: Any, told_in: list[Problem]) -> Any:
        cell = self.cells.get(field, "")
        if cell == "":
            return None
        try:
            return reader(cell)
        except Unreadable as error:
            told_in.append(Problem(error.code, field, text_of(cell)[:SHOWN]))
            return None

    def _take(self, field: str, reader: Any, told_in: list[Problem]) -> None:
        self.fields[field] = self._read(field, reader, told_in)

    def _text(self, field: str) -> None:
        text = text_of(self.cells.get(field, ""))
        if len(text) > TEXTS[field]:
            if field == "title":
                self.problems.append(Problem("title_long", field, text[:SHOWN]))
            else:
                self.warnings.append(Problem("text_long", field, text[:SHOWN]))
            text = ""
        self.fields[field] = text or None

    def _share_amount(self) -> None:
        """A sum of list prices (码洋) is the price of each where it can be shared out; otherwise none is known."""
        if self.fields["price"] is not None or (amount := self._read("amount", fen_of, self.warnings)) is None:
            return
        price, rest = divmod(amount, self.fields["quantity"] or 1)
        if rest:
            self.warnings.append(Problem("amount_uneven", "amount", text_of(self.cells["amount"])[:SHOWN]))
        else:
            self.fields["price"] = price

    def lot(self) -> NewLot:
        known = {**self.fields, "price_fen": self.fields["price"]}
        del known["price"]
        known["quantity"] = known["quantity"] or 1
        known["barcode"] = known["barcode"] or None
        known["title"] = known["title"] or ""
        return NewLot(**known)


def _box_of(cell: Cell) -> int | None:
    """The number in 3, "3", 第3箱; None where it is empty. Raises Unreadable("box")."""
    digits = text_of(cell).translate(_NO_BOX_WORDS)
    if digits in ("", "散放"):
        return None
    if not (digits.isascii() and digits.isdecimal()) or not 0 < int(digits[:9]) <= MOST_BOXES:
        raise Unreadable("box")
    return int(digits)


_NO_BOX_WORDS = {ord(sign): None for sign in "第箱号 #"}


def _long_enough(rows: Sequence[Row], numbers: Mapping[int, bool]) -> Iterator[Row]:
    """A barcode that lost its leading zeros is shorter than all others: nobody can say how many it lost."""
    lengths = Counter(len(row.lot.barcode) for row in rows if row.lot.barcode)
    usual, times = lengths.most_common(1)[0] if lengths else (0, 0)
    alike = lengths.total() >= FEW and times >= lengths.total() * NEARLY_ALL
    for row in rows:
        barcode = row.lot.barcode
        suspect = alike or numbers.get(row.number, False)
        if barcode and suspect and times > 1 and len(barcode) < usual and barcode.isdecimal():
            yield row.wrong(Problem("barcode_short", "barcode", barcode, (len(barcode), usual)))
        else:
            yield row


def _each_once(rows: Iterator[Row]) -> Iterator[Row]:
    """A barcode is one copy: where it stands again, that row is wrong and names the first."""
    first: dict[str, int] = {}
    for row in rows:
        barcode = row.lot.barcode
        if barcode and first.setdefault(barcode, row.number) != row.number:
            yield row.wrong(Problem("barcode_twice", "barcode", barcode, (first[barcode],)))
        else:
            yield row
