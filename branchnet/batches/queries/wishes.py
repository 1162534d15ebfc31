"""Wishes for the next box, as staff and teachers see them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Person, Wish

LISTED = 50
"""Open wishes that a page lists."""


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish of a point: age, kind, number (册), a word; and the batch that was made up for it."""

    id: int
    point_id: int
    age: str | None
    kind: str | None
    number: int | None
    note: str | None
    said_at: datetime
    person: str | None
    closed_on: date | None
    batch: str | None


def open_wishes(network_id: int, point_id: int | None = None) -> list[WishRow]:
    """The wishes that nobody has taken up, of a network or of one point; the oldest first."""
    query = _wishes(network_id).where(Wish.closed_on.is_(None)).order_by(Wish.id).limit(LISTED)
    if point_id is not None:
        query = query.where(Wish.point_id == point_id)
    return [WishRow(*row) for row in db.session.execute(query)]


def wishes_since(network_id: int, point_id: int, day: date) -> list[WishRow]:
    """The wishes of a point as its teacher sees them: open ones, and those closed since a day; the newest first."""
    query = _wishes(network_id).where(Wish.point_id == point_id, or_(Wish.closed_on.is_(None), Wish.closed_on >= day))
    return [WishRow(*row) for row in db.session.execute(query.order_by(Wish.id.desc()).limit(LISTED))]


def wishes_of(network_id: int, batch_id: int) -> list[WishRow]:
    """The wishes that a batch was made up for."""
    return [WishRow(*row) for row in db.session.execute(_wishes(network_id).where(Wish.batch_id == batch_id))]


def one_wish(network_id: int, wish_id: int) -> WishRow:
    """A wish. Raises NotFound."""
    row = db.session.execute(_wishes(network_id).where(Wish.id == wish_id)).one_or_none()
    if row is None:
        raise NotFound(wish_id=wish_id)
    return WishRow(*row)


def _wishes(network_id: int) -> Rows:
    return (
        select(
            Wish.id,
            Wish.point_id,
            Wish.age,
            Wish.kind,
            Wish.number,
            Wish.note,
            Wish.said_at,
            Person.display_name,
            Wish.closed_on,
            Batch.number,
        )
        .outerjoin(Person, and_(Person.network_id == Wish.network_id, Person.id == Wish.said_by))
        .outerjoin(Batch, and_(Batch.network_id == Wish.network_id, Batch.id == Wish.batch_id))
        .where(Wish.network_id == network_id)
    )
