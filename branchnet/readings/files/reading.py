"""A file's sheets → rows of readings, each with what is wrong with it by column. Pure: what the books know is later."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from branchnet.batches.opening.cells import YES_NO, one_of
from branchnet.calendar.rules import bounds
from branchnet.errors import Invalid
from branchnet.fields import UNITS, without_unit
from branchnet.readings.files.headings import COLUMNS
from branchnet.readings.rules import LONGEST_YEAR, NUMBERS, Report, earlier_kind, problems
from branchnet.stock.lists import Limits, Sheet, Table
from branchnet.stock.lists.cells import Unreadable, day_of, text_of
from branchnet.stock.lists.headings import Guess, guess, headings, letter
from branchnet.stock.lists.reading import Cell

LIMITS = Limits(size=5_000_000, unpacked=50_000_000, sheets=20, rows=20_000)
ROWS_AT_MOST = 2_400
"""Rows with numbers in one file: two hundred points for a year."""
Window = str | tuple[str, date, date]
"""A month, or the kind, first and last day of an earlier term or year."""

_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:月(?:份)?|[-/]\d{1,2})?|(\d{4})(\d\d)")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: in which column, a code, and what else there is to say."""

    field: str
    code: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row with numbers: its sheet, its number as Excel counts, the point as it is called, its window and report."""

    sheet: str
    number: int
    code: str
    name: str
    window: Window | None
    report: Report
    problems: tuple[Problem, ...]
    unasked: frozenset[str] = frozenset()
    """Numbers that the sheet has no column for: it does not say that nobody counted them."""


class Read(NamedTuple):
    """What a file says: its rows with numbers, and what nobody reads of it."""

    rows: list[FileRow]
    blank: int
    """Rows without numbers."""
    strange: list[str]
    """Columns that are filled and not known, as they are called, or by their letter."""


def rows_of(table: Table) -> Read:
    """The rows of all sheets of readings.

    Raises Invalid("readings_no_sheet") where no sheet has the columns, "readings_too_many".
    """
    read, known = Read([], 0, []), 0
    for sheet in table.sheets:
        seen = guess(sheet, COLUMNS)
        if not _is_one(seen.columns):
            continue
        known += 1
        filled = list(_filled(sheet, seen.heading_row))
        told = [_row(sheet.name, number, _Cells(cells, seen.columns)) for number, cells in filled]
        rows = [row for row in told if row is not None]
        strange = _strange(sheet, seen, [cells for _number, cells in filled])
        new = [one for one in strange if one not in read.strange]
        read = Read([*read.rows, *rows], read.blank + len(told) - len(rows), [*read.strange, *new])
    if not known:
        raise Invalid("readings_no_sheet")
    if len(read.rows) > ROWS_AT_MOST:
        raise Invalid("readings_too_many", limit=ROWS_AT_MOST)
    return read


def _strange(sheet: Sheet, seen: Guess, filled: Sequence[Sequence[Cell]]) -> list[str]:
    called = headings(sheet, seen.heading_row, seen.depth)
    unread = sorted(
        {column for cells in filled for column, cell in enumerate(cells) if text_of(cell)} - set(seen.columns.values())
    )
    names = [called[column] if column < len(called) else "" for column in unread]
    return [name or letter(column) for name, column in zip(names, unread, strict=True)]


def _is_one(columns: Mapping[str, int]) -> bool:
    named = "code" in columns or "point" in columns
    return named and ("month" in columns or {"first", "last"} <= columns.keys())


def _filled(sheet: Sheet, heading_row: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, cells in enumerate(sheet.rows[heading_row:], start=heading_row + 1):
        if any(text_of(cell) for cell in cells):
            yield number, cells


class _Cells:
    """A row's cells by field; what cannot be read is noted beside its column."""

    def __init__(self, cells: Sequence[Cell], columns: Mapping[str, int]) -> None:
        self.cells, self.columns = cells, columns
        self.problems: list[Problem] = []

    def at(self, field: str) -> Cell:
        column = self.columns.get(field)
        return "" if column is None or column >= len(self.cells) else self.cells[column]

    def read(self, field: str, how: Any) -> Any:
        try:
            return how(self.at(field))
        except Unreadable as error:
            self.problems.append(Problem(field, error.code))
            return None


def _row(sheet: str, number: int, cells: _Cells) -> FileRow | None:
    if not any(text_of(cells.at(field)) for field in (*NUMBERS, "days_open", "not_open")):
        return None
    numbers = {field: cells.read(field, partial(number_of, units=UNITS[field])) for field in (*NUMBERS, "days_open")}
    not_open = bool(cells.read("not_open", lambda cell: one_of(cell, YES_NO, "yes_no")))
    window = _window(cells)
    report = Report(**numbers, not_open=not_open)
    days = 0 if window is None else _days(window)
    wrong = problems(report, days or LONGEST_YEAR)
    found = [*cells.problems, *(Problem(field, code) for field, code in wrong.items())]
    name, code = (text_of(cells.at(field)) for field in ("point", "code"))
    unasked = frozenset(numbers) - cells.columns.keys()
    return FileRow(sheet, number, code, name, window, report, tuple(found), unasked)


def _days(window: Window) -> int:
    first, last = bounds(window) if isinstance(window, str) else window[1:]
    return (last - first).days + 1


def _window(cells: _Cells) -> Window | None:
    first, last = cells.read("first", day_of), cells.read("last", day_of)
    if text_of(cells.at("month")):
        month: str | None = cells.read("month", month_of_cell)
        # Our own Excel says of a month also from when to when it is.
        if (first or last) and (month is None or (first, last) != bounds(month)):
            cells.problems.append(Problem("month", "month_or_days"))
        return month
    if first is None or last is None:
        if not any(problem.field in ("first", "last") for problem in cells.problems):
            cells.problems.append(Problem("month" if "month" in cells.columns else "first", "required"))
        return None
    kind = earlier_kind(first, last)
    if kind is None:
        cells.problems.append(Problem("last", "dates" if last < first else "no_term"))
        return None
    return kind, first, last


def number_of(cell: Cell, units: Sequence[str] = ()) -> int | None:
    """A whole number, 0 too: 210, 1,200, with one of its units 210人次; None for an empty cell. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    if not text:
        return None
    found = _NUMBER.fullmatch(without_unit(text, units))
    if found is None:
        raise Unreadable("not_a_number")
    digits = found[1].replace(",", "")
    if len(digits) > _DIGITS:
        raise Unreadable("too_large")
    return int(digits)


def month_of_cell(cell: Cell) -> str:
    """The month of 2026-03, 2026年3月, 2026/3, 202603, or of a day in it. Raises Unreadable("month_unreadable").

    2026.1 as a number may have been 2026.10.
    """
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    found = _MONTH.fullmatch(text)
    if found is None or (isinstance(cell, float) and not cell.is_integer()):
        raise Unreadable("month_unreadable")
    month = f"{found[1] or found[3]}-{int(found[2] or found[4]):02d}"
    with suppress(ValueError):
        bounds(month)
        return month
    raise Unreadable("month_unreadable")
