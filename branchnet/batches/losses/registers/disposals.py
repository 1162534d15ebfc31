"""Disposal lists: all of them, one of them with its lines, and what became of its approval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from branchnet.access.scope import within
from branchnet.batches.losses.finds import copies_found
from branchnet.batches.losses.moved import Brought, brought_by
from branchnet.batches.losses.registers.parts import PAGE, Narrowed, Total, whole, worth
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Disposal, DisposalLine, Entry, Lot, Network, Person, Place

LINES_PAGE = 100
"""Lines of a list on one page."""


@dataclass(frozen=True, slots=True)
class DisposalRow:
    """A disposal list (处置单): its state, its days, and what stands on it (册, list prices in fen)."""

    id: int
    network_id: int
    network: str
    number: str
    state: str
    made_on: date
    made_by: str | None
    approval_number: str | None
    approved_on: date | None
    entry_id: int | None
    note: str | None
    lines: int
    copies: int
    fen: int
    unpriced: int
    found: int
    """Of what it wrote off, copies (册) that turned up again."""


@dataclass(frozen=True, slots=True)
class DisposalLineRow:
    """So many copies (册) of a lot on a list, and why they are on it. ``price_fen``: list price of one."""

    id: int
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


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that was recorded; where it was taken back, when, by whom and why."""

    told: str | None
    on: date
    recorded_at: datetime
    person: str | None
    undone_at: datetime | None
    undone_by: str | None
    undone_why: str | None


def disposals_registered(
    networks: Iterable[int], asked: Narrowed, page: int = 1, size: int = PAGE
) -> tuple[list[DisposalRow], Total]:
    """A page of lists, the newest first, and what stands on all of them. Two statements."""
    query = within(_disposals(), Disposal, sorted(networks)).where(*asked.days(Disposal.made_on))
    if asked.state:
        query = query.where(Disposal.state == asked.state)
    ordered = query.order_by(Disposal.made_on.desc(), Disposal.id.desc())
    rows: Sequence[Any] = db.session.execute(ordered.limit(size).offset((max(page, 1) - 1) * size)).all()
    every = query.subquery()
    sums = [whole(every.c[name]) for name in ("copies", "fen", "unpriced")]
    total = db.session.execute(select(func.count(), *sums).select_from(every)).one()
    return [DisposalRow(*row) for row in rows], Total(*total)


def disposal_named(networks: Iterable[int], number: str, network: str) -> DisposalRow:
    """The list of a number in the network of that slug, if it is one of these. Raises NotFound."""
    query = within(_disposals(), Disposal, sorted(networks))
    row: Any = db.session.execute(query.where(Disposal.number == number, Network.slug == network)).one_or_none()
    if row is None:
        raise NotFound(number=number)
    return DisposalRow(*row)


def lines_of_disposal(disposal: DisposalRow, page: int | None = None) -> list[DisposalLineRow]:
    """The lines of a list, by title: a page of them, or all. Two statements."""
    query = (
        select(
            DisposalLine.id,
            DisposalLine.lot_id,
            DisposalLine.serial,
            DisposalLine.from_place_id,
            Place.kind,
            Lot.title,
            Lot.barcode,
            Lot.property_number,
            Lot.price_fen,
            DisposalLine.quantity,
        )
        .join(Lot, Lot.id == DisposalLine.lot_id)
        .join(Place, and_(Place.network_id == DisposalLine.network_id, Place.id == DisposalLine.from_place_id))
        .where(DisposalLine.network_id == disposal.network_id, DisposalLine.disposal_id == disposal.id)
        .order_by(Lot.initials, Lot.id, DisposalLine.id)
    )
    if page is not None:
        query = query.limit(LINES_PAGE).offset((max(page, 1) - 1) * LINES_PAGE)
    rows: Sequence[Any] = db.session.execute(query).all()
    asked = {(row.lot_id, row.from_place_id): disposal.entry_id for row in rows}
    found = brought_by(disposal.network_id, asked)
    return [DisposalLineRow(*(*row, found.get((row.lot_id, row.from_place_id)))) for row in rows]


def approvals_of(disposal: DisposalRow) -> list[Approval]:
    """How it was approved and, where that was a mistake, how that was taken back; in their order."""
    undone, undoer = aliased(Entry), aliased(Person)
    rows: Sequence[Any] = db.session.execute(
        select(
            Entry.reason,
            Entry.happened_on,
            Entry.recorded_at,
            Person.display_name,
            undone.recorded_at,
            undoer.display_name,
            undone.reason,
        )
        .outerjoin(Person, and_(Person.network_id == Entry.network_id, Person.id == Entry.recorded_by))
        .outerjoin(undone, and_(undone.network_id == Entry.network_id, undone.reverses_id == Entry.id))
        .outerjoin(undoer, and_(undoer.network_id == Entry.network_id, undoer.id == undone.recorded_by))
        .where(
            Entry.network_id == disposal.network_id,
            Entry.verb == "dispose",
            Entry.reason.startswith(f"{disposal.number} ", autoescape=True),
        )
        .order_by(Entry.id)
    ).all()
    return [Approval(*row) for row in rows]


def _disposals() -> Rows:
    """The columns of DisposalRow."""
    fen, unpriced = worth(DisposalLine.quantity, Lot.price_fen)
    sums = (
        select(
            DisposalLine.disposal_id,
            func.count().label("lines"),
            whole(DisposalLine.quantity).label("copies"),
            whole(fen).label("fen"),
            whole(unpriced).label("unpriced"),
        )
        .join(Lot, Lot.id == DisposalLine.lot_id)
        .group_by(DisposalLine.disposal_id)
        .subquery()
    )
    return (
        select(
            Disposal.id,
            Disposal.network_id,
            Network.slug,
            Disposal.number,
            Disposal.state,
            Disposal.made_on,
            Person.display_name,
            Disposal.approval_number,
            Disposal.approved_on,
            Disposal.entry_id,
            Disposal.note,
            *(func.coalesce(sums.c[name], 0).label(name) for name in ("lines", "copies", "fen", "unpriced")),
            copies_found(Disposal.number, Disposal.network_id).label("found"),
        )
        .select_from(Disposal)
        .join(Network, Network.id == Disposal.network_id)
        .outerjoin(Person, and_(Person.network_id == Disposal.network_id, Person.id == Disposal.created_by))
        .outerjoin(sums, sums.c.disposal_id == Disposal.id)
    )
