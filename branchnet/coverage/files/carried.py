"""Rows that were tried, carried by the page to the press that enters them: as cells, judged anew when they come."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence

from branchnet.coverage.files.headings import COLUMNS
from branchnet.coverage.files.judging import Judged
from branchnet.coverage.files.reading import LIMITS, ROWS_AT_MOST
from branchnet.errors import Invalid
from branchnet.stock.lists import Sheet, Table
from branchnet.stock.lists.reading import Cell


def carried(rows: Sequence[Judged]) -> str:
    """Rows, as a form carries them."""
    cells = [row.row.cells for row in rows]
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(cells, ensure_ascii=False).encode())).decode()


def read_carried(text: str) -> Table:
    """The same rows under our own headings. Raises Invalid("places_outdated") for anything else."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(base64.urlsafe_b64decode(text), LIMITS.unpacked)
        rows = json.loads(content)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise Invalid("places_outdated") from error
    if not isinstance(rows, list) or not 0 < len(rows) <= ROWS_AT_MOST or not all(map(_is_row, rows)):
        raise Invalid("places_outdated")
    head: list[Cell] = [names[0] for names in COLUMNS.values()]
    return Table([Sheet("", [head, *rows])])


def _is_row(row: object) -> bool:
    return (
        isinstance(row, list) and len(row) == len(COLUMNS) and all(isinstance(cell, str | int | float) for cell in row)
    )
