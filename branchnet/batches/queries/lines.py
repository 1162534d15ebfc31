"""All lines of a batch with all that is known of their books, for a list that leaves as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, select

from branchnet.extensions import db
from branchnet.models import BatchLine, Box, Lot

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class FullLine:
    """A line: its box (None: loose), its book, its copies (册). ``price_fen``: list price of one, in fen."""

    box: int | None
    title: str
    barcode: str | None
    author: str | None
    publisher: str | None
    isbn: str | None
    call_number: str | None
    category: str | None
    year: int | None
    price_fen: int | None
    quantity: int


def lines_in_full(network_id: int, batch_id: int) -> Iterator[FullLine]:
    """The lines by box and in the order they were added, read as they are asked for; what is loose comes last."""
    rows = db.session.execute(
        select(
            Box.number,
            Lot.title,
            Lot.barcode,
            Lot.author,
            Lot.publisher,
            Lot.isbn,
            Lot.call_number,
            Lot.category,
            Lot.year,
            Lot.price_fen,
            BatchLine.quantity,
        )
        .select_from(BatchLine)
        .join(Lot, and_(Lot.network_id == BatchLine.network_id, Lot.id == BatchLine.lot_id))
        .outerjoin(Box, and_(Box.network_id == BatchLine.network_id, Box.id == BatchLine.box_id))
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .order_by(Box.number.is_(None), Box.number == 0, Box.number, BatchLine.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for number, *rest in rows:
        yield FullLine(number or None, *rest)
