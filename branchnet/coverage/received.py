"""Batches that came, by the month in which they were received; and since when there are books in the ledger at all.

The facts count a delivery with its whole stay in the month of its collection (see ``history``): that is for rates. What
came in a month is told from the batches themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, func, select

from branchnet.access.scope import within
from branchnet.calendar.rules import bounds, month_of
from branchnet.coverage.history import brings_books
from branchnet.database import Rows
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch, ServicePoint

CANCELLED = "cancelled"


def received(networks: Iterable[int], first: str, last: str) -> Mapping[tuple[int, str], int]:
    """By network and month how many batches (批) points received. One statement."""
    query = _came(Batch.network_id, Batch.received_on, first=first, last=last).group_by(
        Batch.network_id, Batch.received_on
    )
    found: Counter[tuple[int, str]] = Counter()
    for network, day, number in db.session.execute(within(query, Batch, networks)):
        found[network, month_of(day)] += number
    return found


def received_at(network_id: int, point_id: int, first: str, last: str) -> Mapping[str, int]:
    """By month how many batches (批) a point received. One statement."""
    query = _came(Batch.received_on, first=first, last=last).where(ServicePoint.id == point_id)
    found: Counter[str] = Counter()
    for day, number in db.session.execute(within(query, Batch, [network_id]).group_by(Batch.received_on)):
        found[month_of(day)] += number
    return found


def received_by_point(networks: Iterable[int], first: str, last: str) -> Subquery:
    """By point how many batches (批) it received in these months, to be joined."""
    query = _came(ServicePoint.network_id, ServicePoint.id.label("point_id"), first=first, last=last)
    return within(query, Batch, networks).group_by(ServicePoint.network_id, ServicePoint.id).subquery()


def _came(*columns: Any, first: str, last: str) -> Rows:
    return (
        select(*columns, func.count().label("batches"))
        .select_from(Batch)
        .join(
            ServicePoint,
            and_(ServicePoint.network_id == Batch.network_id, ServicePoint.place_id == Batch.to_place_id),
        )
        .where(*brings_books(), Batch.received_on.between(bounds(first)[0], bounds(last)[1]))
    )


def records_begin(networks: Iterable[int]) -> str | None:
    """The month in which the first books of these networks were entered; None where none were. One statement.

    How many copies stood anywhere before it is not known, which is not the same as none. Of several networks it is the
    earliest month.
    """
    return min(ledger_began(networks).values(), default=None)


def in_ledger(networks: Iterable[int], month: str) -> str:
    """The month in which the first ledger of these begins. Raises Invalid where the month asked for is before it."""
    began = records_begin(networks) or month
    if month < began:
        raise Invalid("before_ledger", month=month, began=began)
    return began


def ledger_began(networks: Iterable[int]) -> dict[int, str]:
    """By network the month in which its first books came into the ledger; none where no book did. One statement.

    What stood at points before it nobody knows: it is told as not known, never as zero.
    """
    rows = db.session.execute(
        within(
            select(Batch.network_id, func.min(Batch.received_on)).where(
                Batch.received_on.is_not(None), Batch.state != CANCELLED
            ),
            Batch,
            networks,
        ).group_by(Batch.network_id)
    )
    return {network: month_of(day) for network, day in rows if isinstance(day, date)}
