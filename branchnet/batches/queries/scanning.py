"""A return while it is scanned back: how many of how many, the last ones, and what has not been scanned."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, cast, func, select

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import BatchLine, BatchScan, Holding, Lot, Person

LAST_SCANNED = 12
"""Scans that are seen while more are made: each scan sends them anew."""
SCANS_PAGE = 200
"""Scans on one page of all of them."""
NOT_SCANNED = 200


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A copy that was scanned back, or so many (册) of a counted lot: by whom, and when."""

    lot_id: int
    title: str
    author: str | None
    barcode: str | None
    quantity: int
    person: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Scans:
    """Copies (册) scanned of those expected, by how many people, the last ones, and a stamp that changes with them.

    ``count``: how many rows there are in all.
    """

    scanned: int
    expected: int
    people: int
    rows: list[ScanRow]
    count: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is on the lines and was not scanned (册)."""

    title: str
    barcode: str | None
    call_number: str | None
    quantity: int


def scans_of(network_id: int, batch_id: int, state: str, place_id: int, page: int | None = None) -> Scans:
    """What was scanned of a return. Of one that is made up it is its lines, of all that stands at its point.

    ``page``: of all scans, the newest first; without it the last ones. Three statements.
    """
    table: Any = BatchLine if state == "draft" else BatchScan
    at, by = (BatchLine.added_at, BatchLine.added_by) if state == "draft" else _SCANNED
    mine = (table.network_id == network_id, table.batch_id == batch_id)
    sums = db.session.execute(
        select(
            cast(func.coalesce(func.sum(table.quantity), 0), Integer),
            func.count(table.id),
            func.max(at),
            func.count(by.distinct()),
        ).where(*mine)
    ).one()
    size, skipped = (LAST_SCANNED, 0) if page is None else (SCANS_PAGE, (page - 1) * SCANS_PAGE)
    last = select(table.id).where(*mine).order_by(table.id.desc()).limit(size).offset(skipped).subquery()
    rows = db.session.execute(
        select(Lot.id, Lot.title, Lot.author, Lot.barcode, table.quantity, Person.display_name, at)
        .select_from(table)
        .join(last, last.c.id == table.id)
        .join(Lot, Lot.id == table.lot_id)
        .outerjoin(Person, Person.id == by)
        .order_by(table.id.desc())
    )
    return Scans(
        scanned=sums[0],
        expected=int(db.session.scalar(_expected(network_id, batch_id, state, place_id)) or 0),
        people=sums[3],
        rows=[ScanRow(*row) for row in rows],
        count=sums[1],
        stamp=f"{zlib.crc32(repr((state, sums[0], sums[1], str(sums[2]))).encode()):08x}",
    )


_SCANNED = (BatchScan.scanned_at, BatchScan.scanned_by)


def _expected(network_id: int, batch_id: int, state: str, place_id: int) -> Rows:
    if state == "draft":
        return select(func.sum(Holding.quantity)).where(
            Holding.network_id == network_id, Holding.place_id == place_id, Holding.quantity > 0
        )
    return select(func.sum(BatchLine.quantity)).where(
        BatchLine.network_id == network_id, BatchLine.batch_id == batch_id
    )


def not_scanned(network_id: int, batch_id: int) -> list[Wanted]:
    """What is still to be scanned of a return on the road, by title; so many rows at most."""
    sent = cast(func.sum(BatchLine.quantity), Integer) - func.coalesce(func.max(BatchScan.quantity), 0)
    scan = and_(
        BatchScan.network_id == BatchLine.network_id,
        BatchScan.batch_id == BatchLine.batch_id,
        BatchScan.lot_id == BatchLine.lot_id,
    )
    rows = db.session.execute(
        select(Lot.title, Lot.barcode, Lot.call_number, sent)
        .select_from(BatchLine)
        .join(Lot, Lot.id == BatchLine.lot_id)
        .outerjoin(BatchScan, scan)
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id)
        .group_by(Lot.id, Lot.title, Lot.barcode, Lot.call_number, Lot.initials)
        .having(sent > 0)
        .order_by(Lot.initials, Lot.id)
        .limit(NOT_SCANNED)
    )
    return [Wanted(*row) for row in rows]


def counted_coming(network_id: int, batch_id: int) -> list[tuple[str, str | None, int]]:
    """The counted lots on the lines of a return: title, category, copies (册); what is typed is chosen from them."""
    rows = db.session.execute(
        select(Lot.title, Lot.category, cast(func.sum(BatchLine.quantity), Integer))
        .join(BatchLine, BatchLine.lot_id == Lot.id)
        .where(BatchLine.network_id == network_id, BatchLine.batch_id == batch_id, BatchLine.serial.is_(False))
        .group_by(Lot.title, Lot.category, Lot.initials)
        .order_by(Lot.initials, Lot.title)
        .limit(500)
    )
    return [(title, category, copies) for title, category, copies in rows]
