"""How much a network does after the report year, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_MONTH = date(2026, 1, 1)
TERM_MONTHS = {3, 4, 5, 6, 9, 10, 11, 12}
ACCESSION_MONTHS = {3, 9}
ROTATION_MONTHS = {5, 11}
RETURN_MONTH = 7
STAY = timedelta(days=30)
ROTATED = 120
RETURNED = 150
FIRST_ALLOCATION = 1000
"""Barcoded copies that a point opened after the report year begins with."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a network does. Days are days of the month; copies are 册 for one batch."""

    letters: str
    allocation_days: tuple[int, ...]
    allocation_copies: int
    delivery_days: tuple[int, ...]
    delivery_copies: int
    accession_copies: int
    accession_barcoded: int


PACES = {
    "zhanjiang": Pace("ZJ", (5, 14), 600, (3, 8), 780, 5000, 300),
    "hongshan": Pace("HS", (10,), 240, (), 0, 1500, 0),
    "changping": Pace("CP", (12,), 200, (), 0, 1000, 0),
}
