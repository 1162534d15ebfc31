"""Finding copies: by barcode, title, author, ISBN or pinyin initials, and what stands at a point.

The number of statements never grows with the rows. One letter or character is looked for at the beginning only, and
nothing is counted further than `COUNTED_TO`: a question that says little must not read every book there is.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, exists, func, literal, or_, select
from stdnum import isbn

from branchnet.access.scope import within
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Holding, Lot, Network
from branchnet.stock.rules import worst_quality

PAGE = 50
"""Copies on one page."""
COUNTED_TO = 1_000
"""Further than this nobody counts what a search finds."""
EXPORTED_TO = 100_000
"""Rows of one export."""
LONGEST = 60
"""Characters of what is searched for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A copy or counted lot, with the columns that lists of books show. ``price_fen``: list price of one, in fen."""

    id: int
    network_id: int
    network: str
    serial: bool
    barcode: str | None
    title: str
    author: str | None
    publisher: str | None
    isbn: str | None
    category: str | None
    call_number: str | None
    year: int | None
    price_fen: int | None
    quality: str
    quantity: int
    """Copies (册) at the place that was asked about; 0 where none was: then its standings tell (see `lives`)."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What stands somewhere: lots, 册, their list prices in fen, and how many 册 have none; how well 册 are known."""

    lots: int
    copies: int
    worth_fen: int
    unpriced: int
    quality: str


def normal(text: str) -> str:
    """What somebody typed or scanned, as it is looked for: full-width letters narrow, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip()[:LONGEST]


def isbns(text: str) -> list[str]:
    """Both ways of writing an ISBN, where the text is one: 13 digits, and 10 where there are such."""
    bare = "".join(text.split()).replace("-", "").upper()
    if not isbn.is_valid(bare):
        return []
    return [bare, *(other for other in _others(bare) if other != bare)]


def _others(bare: str) -> list[str]:
    if isbn.isbn_type(bare) == "ISBN10":
        return [isbn.to_isbn13(bare)]
    return [isbn.to_isbn10(bare)] if bare.startswith("978") else []


def copies_with_barcode(networks: Iterable[int], barcode: str) -> list[int]:
    """The copies that carry exactly this barcode: one in a network, perhaps one more in another."""
    wanted = select(Lot.id).where(Lot.barcode == barcode)
    return list(db.session.scalars(within(wanted, Lot, networks).order_by(Lot.network_id)))


def copies_found(networks: Iterable[int], text: str, page: int = 1, size: int = PAGE) -> tuple[list[Found], int]:
    """A page of what a text finds, first what begins with it, then by pinyin; and how many, counted to `COUNTED_TO`."""
    wanted = sorted(networks)
    told = told_as(text)
    rows = db.session.execute(
        within(_columns(literal(0)), Lot, wanted)
        .where(told)
        .order_by(*_nearest(text), Lot.initials, Lot.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    some = within(select(Lot.id), Lot, wanted).where(told).limit(COUNTED_TO + 1).subquery()
    count = db.session.execute(select(func.count()).select_from(some)).scalar_one()
    return [Found(*row) for row in rows], int(count)


def _nearest(text: str) -> list[ColumnElement[int]]:
    """What is called so exactly, then what begins so, then the rest: xyj is 西游记 before 桥下一家人."""
    if len(text) < 2:
        return []
    exactly = or_(Lot.title == text, Lot.initials == text.lower())
    begins = or_(Lot.title.istartswith(text, autoescape=True), Lot.initials.startswith(text.lower(), autoescape=True))
    return [case((exactly, 0), (begins, 1), else_=2)]


def told_as(text: str) -> ColumnElement[bool]:
    """Lots that a text may mean. Blanks part words that all must match; an ISBN is one however it is written."""
    if len(text) < 2:
        return or_(Lot.title.istartswith(text, autoescape=True), Lot.initials.startswith(text.lower(), autoescape=True))
    told = and_(*(_word(word) for word in text.split()))
    return or_(told, Lot.isbn.in_(numbers)) if (numbers := isbns(text)) else told


def _word(word: str) -> ColumnElement[bool]:
    """Lots of which one word is told. Among others one letter or digit alone says nothing of initials or barcodes."""
    ways = [Lot.title.icontains(word, autoescape=True), Lot.author.icontains(word, autoescape=True)]
    if len(word) > 1:
        ways += [
            Lot.initials.contains(word.lower(), autoescape=True),
            Lot.barcode.istartswith(word, autoescape=True),
        ]
    return or_(*ways)


def books_at(
    network_id: int, place_id: int, text: str = "", page: int = 1, size: int = PAGE
) -> tuple[list[Found], Sums]:
    """A page of what stands at a place, by pinyin, and the sums of all that the text leaves."""
    conditions = [Holding.network_id == network_id, Holding.place_id == place_id, Holding.quantity > 0]
    if text:
        conditions.append(or_(told_as(text), _in_batch(text)))
    here = and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id)
    rows = db.session.execute(
        _columns(Holding.quantity)
        .join(Holding, here)
        .where(*conditions)
        .order_by(Lot.initials, Lot.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    return [Found(*row) for row in rows], _sums(select().select_from(Lot).join(Holding, here).where(*conditions))


def _in_batch(number: str) -> ColumnElement[bool]:
    """Lots that were on the lines of the batch of exactly this number."""
    return exists(
        select(BatchLine.id)
        .join(Batch, and_(Batch.network_id == BatchLine.network_id, Batch.id == BatchLine.batch_id))
        .where(BatchLine.network_id == Lot.network_id, BatchLine.lot_id == Lot.id, Batch.number == number)
    )


def _sums(query: Any) -> Sums:
    copies = Holding.quantity
    columns = (
        func.count(Lot.id),
        _whole(func.sum(copies)),
        _whole(func.sum(copies * cast(Lot.price_fen, BigInteger))),
        _whole(func.sum(case((Lot.price_fen.is_(None), copies), else_=0))),
        func.max(case((Lot.quality == "estimated", 2), (Lot.quality == "at_least", 1), else_=0)),
    )
    lots, held, worth, unpriced, worst = db.session.execute(query.add_columns(*columns)).one()
    return Sums(lots, held, worth, unpriced, worst_quality([("exact", "at_least", "estimated")[worst or 0]]))


def _whole(value: Any) -> Any:
    return cast(func.coalesce(value, 0), BigInteger)


def _columns(quantity: Any) -> Rows:
    return (
        select(
            Lot.id,
            Lot.network_id,
            Network.slug,
            Lot.serial,
            Lot.barcode,
            Lot.title,
            Lot.author,
            Lot.publisher,
            Lot.isbn,
            Lot.category,
            Lot.call_number,
            Lot.year,
            Lot.price_fen,
            Lot.quality,
            cast(quantity, Integer),
        )
        .select_from(Lot)
        .join(Network, Network.id == Lot.network_id)
    )
