"""The register of repairs: what is in the workroom to be mended, what was, and what was beyond it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from branchnet.access.scope import within
from branchnet.batches.losses.registers.parts import PAGE, Narrowed, Total, place_told, whole, worth
from branchnet.batches.queries.listing import End, ends_of
from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy, Lot, Network, Place, Repair
from branchnet.models.difference import REPAIR_OUTCOMES

REPAIR_STATES = ("open", *REPAIR_OUTCOMES)


@dataclass(frozen=True, slots=True)
class RepairRow:
    """So many copies (册) of a lot in repair or out of it again. ``cost_fen``: what the mending cost."""

    id: int
    network_id: int
    network: str
    case_id: int | None
    lot_id: int
    title: str
    barcode: str | None
    quantity: int
    begun_on: date
    ended_on: date | None
    outcome: str | None
    cost_fen: int | None
    note: str | None
    fen: int
    unpriced: int
    place: End | None
    """Where they stood, as their case says; None for what was found again."""


def repairs_registered(
    networks: Iterable[int], asked: Narrowed, today: date, page: int = 1, size: int = PAGE
) -> tuple[list[RepairRow], Total]:
    """A page of repairs, those under way first, then the newest; and their sums. Four statements."""
    wanted = sorted(networks)
    query = within(_repairs(), Repair, wanted).where(*_conditions(asked))
    ordered = query.order_by(Repair.ended_on.is_not(None), Repair.begun_on.desc(), Repair.id.desc())
    rows = db.session.execute(ordered.limit(size).offset((max(page, 1) - 1) * size)).all()
    every = query.subquery()
    sums = [whole(every.c[name]) for name in ("quantity", "fen", "unpriced", "cost_fen")]
    total = db.session.execute(select(func.count(), *sums).select_from(every)).one()
    return _told(rows, wanted, today), Total(*total)


def repairs_of(networks: Iterable[int], case_id: int, today: date) -> list[RepairRow]:
    """The repairs that a case began, in their order."""
    wanted = sorted(networks)
    query = within(_repairs(), Repair, wanted).where(Repair.discrepancy_id == case_id).order_by(Repair.id)
    return _told(db.session.execute(query), wanted, today)


def repair_begun(network_id: int, entry_id: int) -> int | None:
    """The repair that an entry began by bringing what was found to the workroom; none where it was found elsewhere."""
    wanted = select(Repair.id).where(Repair.network_id == network_id, Repair.begun_entry_id == entry_id)
    return db.session.scalar(wanted)


def repair_row(networks: Iterable[int], repair_id: int, today: date) -> RepairRow:
    """One repair. Raises NotFound."""
    wanted = sorted(networks)
    rows = _told(db.session.execute(within(_repairs(), Repair, wanted).where(Repair.id == repair_id)), wanted, today)
    if not rows:
        raise NotFound(repair_id=repair_id)
    return rows[0]


def _conditions(asked: Narrowed) -> list[Any]:
    found: list[Any] = asked.days(Repair.begun_on)
    if asked.place_ids is not None:
        found.append(place_told().in_(asked.place_ids))
    if asked.state == "open":
        found.append(Repair.ended_on.is_(None))
    elif asked.state:
        found.append(Repair.outcome == asked.state)
    return found


def _told(rows: Iterable[Any], networks: list[int], today: date) -> list[RepairRow]:
    found = list(rows)
    ends = ends_of({row.place_id for row in found if row.place_id}, networks, today)
    told: list[RepairRow] = []
    for row in found:
        where = End(row.place_id, row.place_kind) if row.place_id else None
        told.append(RepairRow(*(*row[:-2], ends.get(row.place_id) or where)))
    return told


def _repairs() -> Rows:
    """The columns of RepairRow, then the place's id and kind."""
    fen, unpriced = worth(Repair.quantity, Lot.price_fen)
    return (
        select(
            Repair.id,
            Repair.network_id,
            Network.slug,
            Repair.discrepancy_id,
            Repair.lot_id,
            Lot.title,
            Lot.barcode,
            Repair.quantity.label("quantity"),
            Repair.begun_on,
            Repair.ended_on,
            Repair.outcome,
            Repair.cost_fen.label("cost_fen"),
            Repair.note,
            fen.label("fen"),
            unpriced.label("unpriced"),
            Place.id.label("place_id"),
            Place.kind.label("place_kind"),
        )
        .select_from(Repair)
        .join(Network, Network.id == Repair.network_id)
        .join(Lot, and_(Lot.network_id == Repair.network_id, Lot.id == Repair.lot_id))
        .outerjoin(
            Discrepancy, and_(Discrepancy.network_id == Repair.network_id, Discrepancy.id == Repair.discrepancy_id)
        )
        .outerjoin(Batch, and_(Batch.network_id == Repair.network_id, Batch.id == Discrepancy.batch_id))
        .outerjoin(Place, and_(Place.network_id == Repair.network_id, Place.id == place_told()))
    )
