"""Text files: which alphabet, which mark between the columns, and their rows."""

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from branchnet.errors import Invalid

if TYPE_CHECKING:
    from branchnet.stock.lists.reading import Cell, Limits

MARKS = (",", "\t", ";", "|")
LOOKED_AT = 50
"""Rows by which the mark is told."""
LONGEST_CELL = 10_000
"""Longer than any field of a book: a quotation mark was opened and never closed."""
_LINES_IN_A_CELL = 20


def read(content: bytes, limits: "Limits") -> "list[tuple[str, list[list[Cell]]]]":
    """The one sheet of a text file; it has no name."""
    text = decoded(content)
    return [("", _rows(text, mark_of(text), limits))]


def decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, or GB18030 (and so GBK, GB2312). Raises list_encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        alphabets: tuple[str, ...] = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        alphabets = ("utf-8-sig",)
    else:
        alphabets = ("utf-8", "gb18030")
    for alphabet in alphabets:
        text = _decoded(content, alphabet)
        if text is not None and not any(sign in text for sign in _NEVER):
            return text
    raise Invalid("list_encoding")


def _decoded(content: bytes, alphabet: str) -> str | None:
    try:
        return content.decode(alphabet)
    except UnicodeDecodeError:
        return None


_NEVER = tuple(map(chr, (*range(9), *range(14, 26))))
"""Control characters that no text of a list holds: it is a program, a picture, or UTF-16 without its mark."""


def mark_of(text: str) -> str:
    """The mark between columns: the one that cuts most rows into the same number of columns, more than one."""
    head = "\n".join(line for line in text[:100_000].splitlines()[: LOOKED_AT * 2] if line.strip())
    best, found = (0, 0), ","
    for mark in MARKS:
        widths = _widths(head, mark)
        width, rows = Counter(widths).most_common(1)[0] if widths else (1, 0)
        if width > 1 and (rows, width) > best:
            best, found = (rows, width), mark
    return found


def _widths(head: str, mark: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(io.StringIO(head), delimiter=mark)][:LOOKED_AT]
    except csv.Error:
        return []


def _rows(text: str, mark: str, limits: "Limits") -> "list[list[Cell]]":
    rows: list[list[Cell]] = []
    try:
        # newline="": a line break inside quotation marks belongs to its cell.
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            _check_cells(row, len(rows) + 1, limits)
            rows.append([*row])
            if len(rows) > limits.rows * 2:
                raise Invalid("list_rows", rows=len(rows), limit=limits.rows)
    except csv.Error as error:
        raise Invalid("list_quotes", row=len(rows) + 1) from error
    return rows


def _check_cells(row: list[str], number: int, limits: "Limits") -> None:
    if len(row) > limits.columns * 10:
        raise Invalid("list_columns", columns=len(row), limit=limits.columns)
    if any(len(cell) > LONGEST_CELL or cell.count("\n") > _LINES_IN_A_CELL for cell in row):
        raise Invalid("list_quotes", row=number)
