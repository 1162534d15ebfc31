"""The lines of a batch while it is picked: page by page, the last added first."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, case, cast, func, or_, select

from branchnet.batches.queries.one import BoxRow
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Lot, Person
from branchnet.stock.queries import ids_of_copies
from branchnet.stock.rules import barcode_of

LINES_PAGE = 50
"""Lines on one page."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line: which copy or counted lot, how many copies (册), in which box (None: loose), and who added it."""

    id: int
    title: str
    author: str | None
    barcode: str | None
    call_number: str | None
    quantity: int
    box: int | None
    person: str | None
    lot_id: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A network's own batch, as far as picking needs it."""

    id: int
    network_id: int
    number: str
    state: str
    from_place_id: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a batch: copies (册) in all and by box, of them scanned; lines; and a stamp that changes with them."""

    boxes: list[BoxRow]
    copies: int
    scanned: int
    lines: int
    stamp: str

    def in_box(self, number: int | None) -> int:
        """Copies (册) in one box; without a number, what lies loose."""
        return next((box.copies for box in self.boxes if (box.number or None) == (number or None)), 0)


def draft_of(network_id: int, number: str) -> Draft:
    """A network's batch by its number. Raises NotFound: another network's number is nobody's business here."""
    row = db.session.execute(
        select(Batch.id, Batch.network_id, Batch.number, Batch.state, Batch.from_place_id).where(
            Batch.network_id == network_id, Batch.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(number=number)
    return Draft(*row)


def contents_of(network_id: int, batch_id: int, state: str) -> Contents:
    """Boxes by number, empty ones too, and last what lies loose. Two statements, of the lines' own table alone."""
    lines = db.session.execute(
        select(
            BatchLine.box_id,
            func.count(BatchLine.id).label("lines"),
            cast(func.sum(BatchLine.quantity), Integer).label("copies"),
            cast(func.sum(case((BatchLine.serial, 1), else_=0)), Integer).label("scanned"),
            func.max(BatchLine.added_at).label("last"),
        )
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .group_by(BatchLine.box_id)
    ).all()
    boxes = db.session.execute(
        select(Box.id, Box.number).where(Box.network_id == network_id, Box.batch_id == batch_id).order_by(Box.number)
    ).all()
    inside = {row.box_id: row for row in lines}
    rows = [BoxRow(box.number, inside[box.id].copies if box.id in inside else 0) for box in boxes]
    loose = [BoxRow(None, inside[None].copies)] if None in inside else []
    sums = sorted((row.box_id or 0, row.lines, row.copies, str(row.last)) for row in lines)
    return Contents(
        boxes=rows + loose,
        copies=sum(row.copies for row in lines),
        scanned=sum(row.scanned for row in lines),
        lines=sum(row.lines for row in lines),
        stamp=f"{zlib.crc32(repr((state, len(boxes), sums)).encode()):08x}",
    )


def last_lines(network_id: int, batch_id: int, size: int) -> list[LineRow]:
    """The lines added last, newest first: looked up by themselves, before anything is joined to them."""
    last = (
        select(BatchLine.id)
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .order_by(BatchLine.id.desc())
        .limit(size)
        .subquery()
    )
    rows = db.session.execute(_lines().join(last, last.c.id == BatchLine.id).order_by(BatchLine.id.desc()))
    return [LineRow(*row) for row in rows]


def barcodes_of(network_id: int, batch_id: int) -> list[str]:
    """The barcodes of a batch, box by box, in the order they were added; what nobody barcoded has none."""
    rows = db.session.scalars(
        _joined(select(Lot.barcode))
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id, BatchLine.serial)
        .order_by(func.coalesce(Box.number, 0), BatchLine.id)
    )
    return [barcode for barcode in rows if barcode is not None]


def lines_of(
    network_id: int, batch_id: int, page: int = 1, box: int | None = None, text: str = "", size: int = LINES_PAGE
) -> tuple[list[LineRow], int]:
    """A page of lines, the last added first, and how many there are; of one box (0: loose) or of all."""
    conditions = [BatchLine.network_id == network_id, BatchLine.batch_id == batch_id]
    if box is not None:
        conditions.append(or_(BatchLine.box_id.is_(None), Box.number == 0) if box == 0 else Box.number == box)
    # Blanks part words that all must match.
    conditions += [
        or_(
            Lot.barcode.contains(word, autoescape=True),
            Lot.title.contains(word, autoescape=True),
            Lot.initials.contains(word.lower(), autoescape=True),
        )
        for word in text.split()
    ]
    rows = db.session.execute(
        _lines().where(*conditions).order_by(BatchLine.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    )
    total = db.session.execute(_joined(select(func.count(BatchLine.id))).where(*conditions)).scalar_one()
    return [LineRow(*row) for row in rows], int(total)


def _lines() -> Rows:
    """The columns of LineRow."""
    return _joined(
        select(
            BatchLine.id,
            Lot.title,
            Lot.author,
            Lot.barcode,
            Lot.call_number,
            BatchLine.quantity,
            Box.number,
            Person.display_name,
            BatchLine.lot_id,
        )
    ).outerjoin(Person, Person.id == BatchLine.added_by)


def _joined(query: Rows) -> Rows:
    # By id alone, which the keys hold to one network: told both, PostgreSQL may look through a whole network's lots
    # for every line while it has not counted them yet.
    return query.select_from(BatchLine).join(Lot, Lot.id == BatchLine.lot_id).outerjoin(Box, Box.id == BatchLine.box_id)


def line_of_copy(network_id: int, batch_id: int, lot_id: int) -> int:
    """The line of a copy that was just added."""
    return db.session.execute(
        select(BatchLine.id).where(
            BatchLine.network_id == network_id, BatchLine.batch_id == batch_id, BatchLine.lot_id == lot_id
        )
    ).scalar_one()


def named_lots(network_id: int, barcodes: Sequence[str]) -> dict[int, int]:
    """One copy each of these barcodes, by lot. Raises NotFound("barcode_unknown") for the first that is unknown."""
    asked = [barcode_of(barcode) for barcode in barcodes]
    known = ids_of_copies(network_id, asked)
    for barcode in asked:
        if barcode not in known:
            raise NotFound("barcode_unknown", barcode=barcode)
    return {known[barcode]: 1 for barcode in asked}
