"""What stands at a point now, by title: barcoded copies and counted lots of one title together."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select

from branchnet.coverage.rules import QUALITIES
from branchnet.extensions import db
from branchnet.models import Holding, Lot

PAGE = 20


@dataclass(frozen=True, slots=True)
class TitleHere:
    """A title (种) at a place: its copies (册), how many of them have a barcode, and how well the number is known."""

    title: str
    author: str | None
    copies: int
    barcoded: int
    quality: str


def titles_at(network_id: int, place_id: int, page: int = 1, size: int = PAGE) -> tuple[list[TitleHere], int]:
    """A page of titles, those with the most copies first, and how many there are. One statement."""
    copies, rank = func.sum(Holding.quantity), {name: place for place, name in enumerate(QUALITIES)}
    rows = db.session.execute(
        select(
            Lot.title,
            Lot.author,
            copies,
            func.sum(case((Holding.serial, Holding.quantity), else_=0)),
            func.max(case(rank, value=Lot.quality)),
            func.count().over(),
        )
        .join(Lot, and_(Lot.network_id == Holding.network_id, Lot.id == Holding.lot_id))
        .where(Holding.network_id == network_id, Holding.place_id == place_id, Holding.quantity > 0)
        .group_by(Lot.title, Lot.author)
        .order_by(copies.desc(), func.min(Lot.initials), func.min(Lot.id))
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    found = [
        TitleHere(title, author, int(number), int(barcoded), QUALITIES[rank])
        for title, author, number, barcoded, rank, _count in rows
    ]
    return found, int(rows[0][-1]) if rows else 0
