"""What papers read: all lines of a batch, what goes along, what boxes are called. A few statements each."""

from dataclasses import dataclass

from sqlalchemy import Integer, and_, cast, func, select

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import BatchGoods, BatchLine, Box, Lot, Person


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as papers list it. ``box``: 0 is what lies loose; ``price_fen``: of one copy, None where unknown."""

    box: int
    title: str
    author: str | None
    barcode: str | None
    call_number: str | None
    property_number: str | None
    quantity: int
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class Good:
    """What goes along and is no book: so many of a unit, or nobody counted (None)."""

    name: str
    number: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """A box, what its QR says, and how many copies (册) are in it."""

    number: int
    text: str
    copies: int


def paper_lines(network_id: int, batch_id: int, box: int | None = None) -> list[PaperLine]:
    """The lines of a batch in the order they were packed, box by box, what lies loose last; or of one box."""
    number = func.coalesce(Box.number, 0)
    query: Rows = (
        select(
            number,
            Lot.title,
            Lot.author,
            Lot.barcode,
            Lot.call_number,
            Lot.property_number,
            BatchLine.quantity,
            Lot.price_fen,
        )
        .select_from(BatchLine)
        # The keys hold a line, its lot and its box in one network. Asked for once more, the network would make
        # PostgreSQL look through all lots for every line as long as it has no statistics: 1.6 s for 3,300 lines.
        .join(Lot, Lot.id == BatchLine.lot_id)
        .outerjoin(Box, Box.id == BatchLine.box_id)
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .order_by(number == 0, number, BatchLine.id)
    )
    if box is not None:
        query = query.where(number == box)
    return [PaperLine(*row) for row in db.session.execute(query)]


def boxes_of(network_id: int, batch_id: int) -> int:
    """How many boxes (箱) a batch is packed in."""
    boxes = select(func.count(Box.id)).where(Box.network_id == network_id, Box.batch_id == batch_id, Box.number > 0)
    return db.session.execute(boxes).scalar_one()


def copies_of(network_id: int, batch_id: int) -> int:
    """How many copies (册) stand on the lines of a batch."""
    copies = select(func.coalesce(func.sum(BatchLine.quantity), 0)).where(
        BatchLine.network_id == network_id, BatchLine.batch_id == batch_id
    )
    return int(db.session.execute(copies).scalar_one())


def goods_along(network_id: int, batch_id: int) -> list[Good]:
    """What goes along with a batch, in the order it was entered."""
    rows = db.session.execute(
        select(BatchGoods.name, BatchGoods.number, BatchGoods.unit)
        .where(BatchGoods.network_id == network_id, BatchGoods.batch_id == batch_id)
        .order_by(BatchGoods.id)
    )
    return [Good(*row) for row in rows]


def labels_of(network_id: int, batch_id: int) -> list[BoxLabel]:
    """The boxes of a batch by number, empty ones too."""
    copies = func.coalesce(func.sum(BatchLine.quantity), 0)
    rows = db.session.execute(
        select(Box.number, Box.label, cast(copies, Integer))
        .outerjoin(BatchLine, and_(BatchLine.network_id == Box.network_id, BatchLine.box_id == Box.id))
        .where(Box.network_id == network_id, Box.batch_id == batch_id, Box.number > 0)
        .group_by(Box.number, Box.label)
        .order_by(Box.number)
    )
    return [BoxLabel(*row) for row in rows]


def phone_of(network_id: int, person_id: int) -> str | None:
    """The telephone number of a member of staff, where they gave one: it stands on a letter they write."""
    return db.session.scalar(select(Person.phone).where(Person.network_id == network_id, Person.id == person_id))
