"""Counted lots by what people call them: a title, a category, or the pinyin initials of either."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, BatchScan, Holding, Lot

SUGGESTED = 500
"""Names offered while somebody types."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted lot at a place: copies (册) that stand there, and those that the batch asks for already."""

    lot_id: int
    title: str
    category: str | None
    initials: str
    there: int
    listed: int

    @property
    def name(self) -> str:
        """What it is called in a list: the title, with the category where that says more."""
        return name_of(self.title, self.category)

    @property
    def free(self) -> int:
        """Copies (册) that may still be added."""
        return max(self.there - self.listed, 0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that may be typed, its pinyin initials, and how many copies (册) stand there under it."""

    name: str
    initials: str
    there: int


def name_of(title: str, category: str | None) -> str:
    """A title with its category, as both are written in Chinese."""
    return f"{title}（{category}）" if category and category != title else title


def one_name(lots: list[Counted], text: str) -> list[Counted]:
    """The lots, where they all go by one name. Raises NotFound("counted_unknown"), Conflict("counted_several")."""
    names = list(dict.fromkeys(lot.name for lot in lots))
    if not names:
        raise NotFound("counted_unknown", text=text)
    if len(names) > 1:
        raise Conflict("counted_several", text=text, names=names)
    return lots


def counted_there(batch: Batch, text: str) -> list[Counted]:
    """The counted lots where the batch starts that a text means, the oldest first; several names where it is unclear.

    The best fit wins: the whole name, the title, the category, the initials; only then what has the text in it.
    """
    asked = text.strip()
    return _best(_rows(batch, asked), asked)


def counted_on(batch: Batch, text: str) -> list[Counted]:
    """The same among the counted lots on the lines of a return; ``listed`` is what was counted back of each."""
    asked = text.strip()
    scanned = (
        select(BatchScan.quantity)
        .where(
            BatchScan.network_id == batch.network_id,
            BatchScan.batch_id == batch.id,
            BatchScan.lot_id == Lot.id,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Lot.id,
            Lot.title,
            Lot.category,
            Lot.initials,
            func.sum(BatchLine.quantity),
            func.coalesce(scanned, 0),
        )
        .join(BatchLine, and_(BatchLine.network_id == Lot.network_id, BatchLine.lot_id == Lot.id))
        .where(BatchLine.network_id == batch.network_id, BatchLine.batch_id == batch.id, Lot.serial.is_(False))
        .group_by(Lot.id, Lot.title, Lot.category, Lot.initials)
        .order_by(Lot.id)
    )
    return _best(
        [
            Counted(lot_id, title, category, initials, int(there), int(listed))
            for lot_id, title, category, initials, there, listed in rows
        ],
        asked,
    )


def _best(rows: list[Counted], asked: str) -> list[Counted]:
    """What a text means of these: the first way of fitting that fits anything."""
    for fits in _FITS:
        found = [row for row in rows if fits(row, asked)]
        if found:
            return found
    return []


_FITS: Sequence[Callable[[Counted, str], bool]] = (
    lambda lot, asked: lot.name == asked,
    lambda lot, asked: lot.title == asked,
    lambda lot, asked: lot.category == asked,
    lambda lot, asked: lot.initials == asked.lower(),
    lambda lot, asked: asked in lot.name,
    lambda lot, asked: lot.initials.startswith(asked.lower()),
)


def _rows(batch: Batch, asked: str) -> list[Counted]:
    listed = (
        select(func.sum(BatchLine.quantity))
        .where(
            BatchLine.network_id == batch.network_id,
            BatchLine.batch_id == batch.id,
            BatchLine.lot_id == Lot.id,
        )
        .scalar_subquery()
    )
    title = asked.partition("（")[0]
    rows = db.session.execute(
        select(Lot.id, Lot.title, Lot.category, Lot.initials, Holding.quantity, func.coalesce(listed, 0))
        .join(Holding, and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id))
        .where(
            Lot.network_id == batch.network_id,
            Lot.serial.is_(False),
            Holding.place_id == batch.from_place_id,
            Holding.quantity > 0,
            or_(
                Lot.title.contains(title, autoescape=True),
                Lot.category == asked,
                Lot.initials.startswith(asked.lower(), autoescape=True),
            ),
        )
        .order_by(Lot.id)
    )
    return [
        Counted(lot_id, title, category, initials, there, int(listed))
        for lot_id, title, category, initials, there, listed in rows
    ]


def suggestions(network_id: int, place_id: int) -> list[Suggestion]:
    """The names of the counted lots that a place holds, by their initials."""
    rows = db.session.execute(
        select(Lot.title, Lot.category, Lot.initials, func.sum(Holding.quantity))
        .join(Holding, and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id))
        .where(
            Lot.network_id == network_id,
            Lot.serial.is_(False),
            Holding.place_id == place_id,
            Holding.quantity > 0,
        )
        .group_by(Lot.title, Lot.category, Lot.initials)
        .order_by(Lot.initials, Lot.title)
        .limit(SUGGESTED)
    )
    return [Suggestion(name_of(title, category), initials, int(there)) for title, category, initials, there in rows]
