"""The columns of a file as they are asked for: heading, first values, and the field that each seems to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from branchnet.stock.lists import Sheet
from branchnet.stock.lists.cells import text_of
from branchnet.stock.lists.headings import Guess, guess, letter

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place (from 0), its letter in Excel, its heading, its first values, and its field ("": none)."""

    index: int
    letter: str
    heading: str
    samples: Sequence[str]
    field: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet as its columns are asked for; ``sheets`` are all there are: place (from 0), name, rows."""

    sheets: Sequence[tuple[int, str, int]]
    sheet: int
    heading_row: int
    columns: Sequence[Column]
    doubled: Sequence[str]


def layout_of(
    sheets: Sequence[Mapping[str, Any]],
    sheet: int | None = None,
    heading_row: int | None = None,
    fields: Mapping[str, int] | None = None,
) -> Layout:
    """The sheet that was asked for, or the first one whose headings are known; fields as confirmed, or as guessed."""
    guesses = [guess(Sheet(found["name"], found["head"])) for found in sheets]
    if sheet is None or sheet >= len(sheets):
        sheet = max(range(len(sheets)), key=lambda one: len(guesses[one].columns), default=0)
    rows = sheets[sheet]["head"] if sheets else []
    found = guesses[sheet] if sheets else Guess(0, {}, {})
    if heading_row is not None and heading_row > len(rows):
        heading_row = None  # Below the end of the sheet there are no headings: it is guessed again.
    if heading_row is not None and heading_row != found.heading_row:
        found = guess(Sheet("", [[]] * (heading_row - 1) + list(rows[heading_row - 1 : heading_row])))
        found = Guess(heading_row, found.columns, found.doubled)
    of_column = {column: field for field, column in (fields or found.columns).items()}
    return Layout(
        [(place, one["name"], one["rows"]) for place, one in enumerate(sheets)],
        sheet,
        found.heading_row,
        [_column(index, rows, found.heading_row, of_column) for index in range(max(map(len, rows), default=0))],
        sorted(found.doubled) if fields is None else (),
    )


def _column(index: int, rows: Sequence[Sequence[Any]], heading_row: int, of_column: Mapping[int, str]) -> Column:
    below = [_text(row, index) for row in rows[heading_row : heading_row + SAMPLES]]
    heading = _text(rows[heading_row - 1], index) if heading_row else ""
    return Column(index, letter(index), heading, [text for text in below if text], of_column.get(index, ""))


def _text(row: Sequence[Any], index: int) -> str:
    return text_of(row[index]) if index < len(row) else ""
