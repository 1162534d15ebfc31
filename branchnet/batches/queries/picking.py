"""The lines of a batch while it is picked: page by page, the last added first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import BatchLine, Box, Lot, Person

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


def lines_of(
    network_id: int, batch_id: int, page: int = 1, box: int | None = None, text: str = "", size: int = LINES_PAGE
) -> tuple[list[LineRow], int]:
    """A page of lines, the last added first, and how many there are; of one box (0: loose) or of all."""
    conditions = [BatchLine.network_id == network_id, BatchLine.batch_id == batch_id]
    if box is not None:
        conditions.append(or_(BatchLine.box_id.is_(None), Box.number == 0) if box == 0 else Box.number == box)
    if text:
        conditions.append(
            or_(
                Lot.barcode.contains(text, autoescape=True),
                Lot.title.contains(text, autoescape=True),
                Lot.initials.contains(text.lower(), autoescape=True),
            )
        )
    rows = db.session.execute(
        _joined(
            select(
                BatchLine.id,
                Lot.title,
                Lot.author,
                Lot.barcode,
                Lot.call_number,
                BatchLine.quantity,
                Box.number,
                Person.display_name,
            )
        )
        .outerjoin(Person, and_(Person.network_id == BatchLine.network_id, Person.id == BatchLine.added_by))
        .where(*conditions)
        .order_by(BatchLine.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    total = db.session.execute(_joined(select(func.count(BatchLine.id))).where(*conditions)).scalar_one()
    return [LineRow(*row) for row in rows], int(total)


def _joined(query: Rows) -> Rows:
    return (
        query.select_from(BatchLine)
        .join(Lot, and_(Lot.network_id == BatchLine.network_id, Lot.id == BatchLine.lot_id))
        .outerjoin(Box, and_(Box.network_id == BatchLine.network_id, Box.id == BatchLine.box_id))
    )


def line_of_copy(network_id: int, batch_id: int, lot_id: int) -> int:
    """The line of a copy that was just added."""
    return db.session.execute(
        select(BatchLine.id).where(
            BatchLine.network_id == network_id, BatchLine.batch_id == batch_id, BatchLine.lot_id == lot_id
        )
    ).scalar_one()


def named_lots(network_id: int, barcodes: Sequence[str]) -> dict[int, int]:
    """One copy each of these barcodes, by lot. Raises NotFound("barcode_unknown") for the first that is unknown."""
    rows = db.session.execute(
        select(Lot.barcode, Lot.id).where(Lot.network_id == network_id, Lot.barcode.in_(barcodes))
    )
    known = {row.barcode: row.id for row in rows}
    for barcode in barcodes:
        if barcode not in known:
            raise NotFound("barcode_unknown", barcode=barcode)
    return {known[barcode]: 1 for barcode in barcodes}
