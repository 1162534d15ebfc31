"""A Word file as it can be read on a page: its paragraphs and tables, without its looks."""

from dataclasses import dataclass
from io import BytesIO

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one text, perhaps a heading in the middle) or the rows of a table."""

    text: str = ""
    centred: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(content: bytes) -> list[Block]:
    """What a file says, from top to bottom."""
    found = []
    for part in Document(BytesIO(content)).iter_inner_content():
        if isinstance(part, Paragraph):
            found.append(Block(part.text, centred=part.alignment is not None and part.alignment.name == "CENTER"))
        else:
            found.append(Block(rows=_rows(part)))
    return found


def _rows(table: Table) -> tuple[tuple[str, ...], ...]:
    # Asked for row by row, each cell once: table.cell() looks through all of them every time.
    return tuple(tuple(cell.text for cell in row.cells) for row in table.rows)
