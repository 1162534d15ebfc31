"""A workbook → the rows of a ledger, each with what is wrong with it. Pure: what the books know is judged later."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from branchnet.batches.opening.cells import about
from branchnet.batches.opening.headings import NOTES, PARTS, Part, part_of
from branchnet.batches.opening.rows import BookRow, Cells, PointRow, books_of, point_of
from branchnet.errors import Invalid
from branchnet.stock.lists import Sheet, Table
from branchnet.stock.lists.cells import Unreadable, text_of
from branchnet.stock.lists.headings import guess, plain
from branchnet.stock.lists.reading import Cell
from branchnet.stock.lists.rows import SHOWN, SUMS, Columns, Row, read_rows, together

STEP = 5_000
"""Rows after which the progress is told."""


@dataclass(frozen=True)
class Ledger:
    """A workbook with its rows read; ``sheets`` by part, as they came."""

    sheets: Mapping[str, Sheet]
    points: list[PointRow] = field(default_factory=list)
    books: dict[str, list[BookRow]] = field(default_factory=dict)
    missing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By part the columns that were not found, without which its rows say nothing."""
    unused: Mapping[str, tuple[int, Sequence[tuple[str, str]]]] = field(default_factory=dict)
    """By part its row of headings, and those that are not used: why not (as a problem is called), and what they say."""
    unknown: Sequence[str] = ()
    """Names of sheets that are no part of a ledger."""


def parse(table: Table, this_year: int) -> Generator[tuple[int, int | None], None, Ledger]:
    """Read a workbook; yields rows read and rows in all.

    Raises Invalid: ``opening_no_sheet`` where none is a part of a ledger, ``opening_sheet_twice``.
    """
    sheets, unknown = _parts(table)
    found = {word: _columns(sheet, PARTS[word]) for word, sheet in sheets.items()}
    needed = {word: [name for name in PARTS[word].needs if name not in found[word].fields] for word in sheets}
    unused = {
        word: (found[word].heading_row, heads)
        for word in sheets
        if (heads := _unused(sheets[word], found[word], PARTS[word]))
    }
    missing = {word: names for word, names in needed.items() if names}
    ledger = Ledger(sheets, missing=missing, unused=unused, unknown=unknown)
    done, rows = 0, sum(len(sheet.rows) for sheet in sheets.values())
    for word in (word for word in PARTS if word in sheets and word not in ledger.missing):
        for _one in _read_part(ledger, word, found[word], this_year):
            done += 1
            if done % STEP == 0:
                yield done, rows
    return ledger


def _parts(table: Table) -> tuple[dict[str, Sheet], list[str]]:
    sheets: dict[str, Sheet] = {}
    unknown = []
    for sheet in table.sheets:
        word = part_of(sheet)
        if word is None:
            if plain(sheet.name) not in NOTES:
                unknown.append(sheet.name)
        elif word in sheets:
            raise Invalid("opening_sheet_twice", sheet=PARTS[word].word)
        else:
            sheets[word] = sheet
    if not sheets:
        raise Invalid("opening_no_sheet", sheets="、".join(part.word for part in PARTS.values()))
    return sheets, unknown


def _columns(sheet: Sheet, part: Part) -> Columns:
    """Where its columns are. A code stands for a point's name too, so either will do."""
    seen = guess(sheet, part.names)
    fields = dict(seen.columns)
    if "code" in fields:
        fields.setdefault("point", fields["code"])
    return Columns(seen.heading_row, fields)


def _unused(sheet: Sheet, columns: Columns, part: Part) -> list[tuple[str, str]]:
    """Headings of which no column is used: nobody knows the word, or another column says the same already."""
    known = {plain(name) for names in part.names.values() for name in names}
    used = set(columns.fields.values())
    return [
        ("opening_column_twice" if plain(cell) in known else "opening_column_unknown", text_of(cell)[:SHOWN])
        for at, cell in enumerate(sheet.rows[columns.heading_row - 1] if columns.heading_row else ())
        if text_of(cell) and at not in used
    ]


def _read_part(ledger: Ledger, word: str, columns: Columns, this_year: int) -> Iterator[None]:
    sheet = ledger.sheets[word]
    if word == "points":
        for number, row in _filled(sheet, columns):
            ledger.points.append(point_of(number, Cells(row, columns.fields)))
            yield
        return
    plainer, qualities = _with_counts(sheet, columns)
    needs = [name for name in PARTS[word].needs if name in ("barcode", "title", "quantity")]
    rows: list[Row] = []
    for row_read in read_rows(plainer, columns, needs, this_year):
        rows.append(row_read)
        yield
    ledger.books[word] = [
        books_of(
            one, Cells(sheet.rows[one.number - 1], columns.fields), qualities.get(one.number), word == "deliveries"
        )
        for one in together(plainer, columns, rows)
        if one.is_book
    ]


def _filled(sheet: Sheet, columns: Columns) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(sheet.rows[columns.heading_row :], start=columns.heading_row + 1):
        first = next((text_of(cell) for cell in row if text_of(cell)), "")
        if first and plain(first) not in SUMS:
            yield number, row


def _with_counts(sheet: Sheet, columns: Columns) -> tuple[Sheet, dict[int, str]]:
    """The same sheet with 4,900余 as 4900, and by row how well its number is known, where it is not exact."""
    column = columns.fields.get("quantity")
    if column is None:
        return sheet, {}
    rows, qualities = list(sheet.rows), {}
    for number, row in _filled(sheet, columns):
        count, quality = _about(Cells(row, columns.fields))
        if quality != "exact":
            qualities[number] = quality
            rows[number - 1] = [count or "" if at == column else cell for at, cell in enumerate(row)]
    return Sheet(sheet.name, rows), qualities


def _about(cells: Cells) -> tuple[int | None, str]:
    """So many, and how well known; what cannot be read is left for whoever reads the row to tell."""
    for said in (cells.at("quality"), ""):
        # A word that says nothing is told by itself; the number may be read all the same.
        with suppress(Unreadable):
            return about(cells.at("quantity"), said)
    return None, "exact"
