"""What a posting is made of, and what a barcode is. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

QUALITY_ORDER = ("exact", "at_least", "estimated")

LONGEST_BARCODE = 40
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""The full-width forms that a Chinese keyboard makes of the scanner's digits, letters and marks."""
_STRAY = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]+")
"""Blanks of any width, what a scanner ends a code with, and marks that nobody sees."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One command's moves: what it is called, when it happened, and why."""

    verb: str
    happened_on: date
    reason: str
    batch_id: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """So many copies (册) of a lot, from a place to a place."""

    lot_id: int
    serial: bool
    from_place_id: int
    to_place_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class NewLot:
    """A lot that comes into the books: a copy with its barcode, or a counted number of copies (册)."""

    title: str
    quantity: int = 1
    barcode: str | None = None
    author: str | None = None
    publisher: str | None = None
    isbn: str | None = None
    category: str | None = None
    call_number: str | None = None
    year: int | None = None
    price_fen: int | None = None
    property_number: str | None = None
    fund: str | None = None
    owner: str = "central"
    quality: str = "exact"

    @property
    def serial(self) -> bool:
        """Whether it is one barcoded copy."""
        return self.barcode is not None


def lot_problem(lot: NewLot) -> str | None:
    """Why a lot cannot come into the books, as a code; None where it can."""
    if not lot.title.strip():
        return "title_missing"
    if lot.quantity < 1:
        return "quantity_not_positive"
    if lot.serial and (lot.quantity != 1 or lot.quality != "exact"):
        return "copy_is_one"
    if lot.barcode is not None and not barcode_of(lot.barcode):
        return "barcode_missing"
    return None


def barcode_of(read: str) -> str:
    """A barcode as it stands on the book, from what a scanner, a keyboard or a file gave; empty where there is none.

    Full-width characters become their plain forms; blanks and unseen marks go; so do the asterisks that a Code 39
    begins and ends with. Nothing else is changed: no digit is added, taken away or guessed.
    """
    if read.isascii() and read.isalnum():
        return read
    return _STRAY.sub("", read).translate(_WIDE).strip("*")


def enough_since(left: int, later: Iterable[tuple[date, int]]) -> date | None:
    """The day before which a place had less than nothing, going back from the copies (册) that are left now.

    ``later``: by how much each day changed them, the newest first. None where there was always enough.
    """
    for day, change in later:
        left -= change
        if left < 0:
            return day
    return None


def worst_quality(qualities: Iterable[str]) -> str:
    """A figure is known as well as the worst of its records."""
    return max(qualities, key=QUALITY_ORDER.index, default="exact")


def repeated(barcodes: Iterable[str | None]) -> list[str]:
    """Barcodes that stand more than once in a list."""
    seen: dict[str, int] = {}
    for barcode in barcodes:
        if barcode is not None:
            seen[barcode] = seen.get(barcode, 0) + 1
    return [barcode for barcode, times in seen.items() if times > 1]
