"""A file's bytes and name → its sheets, each of rows of cells; a broken, huge or hostile file gets one code.

A name is a word to show and never a path; what a file is, its first bytes say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from branchnet.errors import Invalid
from branchnet.stock.lists import texts, workbooks

Cell = str | int | float
"""A cell keeps what it is: text, or the number that Excel made of it. Dates come as 2019-05-01, nothing as ""."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a list may be at most: bytes as it comes and unpacked, sheets, and rows, columns and cells of a sheet."""

    size: int = 20_000_000
    unpacked: int = 200_000_000
    sheets: int = 60
    rows: int = 200_000
    columns: int = 100
    cells: int = 4_000_000
    memory: int = 1_500_000_000
    """Bytes of address space that a reader of Excel may take."""
    seconds: int = 30


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name (empty for a text file); ``rows[0]`` is the row that Excel calls 1, and rows may be empty."""

    name: str
    rows: Sequence[Sequence[Cell]]

    @property
    def filled(self) -> int:
        """How many rows have anything in them."""
        return sum(any(cell != "" for cell in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: the sheets that have anything in them, in their order; at least one."""

    sheets: Sequence[Sheet]


def read_table(name: str, content: bytes, limits: Limits = LIMITS) -> Table:
    """The sheets of an Excel, CSV or text file.

    Raises Invalid with one of the codes ``list_empty``, ``list_large``, ``list_rows``, ``list_columns``,
    ``list_sheets``, ``list_broken``, ``list_locked``, ``list_macros``, ``list_encoding``, ``list_quotes``,
    ``list_web_page``, ``list_not_a_table``; ``data`` says which file and which limit, row or kind.
    """
    try:
        return _read(content, limits)
    except Invalid as error:
        error.data["name"] = name
        raise


def _read(content: bytes, limits: Limits) -> Table:
    if not content.strip():
        raise Invalid("list_empty")
    if len(content) > limits.size:
        raise Invalid("list_large", megabytes=limits.size // 1_000_000)
    read = _reader(content)
    sheets = [Sheet(sheet, trimmed(rows)) for sheet, rows in read(content, limits)]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise Invalid("list_empty")
    for sheet in filled:
        _check(sheet, limits)
    return Table(filled)


Reader = Callable[[bytes, Limits], list[tuple[str, list[list[Cell]]]]]

_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
)


def _reader(content: bytes) -> Reader:
    """Who reads it. Library systems call nearly everything .xls: only the bytes can be believed."""
    for start, kind in _FOREIGN:
        if content.startswith(start):
            raise Invalid("list_not_a_table", kind=kind)
    if content.startswith(b"PK"):
        return workbooks.read_packed
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return workbooks.read_old
    if content[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Invalid("list_web_page")
    return texts.read


def trimmed(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows without the empty cells at their ends, and without the empty rows at the end of all."""
    short = [_without_end(row) for row in rows]
    while short and not short[-1]:
        short.pop()
    return short


def _without_end(row: Sequence[Cell]) -> list[Cell]:
    end = len(row)
    while end and (row[end - 1] == "" or (isinstance(row[end - 1], str) and not str(row[end - 1]).strip())):
        end -= 1
    return list(row[:end])


def _check(sheet: Sheet, limits: Limits) -> None:
    if len(sheet.rows) > limits.rows:
        raise Invalid("list_rows", rows=len(sheet.rows), limit=limits.rows)
    if (widest := max(map(len, sheet.rows))) > limits.columns:
        raise Invalid("list_columns", columns=widest, limit=limits.columns)
