"""The register of differences: of batches, stocktakes and reports alike, open and closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, case, func, select

from branchnet.access.scope import within
from branchnet.batches.losses.registers.parts import PAGE, Narrowed, Total, place_told, whole, worth
from branchnet.batches.queries.listing import End, ends_of
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import (
    Batch,
    Compensation,
    Discrepancy,
    Entry,
    Exchange,
    Lot,
    Move,
    Network,
    Person,
    Place,
    Stocktake,
)
from branchnet.models.difference import DISCREPANCY_KINDS, RESOLUTIONS

CASE_STATES = ("open", "closed", *RESOLUTIONS)
"""What the register can be narrowed to: open, closed, or how it ended."""
CASE_SORTS: dict[str, Any] = {
    "opened": Discrepancy.opened_on,
    "closed": func.coalesce(Discrepancy.closed_on, 0),
    "copies": Discrepancy.quantity,
}
_AWAY = ("lost", "to_be_disposed", "workroom")
"""Kinds of places where a case's copies go when it is one of loss or damage."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A difference of so many copies (册): where, from what, how it ended. ``fen``: list prices, ``unpriced``: 册."""

    id: int
    network_id: int
    network: str
    kind: str
    quantity: int
    in_transit: bool
    batch_id: int | None
    batch: str | None
    stocktake: str | None
    exchange_id: int | None
    """The exchange visit at which it was short, and its day."""
    exchanged_on: date | None
    lot_id: int | None
    title: str | None
    barcode: str | None
    quality: str | None
    """How well the books knew the lot's number: exact, at_least or estimated."""
    note: str | None
    opened_on: date
    opened_by: str | None
    closed_on: date | None
    resolution: str | None
    closing_note: str | None
    entry_id: int | None
    fen: int
    unpriced: int
    amount_fen: int | None
    agreed_on: date | None
    paid_on: date | None
    place: End


def cases_registered(
    networks: Iterable[int], asked: Narrowed, today: date, page: int = 1, size: int = PAGE, order: str = "-opened"
) -> tuple[list[CaseRow], dict[str, Total]]:
    """A page of the register and its sums by kind: what is short and what is over is no sum. Five statements.

    ``order``: a word of CASE_SORTS, with "-" before it downwards.
    """
    wanted = sorted(networks)
    query = within(_cases(wanted), Discrepancy, wanted).where(*_conditions(asked))
    column = CASE_SORTS[order.removeprefix("-")]
    ordered = (column.desc(), Discrepancy.id.desc()) if order.startswith("-") else (column, Discrepancy.id)
    rows = db.session.execute(query.order_by(*ordered).limit(size).offset((max(page, 1) - 1) * size)).all()
    every = query.subquery()
    paid = case((every.c.paid_on.is_not(None), every.c.amount_fen), else_=0)
    sums = select(
        every.c.kind,
        func.count(),
        whole(every.c.quantity),
        whole(every.c.fen),
        whole(every.c.unpriced),
        whole(paid),
    )
    totals = {kind: Total(*total) for kind, *total in db.session.execute(sums.group_by(every.c.kind))}
    return _told(rows, wanted, today), {kind: totals[kind] for kind in DISCREPANCY_KINDS if kind in totals}


def case_row(networks: Iterable[int], case_id: int, today: date) -> CaseRow:
    """One case. Raises NotFound."""
    wanted = sorted(networks)
    row = db.session.execute(within(_cases(wanted), Discrepancy, wanted).where(Discrepancy.id == case_id)).one_or_none()
    if row is None:
        raise NotFound(discrepancy_id=case_id)
    return _told([row], wanted, today)[0]


def _told(rows: Iterable[Any], networks: list[int], today: date) -> list[CaseRow]:
    found = list(rows)
    ends = ends_of({row.place_id for row in found}, networks, today)
    return [
        # The columns stand in the order of the fields.
        CaseRow(*row[:-2], place=ends.get(row.place_id) or End(row.place_id, row.place_kind))  # type: ignore[misc]
        for row in found
    ]


