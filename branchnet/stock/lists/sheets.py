"""Reads a workbook from standard input and writes its sheets as JSON: a program of its own, not a module.

It takes away from itself the memory and the time that a list does not need, for the parser below is not ours.
"""

import io
import json
import math
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

SECONDS = 25
TEXT_AT_MOST = 100_000_000
"""Characters of all cells together."""


class Refused(Exception):
    """A limit was met: its code, and which."""

    def __init__(self, code: str, **data: Any) -> None:
        self.answer = {"problem": code, "data": data}
        super().__init__(code)


def main() -> None:
    """Read, and write one line of JSON: the sheets, or why not."""
    limits = json.loads(sys.argv[1])
    _confine(limits["memory"])
    content = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        answer = {"sheets": read(content, limits)}
    except PasswordError:
        answer = {"problem": "list_locked", "data": {}}
    except CalamineError:
        answer = {"problem": "list_broken", "data": {}}
    except MemoryError:
        answer = {"problem": "list_large", "data": {}}
    except Refused as refused:
        answer = refused.answer
    sys.stdout.write(json.dumps(answer))


def _confine(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes, limits: dict[str, int]) -> list[tuple[str, list[list[Any]]]]:
    """The sheets that are tables, by name, with their cells as JSON can say them."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if len(names) > limits["sheets"]:
            raise Refused("list_sheets", limit=limits["sheets"])
        sheets, left = [], TEXT_AT_MOST
        for name in names:
            rows = _rows(book.get_sheet_by_name(name), limits)
            left -= sum(len(cell) for row in rows for cell in row if isinstance(cell, str))
            if left < 0:
                raise Refused("list_large")
            sheets.append((name.replace("\0", ""), rows))
        return sheets


def _rows(sheet: CalamineSheet, limits: dict[str, int]) -> list[list[Any]]:
    if sheet.start is None:
        return []
    if sheet.total_height > limits["rows"]:
        raise Refused("list_rows", rows=sheet.total_height, limit=limits["rows"])
    # A colour in a far column makes a sheet wide though nothing stands there: that is judged when ends are cut.
    if sheet.total_height * sheet.total_width > limits["cells"]:
        raise Refused("list_columns", columns=sheet.total_width, limit=limits["columns"])
    return [[_told(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _told(cell: Any) -> str | int | float:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, str):
        # _x0000_ in a file is a NUL, which no database keeps in a text.
        return cell.replace("\0", "")
    if isinstance(cell, int | float):
        # JSON has no word for what is no number: it is told as text.
        return cell if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell) if isinstance(cell, timedelta) else ""


if __name__ == "__main__":
    main()
