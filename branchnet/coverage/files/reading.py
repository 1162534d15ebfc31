"""A file's sheet → rows of places, each with what is wrong with it by column. Pure: what the books know is later."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from branchnet.batches.opening.cells import DATUMS, degrees_of, one_of
from branchnet.coverage.files.headings import COLUMNS, KINDS, QUALITIES, URBAN_RURAL
from branchnet.errors import Invalid
from branchnet.points.communities.rules import CODE, whole_code
from branchnet.points.datum import Datum
from branchnet.points.rules import CODE as POINT_CODE
from branchnet.points.rules import degrees_problem
from branchnet.readings.files.reading import Problem, number_of
from branchnet.stock.lists import Limits, Sheet, Table
from branchnet.stock.lists.cells import Unreadable, text_of
from branchnet.stock.lists.headings import Guess, guess
from branchnet.stock.lists.reading import Cell

LIMITS = Limits(size=5_000_000, unpacked=50_000_000, sheets=20, rows=20_000)
ROWS_AT_MOST = 10_000
FIELDS = tuple(COLUMNS)
NEEDED, NEEDED_OF_POINTS = ("name", "kind"), ("lat", "lon")
"""Columns without which no row can be taken."""
OF_POINTS = ("code", "name", "lon", "lat", "datum", "quality")
"""What is read of a service point; the rest of its facts are changed on its own page."""
RETURNED = "为什么不能收"
"""The column that refused rows come back with; it is nobody's fact."""
NOT_READ = (RETURNED, "为什么作废")
"""Columns of our own files that tell of a row and change nothing."""
LONGEST = {"name": 100, "county": 40, "town": 40}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A row: its number as Excel counts, its cells as they came (by `FIELDS`), what they say, what is wrong."""

    number: int
    cells: tuple[Cell, ...]
    code: str
    name: str
    kind: str | None
    county: str | None
    town: str | None
    urban_rural: str | None
    children: int | None
    lat: float | None
    lon: float | None
    datum: Datum | None
    quality: str
    """How well its position is known, exactly unless it says otherwise."""
    problems: tuple[Problem, ...]


def rows_of(table: Table, points: bool) -> list[PlaceRow]:
    """The rows of the first sheet that has names; ``points``: they are service points, of which a code will do.

    Raises Invalid("places_no_sheet") where no sheet has the columns, "places_no_column" where a column is missing
    without which no row can be taken, "places_too_many".
    """
    sheet, seen = _sheet(table, points)
    missing = [field for field in (NEEDED_OF_POINTS if points else NEEDED) if field not in seen.columns]
    if missing:
        raise Invalid("places_no_column", columns=[COLUMNS[field][0] for field in missing])
    rows = list(_filled(sheet.rows, seen.heading_row))
    if len(rows) > ROWS_AT_MOST:
        raise Invalid("places_too_many", limit=ROWS_AT_MOST)
    return [_Row(cells, seen.columns, points).read(number) for number, cells in rows]


def not_understood(table: Table, points: bool) -> list[str]:
    """The headings of that sheet that no column is read by, or that another column has already."""
    sheet, seen = _sheet(table, points)
    used = {column for field, column in seen.columns.items() if not points or field in OF_POINTS}
    heads = enumerate(map(text_of, sheet.rows[seen.heading_row - 1]))
    return [head for column, head in heads if head and column not in used and head not in NOT_READ]


def _sheet(table: Table, points: bool) -> tuple[Sheet, Guess]:
    for sheet in table.sheets:
        seen = guess(sheet, COLUMNS)
        if "name" in seen.columns or (points and "code" in seen.columns):
            return sheet, seen
    raise Invalid("places_no_sheet")


def _filled(rows: Sequence[Sequence[Cell]], heading_row: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, cells in enumerate(rows[heading_row:], start=heading_row + 1):
        if any(text_of(cell) for cell in cells):
            yield number, cells


class _Row:
    """A row while it is read; what cannot be read is noted beside its column."""

    def __init__(self, cells: Sequence[Cell], columns: Any, points: bool) -> None:
        self.cells = tuple(
            cells[columns[field]] if columns.get(field, len(cells)) < len(cells) else "" for field in FIELDS
        )
        self.points = points
        self.problems: list[Problem] = []

    def read(self, number: int) -> PlaceRow:
        """What it says."""
        kind = self._kind()
        code = self._code(kind)
        lat, lon, datum = self._position()
        return PlaceRow(
            number=number,
            cells=self.cells,
            code=code,
            name=self._text("name"),
            kind=kind,
            county=self._text("county") or None,
            town=self._text("town") or None,
            urban_rural=None if self.points else self._take("urban_rural", _class_of),
            children=None if self.points else self._take("children", number_of),
            lat=lat,
            lon=lon,
            datum=datum,
            quality=self._take("quality", lambda cell: one_of(cell, QUALITIES, "position_quality")) or "exact",
            problems=tuple(self.problems),
        )

    def _at(self, field: str) -> Cell:
        return self.cells[FIELDS.index(field)]

    def _wrong(self, field: str, code: str, *facts: str) -> None:
        self.problems.append(Problem(field, code, facts))

    def _text(self, field: str) -> str:
        text = unicodedata.normalize("NFKC", text_of(self._at(field)))
        if len(text) > LONGEST[field]:
            self._wrong(field, "too_long")
        if field == "name" and not text and not self.points:
            self._wrong(field, "required")
        return text

    def _take(self, field: str, how: Any) -> Any:
        try:
            return how(self._at(field))
        except Unreadable as error:
            self._wrong(field, error.code)
            return None

    def _kind(self) -> str | None:
        if self.points:
            return None
        kind: str | None = self._take("kind", lambda cell: one_of(cell, KINDS, "community_kind"))
        if kind is None and not self.problems:
            self._wrong("kind", "required")
        return kind

    def _code(self, kind: str | None) -> str:
        code = unicodedata.normalize("NFKC", text_of(self._at("code"))).replace(" ", "")
        known = POINT_CODE if self.points else CODE
        if code and not known.fullmatch(code):
            self._wrong("code", "point_code" if self.points else "community_code")
        return code if self.points or kind is None else whole_code(kind, code)

    def _position(self) -> tuple[float | None, float | None, Datum | None]:
        before = len(self.problems)
        lat, lon = (self._take(field, lambda cell: degrees_of(cell, 180)) for field in ("lat", "lon"))
        datum: Datum | None = self._take("datum", lambda cell: one_of(cell, DATUMS, "datum"))
        if len(self.problems) > before:
            return None, None, None
        if problem := degrees_problem(lat, lon):
            self._wrong(*problem)
            return None, None, None
        if lat is None:
            if self.points:
                self._wrong("lat", "required")
            return None, None, None
        if datum is None:
            # Half a kilometre lies between what maps call the same degrees: nobody guesses.
            self._wrong("datum", "datum_needed")
        return lat, lon, datum


def _class_of(cell: Cell) -> str | None:
    return one_of(text_of(cell), URBAN_RURAL, "urban_rural")
