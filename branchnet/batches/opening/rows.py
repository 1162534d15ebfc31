"""One row of a ledger: what it says, and what is wrong with it. Pure."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from branchnet.batches.opening import cells as read
from branchnet.batches.opening.headings import SHELF
from branchnet.points.datum import Datum
from branchnet.points.rules import CODE, degrees_problem
from branchnet.stock.lists.cells import Unreadable, count_of, day_of, text_of
from branchnet.stock.lists.headings import plain
from branchnet.stock.lists.reading import Cell
from branchnet.stock.lists.rows import SHOWN, Problem, Row
from branchnet.stock.rules import NewLot

LONGEST_NAME, LONGEST_PHONE = 100, 20


@dataclass(frozen=True, slots=True)
class Named:
    """What a row calls a point: by its code, by its name, or both."""

    code: str = ""
    name: str = ""

    @property
    def shelf(self) -> bool:
        """Whether the central library's own shelf is meant."""
        return not self.code and plain(self.name) in SHELF

    @property
    def told(self) -> str:
        """As a person reads it."""
        return " ".join(filter(None, (self.name, self.code)))


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point as a row of the sheet of points has it; ``opened_on`` is empty where the ledger does not know."""

    number: int
    named: Named
    kind: str | None = None
    host: str | None = None
    town: str = ""
    lat: float | None = None
    lon: float | None = None
    datum: Datum | None = None
    opened_on: date | None = None
    community: bool = False
    pupils: int | None = None
    teacher: str = ""
    phone: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class BookRow:
    """Books as a row has them: where they are, and for a delivery when they were sent and are due back."""

    row: Row
    named: Named
    sent_on: date | None = None
    due_back_on: date | None = None

    @property
    def lot(self) -> NewLot:
        """The book."""
        return self.row.lot


class Cells:
    """One row while it is read, with what is wrong with it."""

    def __init__(self, row: Sequence[Cell], fields: Mapping[str, int]) -> None:
        self.row, self.fields = row, fields
        self.problems: list[Problem] = []

    def at(self, name: str) -> Cell:
        """The cell of a field."""
        column = self.fields.get(name)
        return self.row[column] if column is not None and column < len(self.row) else ""

    def text(self, name: str, longest: int) -> str:
        """A text of at most so many characters."""
        text = unicodedata.normalize("NFKC", text_of(self.at(name)))
        if len(text) > longest:
            self.problems.append(Problem("opening_long", name, text[:SHOWN], (longest,)))
        return text[:longest]

    def take(self, name: str, reader: Callable[[Cell], Any]) -> Any:
        """What a reader makes of a cell; None where it cannot, which is noted."""
        try:
            return reader(self.at(name))
        except Unreadable as error:
            self.problems.append(Problem(error.code, name, text_of(self.at(name))[:SHOWN]))
            return None

    def named(self) -> Named:
        """Which point is meant."""
        code = self.text("code", 40)
        name = self.text("point", LONGEST_NAME) if self.fields.get("point") != self.fields.get("code") else ""
        if not code and not name:
            self.problems.append(Problem("required", "point"))
        return Named(code, name)


def point_of(number: int, cells: Cells) -> PointRow:
    """What a row of the sheet of points says."""
    named = cells.named()
    if named.code and not CODE.fullmatch(named.code):
        cells.problems.append(Problem("point_code", "code", named.code))
    lat = cells.take("lat", lambda cell: read.degrees_of(cell, 180))
    lon = cells.take("lon", lambda cell: read.degrees_of(cell, 180))
    wrong = degrees_problem(lat, lon)
    if wrong and not any(one.code == "degrees" for one in cells.problems):
        field, code = wrong
        cells.problems.append(Problem(code, field, "" if lat is None or lon is None else f"{lat:g}"))
    return PointRow(
        number=number,
        named=named,
        kind=cells.take("kind", lambda cell: read.one_of(cell, read.KINDS, "point_kind")),
        host=cells.take("host", lambda cell: read.one_of(cell, read.HOSTS, "point_host")),
        town=cells.text("town", LONGEST_NAME),
        lat=lat,
        lon=lon,
        datum=cells.take("datum", lambda cell: read.one_of(cell, read.DATUMS, "datum")),
        opened_on=cells.take("opened_on", day_of),
        community=bool(cells.take("community", lambda cell: read.one_of(cell, read.YES_NO, "yes_no"))),
        pupils=cells.take("pupils", _pupils),
        teacher=cells.text("teacher", 40),
        phone=cells.text("phone", LONGEST_PHONE),
        problems=tuple(cells.problems),
    )


def _pupils(cell: Cell) -> int | None:
    text = text_of(cell).removesuffix("人").removesuffix("名")
    return 0 if text in ("0", "0.0") else count_of(text)


def books_of(row: Row, cells: Cells, quality: str | None, delivery: bool) -> BookRow:
    """What a row says about books beyond what every list says: where they are, and how well they are counted."""
    named = cells.named()
    sent_on = due = None
    if delivery:
        sent_on, due = cells.take("sent_on", day_of), cells.take("due_back_on", day_of)
        if sent_on is None and not any(one.field == "sent_on" for one in cells.problems):
            cells.problems.append(Problem("required", "sent_on"))
    cells.take("quality", lambda cell: read.one_of(cell, read.QUALITIES, "quality"))
    lot = row.lot if quality is None else replace(row.lot, quality=quality)
    return BookRow(replace(row, lot=lot).wrong(*cells.problems), named, sent_on, due)
