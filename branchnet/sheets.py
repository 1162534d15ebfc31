"""Lists as Excel workbooks. What people typed stays text, whatever it begins with; numbers are numbers, days are days.

One way for every list that leaves as a file: a line that says what it is, one with whose, how narrowed and of which
day, then a head that stays while the rows pass. Rows are written as they come, so that 100,000 need no more memory
than ten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Kind = Literal["text", "number", "decimal", "day", "fen"]
"""What stands in a column: text; a whole number; one with a decimal; a civil day; an amount in fen, written in yuan."""

NAME_LENGTH = 31
CELL_LENGTH = 32_767
ROWS_AT_MOST = 1_000_000
"""Rows of one sheet; Excel itself ends at 1,048,576."""
FIRST_ROW = 4
"""The row, as Excel counts, in which the rows of a list begin."""
FILLED_IN = 5_000
"""The last row whose cells offer choices."""
_NOT_IN_A_NAME = str.maketrans("[]:*?/\\'", "        ")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head (with the unit in it, where there is one), what stands in it, how wide (in characters).

    For workbooks that people fill in: ``choices`` are offered in its cells, ``required`` sets its head off,
    and ``note`` is a comment on it: what belongs there.
    """

    head: str
    kind: Kind = "text"
    unit: str = ""
    width: int = 14
    choices: Sequence[str] = ()
    required: bool = False
    note: str = ""

    @property
    def label(self) -> str:
        """What stands over the column: 数量（册）."""
        return f"{self.head}（{self.unit}）" if self.unit else self.head


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is (``title``), what it was made of (``told``: network, filters, day), and its rows.

    ``total`` is one more row, set off; before it ``totals``, the sums of what must not be added up. ``foot`` are lines
    under all of it, such as who signs. An empty cell is None.
    """

    name: str
    title: str
    told: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] | None = None
    foot: Sequence[str] = ()
    totals: Sequence[Sequence[Any]] = ()


def workbook(*sheets: Sheet) -> bytes:
    """The sheets as one .xlsx file."""
    out = BytesIO()
    book = Workbook(out, {"constant_memory": True, "in_memory": False})
    looks = _Looks.of(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet_name(sheet.name)), sheet, looks)
    book.close()
    return out.getvalue()


def sheet_name(name: str) -> str:
    """A name as Excel takes it: at most 31 characters, none of []:*?/\\'."""
    return name.translate(_NOT_IN_A_NAME).strip()[:NAME_LENGTH] or "1"


@dataclass(frozen=True, slots=True)
class _Looks:
    title: Format
    head: Format
    needed: Format
    kinds: dict[str, Format]
    totals: dict[str, Format]

    @classmethod
    def of(cls, book: Workbook) -> "_Looks":
        # Text cells are told to be text: edited in Excel, a barcode stays one and "=1" does not begin to reckon.
        kinds = {"text": "@", "number": "#,##0", "decimal": "#,##0.0", "day": "yyyy-mm-dd", "fen": "#,##0.00"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 14}),
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}),
            needed=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#FCF0D4"}),
            kinds={kind: book.add_format({"num_format": form}) for kind, form in kinds.items()},
            totals={
                kind: book.add_format({"num_format": form, "bold": True, "top": 1}) for kind, form in kinds.items()
            },
        )


def _write(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width, looks.kinds[column.kind])
        if column.choices:
            page.data_validation(3, number, FILLED_IN, number, _offer(column.choices))
    _text(page, 0, 0, sheet.title, looks.title)
    _text(page, 1, 0, " · ".join(line for line in sheet.told if line), looks.kinds["text"])
    _heads(page, sheet.columns, looks)
    page.freeze_panes(3, 0)
    page.repeat_rows(2)
    at = FIRST_ROW - 1
    for row in sheet.rows:
        if at >= ROWS_AT_MOST:
            break
        _row(page, at, sheet.columns, row, looks.kinds)
        at += 1
    page.autofilter(2, 0, max(at - 1, 2), len(sheet.columns) - 1)
    for sums in [*sheet.totals, *([] if sheet.total is None else [sheet.total])]:
        _row(page, at, sheet.columns, sums, looks.totals)
        at += 1
    for line in sheet.foot:
        at += 1
        _text(page, at, 0, line, looks.kinds["text"])


def _heads(page: Worksheet, columns: Sequence[Column], looks: _Looks) -> None:
    for number, column in enumerate(columns):
        _text(page, 2, number, column.label, looks.needed if column.required else looks.head)
        if column.note:
            page.write_comment(2, number, column.note, {"x_scale": 2, "y_scale": 1.5})


def _offer(choices: Sequence[str]) -> dict[str, Any]:
    """A list to choose from that does not forbid another word: whoever reads it says what is wrong with it."""
    return {"validate": "list", "source": list(choices), "error_type": "information"}


def _row(page: Worksheet, at: int, columns: Sequence[Column], row: Sequence[Any], looks: dict[str, Format]) -> None:
    for number, (column, value) in enumerate(zip(columns, row, strict=True)):
        look = looks[column.kind]
        if value is None:
            page.write_blank(at, number, None, look)
        elif isinstance(value, str):
            # Words in a column of numbers (未知) are words.
            _text(page, at, number, value, look)
        elif isinstance(value, date):
            page.write_datetime(at, number, value, look)
        else:
            page.write_number(at, number, value / 100 if column.kind == "fen" else value, look)


def _text(page: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    page.write_string(row, column, text[:CELL_LENGTH], look)
