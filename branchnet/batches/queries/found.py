"""Books of others found among ours, as they are listed until they went home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from branchnet.access.scope import within
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, FoundItem, Network, Person

FOUND_PAGE = 50


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A book that is not ours (册 by ``quantity``): what stands on it, whose it is, in which return it was found."""

    id: int
    network_id: int
    network: str
    code: str | None
    title: str | None
    whose: str | None
    quantity: int
    found_on: date
    person: str | None
    batch: str | None
    note: str | None
    closed_on: date | None
    outcome: str | None


def found_items(
    networks: Iterable[int], *, closed: bool, page: int = 1, size: int = FOUND_PAGE
) -> tuple[list[FoundRow], int]:
    """A page of found books, open ones with the oldest first or closed ones with the newest first, and how many."""
    wanted = FoundItem.closed_on.is_not(None) if closed else FoundItem.closed_on.is_(None)
    order = (FoundItem.closed_on.desc(), FoundItem.id.desc()) if closed else (FoundItem.found_on, FoundItem.id)
    rows = db.session.execute(
        within(_columns(), FoundItem, networks)
        .where(wanted)
        .order_by(*order)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    count = within(select(func.count(FoundItem.id)), FoundItem, networks).where(wanted)
    return [FoundRow(*row) for row in rows], int(db.session.execute(count).scalar_one())


def found_in(network_id: int, batch_id: int) -> int:
    """Books of others (册) found in a return."""
    found = select(func.sum(FoundItem.quantity)).where(
        FoundItem.network_id == network_id, FoundItem.batch_id == batch_id
    )
    return int(db.session.scalar(found) or 0)


def _columns() -> Rows:
    return (
        select(
            FoundItem.id,
            FoundItem.network_id,
            Network.slug,
            FoundItem.code,
            FoundItem.title,
            FoundItem.whose,
            FoundItem.quantity,
            FoundItem.found_on,
            Person.display_name,
            Batch.number,
            FoundItem.note,
            FoundItem.closed_on,
            FoundItem.outcome,
        )
        .select_from(FoundItem)
        .join(Network, Network.id == FoundItem.network_id)
        .outerjoin(Person, and_(Person.network_id == FoundItem.network_id, Person.id == FoundItem.found_by))
        .outerjoin(Batch, and_(Batch.network_id == FoundItem.network_id, Batch.id == FoundItem.batch_id))
    )
