"""What a paper says in numbers: sums, capital numerals, and on how many pages a list goes. Pure.

Money is in fen and whole, everywhere: what is signed for is never rounded.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol, TypeVar

import cn2an

PAGE_ROWS = 40
"""Rows of one line each that a page of a list holds."""
TITLE_WIDTH, BARCODE_WIDTH, CALL_NUMBER_WIDTH = 44, 16, 12
"""What of a row goes on one line, counted as typewriters do: a Chinese character is two wide."""
FEWEST_COPIES, MOST_COPIES = 2, 3
HANDED_OVER = frozenset({"allocation", "delivery", "rotation", "return", "accession"})
"""Kinds of batches in which somebody hands books over to somebody else, and both sign."""


class Line(Protocol):
    """What a sum is made of."""

    @property
    def quantity(self) -> int:
        """册."""

    @property
    def price_fen(self) -> int | None:
        """List price of one copy in fen; None: unknown."""


class Listed(Protocol):
    """What takes room on a page of a list."""

    @property
    def title(self) -> str:
        """As long as it is."""

    @property
    def barcode(self) -> str | None:
        """Of one copy."""

    @property
    def call_number(self) -> str | None:
        """索书号."""


class InBox(Protocol):
    """What lies in a box."""

    @property
    def box(self) -> int:
        """Its number; 0: loose."""


Row = TypeVar("Row", bound=Listed)
Boxed = TypeVar("Boxed", bound=InBox)


@dataclass(frozen=True, slots=True)
class Sum:
    """册, their list prices (码洋, fen) as far as they are known, and how many have none."""

    copies: int
    fen: int
    unpriced: int

    @property
    def priced(self) -> int:
        """How many copies (册) the sum of money is about."""
        return self.copies - self.unpriced


def add_up(lines: Iterable[Line]) -> Sum:
    """The sum of lines. An unknown price counts as unknown, never as nothing."""
    copies = fen = unpriced = 0
    for line in lines:
        copies += line.quantity
        if line.price_fen is None:
            unpriced += line.quantity
        else:
            fen += line.price_fen * line.quantity
    return Sum(copies, fen, unpriced)


def by_box(lines: Iterable[Boxed]) -> list[tuple[int, list[Boxed]]]:
    """Lines that stand in the order of their boxes, box by box."""
    return [(box, list(rows)) for box, rows in groupby(lines, key=lambda line: line.box)]


def capitals(number: int) -> str:
    """A whole number in capital numerals (大写): 贰万壹仟贰佰叁拾玖."""
    return str(cn2an.an2cn(str(number), "up"))


def yuan(fen: int) -> str:
    """Fen as yuan in figures: 1,234,567.89."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def capital_yuan(fen: int) -> str:
    """Fen as yuan in capital numerals; 整 where there are no fen: 壹佰元伍角整, 壹佰元零伍分."""
    said = str(cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb"))
    return said if fen % 10 or said.endswith("整") else f"{said}整"


def width(text: str) -> int:
    """How wide a text is on paper, counted as typewriters do."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def rows_of(line: Listed) -> int:
    """How many lines of a page a row takes: as many as its longest part."""
    parts = ((line.title, TITLE_WIDTH), (line.barcode, BARCODE_WIDTH), (line.call_number, CALL_NUMBER_WIDTH))
    return max(max(-(-width(text or "") // room), 1) for text, room in parts)


def pages_of(lines: Sequence[Row], room: int = PAGE_ROWS) -> list[list[Row]]:
    """The lines page by page: as many pages as 书目附后 names. A long title takes the room of several."""
    pages: list[list[Row]] = []
    left = 0
    for line in lines:
        takes = min(rows_of(line), room)
        if takes > left:
            pages.append([])
            left = room
        pages[-1].append(line)
        left -= takes
    return pages


def copies_asked(asked: int | None, kind: str) -> int:
    """In how many copies (份) a note is signed: as asked; else three where a third party keeps one."""
    if asked is not None:
        return min(max(asked, FEWEST_COPIES), MOST_COPIES)
    return MOST_COPIES if kind == "rotation" else FEWEST_COPIES


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile("[\t\n\r ]+")


def plain(text: str) -> str:
    """A text as Word takes it: signs that no document may hold are left out, and it stays on one line."""
    return _BLANKS.sub(" ", _NOT_XML.sub("", text)).strip(" ")