def _conditions(asked: Narrowed) -> list[Any]:
    found: list[Any] = asked.days(Discrepancy.opened_on)
    if asked.place_ids is not None:
        found.append(place_told().in_(asked.place_ids))
    if asked.kind:
        found.append(Discrepancy.kind == asked.kind)
    if asked.state in ("open", "closed"):
        closed = Discrepancy.closed_on.is_not(None)
        found.append(closed if asked.state == "closed" else ~closed)
    elif asked.state:
        found.append(Discrepancy.resolution == asked.state)
    return found


def _moved(networks: list[int]) -> Subquery:
    """By entry, what its copies are worth that went where losses and repairs go."""
    fen, unpriced = worth(Move.quantity, Lot.price_fen)
    query: Rows = (
        select(Move.entry_id, whole(fen).label("fen"), whole(unpriced).label("unpriced"))
        .join(Place, and_(Place.network_id == Move.network_id, Place.id == Move.to_place_id, Place.kind.in_(_AWAY)))
        .join(Lot, Lot.id == Move.lot_id)
    )
    return within(query, Move, networks).group_by(Move.entry_id).subquery()


def _cases(networks: list[int]) -> Rows:
    """The columns of CaseRow, then the place's id and kind. Of unnamed copies only the moves know the price."""
    moved = _moved(networks)
    fen, unpriced = worth(Discrepancy.quantity, Lot.price_fen)
    named, away = Discrepancy.lot_id.is_not(None), moved.c.entry_id.is_not(None)
    return (
        select(
            Discrepancy.id,
            Discrepancy.network_id,
            Network.slug,
            Discrepancy.kind,
            Discrepancy.quantity,
            Discrepancy.in_transit,
            Discrepancy.batch_id,
            Batch.number.label("batch"),
            Stocktake.number.label("stocktake"),
            Exchange.id.label("exchange_id"),
            Exchange.happened_on,
            Discrepancy.lot_id,
            Lot.title,
            Lot.barcode,
            Lot.quality,
            Discrepancy.note,
            Discrepancy.opened_on,
            Person.display_name,
            Discrepancy.closed_on,
            Discrepancy.resolution,
            Discrepancy.closing_note,
            Discrepancy.entry_id,
            case((named, fen), (away, moved.c.fen), else_=0).label("fen"),
            case((named, unpriced), (away, moved.c.unpriced), else_=Discrepancy.quantity).label("unpriced"),
            Compensation.amount_fen,
            Compensation.agreed_on,
            Compensation.paid_on,
            Place.id.label("place_id"),
            Place.kind.label("place_kind"),
        )
        .select_from(Discrepancy)
        .join(Network, Network.id == Discrepancy.network_id)
        .outerjoin(Batch, and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id))
        .join(Place, and_(Place.network_id == Discrepancy.network_id, Place.id == place_told()))
        .outerjoin(
            Stocktake,
            and_(Stocktake.network_id == Discrepancy.network_id, Stocktake.id == Discrepancy.stocktake_id),
        )
        .outerjoin(
            Entry,
            and_(
                Entry.network_id == Discrepancy.network_id,
                Entry.id == Discrepancy.opened_entry_id,
                Discrepancy.place_id.is_not(None),
            ),
        )
        .outerjoin(Exchange, and_(Exchange.network_id == Entry.network_id, Exchange.returning_id == Entry.batch_id))
        .outerjoin(Lot, and_(Lot.network_id == Discrepancy.network_id, Lot.id == Discrepancy.lot_id))
        .outerjoin(Person, and_(Person.network_id == Discrepancy.network_id, Person.id == Discrepancy.opened_by))
        .outerjoin(
            Compensation,
            and_(
                Compensation.network_id == Discrepancy.network_id,
                Compensation.discrepancy_id == Discrepancy.id,
            ),
        )
        .outerjoin(moved, moved.c.entry_id == Discrepancy.entry_id)
    )
