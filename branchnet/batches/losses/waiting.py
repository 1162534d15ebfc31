"""What waits to leave the books: lost, or to be disposed; less what stands on a draft list already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, func, or_, select

from branchnet.batches.losses.moved import Brought, brought_by
from branchnet.batches.losses.rules import WAITING
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Disposal, DisposalLine, Holding, Lot, Place

PAGE = 100
"""Lines on one page of what waits."""

Chosen = tuple[int, int]
"""What stands where: a lot's id and a place's id."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """So many copies (册) of a lot that wait, and what brought them there last. ``price_fen``: of one copy."""

    lot_id: int
    serial: bool
    place_id: int
    place: str
    title: str
    barcode: str | None
    property_number: str | None
    price_fen: int | None
    quantity: int
    brought: Brought | None


def free(network_id: int) -> Rows:
    """lot_id, serial, place_id, quantity: copies (册) that wait and stand on no draft list."""
    listed = (
        select(DisposalLine.lot_id, DisposalLine.from_place_id, func.sum(DisposalLine.quantity).label("copies"))
        .join(Disposal, and_(Disposal.network_id == network_id, Disposal.id == DisposalLine.disposal_id))
        .where(DisposalLine.network_id == network_id, Disposal.state == "draft")
        .group_by(DisposalLine.lot_id, DisposalLine.from_place_id)
        .subquery()
    )
    places = select(Place.id).where(Place.network_id == network_id, Place.kind.in_(WAITING))
    left = Holding.quantity - func.coalesce(listed.c.copies, 0)
    return (
        select(
            Holding.lot_id.label("lot_id"),
            Holding.serial.label("serial"),
            Holding.place_id.label("place_id"),
            cast(left, Integer).label("quantity"),
        )
        .outerjoin(listed, and_(listed.c.lot_id == Holding.lot_id, listed.c.from_place_id == Holding.place_id))
        .where(Holding.network_id == network_id, Holding.place_id.in_(places), Holding.quantity > 0, left > 0)
    )


def waiting(network_id: int, place: str = "", text: str = "", page: int = 1) -> tuple[list[WaitingRow], int, int]:
    """A page of what waits and is on no draft list, by title; how many lines there are, and how many copies (册)."""
    some = free(network_id).subquery()
    conditions: list[ColumnElement[bool]] = []
    if place in WAITING:
        conditions.append(Place.kind == place)
    if text:
        conditions.append(
            or_(
                Lot.title.icontains(text, autoescape=True),
                Lot.barcode.istartswith(text, autoescape=True),
                Lot.property_number.istartswith(text, autoescape=True),
                Lot.initials.contains(text.lower(), autoescape=True),
            )
        )
    # Lots by id alone, which the keys hold to one network: told both, SQLite goes through all of them by initials.
    query: Rows = (
        select(
            some.c.lot_id,
            some.c.serial,
            some.c.place_id,
            Place.kind,
            Lot.title,
            Lot.barcode,
            Lot.property_number,
            Lot.price_fen,
            some.c.quantity,
        )
        .join(Lot, Lot.id == some.c.lot_id)
        .join(Place, and_(Place.network_id == network_id, Place.id == some.c.place_id))
        .where(*conditions)
    )
    every = query.subquery()
    lines, copies = db.session.execute(
        select(func.count(), cast(func.coalesce(func.sum(every.c.quantity), 0), Integer)).select_from(every)
    ).one()
    ordered = query.order_by(Lot.initials, Lot.id, some.c.place_id).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    rows: Sequence[Any] = db.session.execute(ordered).all()
    found = brought_by(network_id, {(row.lot_id, row.place_id): None for row in rows})
    return [WaitingRow(*(*row, found.get((row.lot_id, row.place_id)))) for row in rows], int(lines), int(copies)


def waiting_in_all(network_id: int) -> int:
    """Copies (册) that wait and are on no draft list."""
    some = free(network_id).subquery()
    return int(db.session.scalar(select(func.sum(some.c.quantity))) or 0)


def other_drafts(network_id: int, lot_ids: Iterable[int], but: int | None = None) -> Mapping[int, str]:
    """By lot the number of a draft list that it stands on, other than this one."""
    rows = db.session.execute(
        select(DisposalLine.lot_id, Disposal.number)
        .join(Disposal, and_(Disposal.network_id == network_id, Disposal.id == DisposalLine.disposal_id))
        .where(
            DisposalLine.network_id == network_id,
            DisposalLine.lot_id.in_(sorted(lot_ids)),
            Disposal.state == "draft",
            Disposal.id != (but or 0),
        )
    )
    return dict(rows.all())
