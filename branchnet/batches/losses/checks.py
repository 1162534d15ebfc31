"""What must always hold of losses: cases moved what they say, repairs lie in the workroom, lists withdrew what left."""

from typing import Any

from sqlalchemy import Integer, Subquery, and_, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from branchnet.batches.losses.moved import standing
from branchnet.database import Rows
from branchnet.models import (
    Batch,
    BatchLine,
    Discrepancy,
    Disposal,
    DisposalLine,
    Entry,
    HandOver,
    Holding,
    Move,
    Place,
    Repair,
)
from branchnet.stock.checks import Asked, Checks

MOVED = ("lost", "damaged", "repaired", "worn")
"""Endings of a case that always move its copies, by one move each."""


def checks() -> Checks:
    """By name: case_unmoved, repair_differs, withdrawn_unlisted."""
    return {
        "case_unmoved": case_unmoved,
        "repair_differs": repair_differs,
        "withdrawn_unlisted": withdrawn_unlisted,
    }


def case_unmoved(network_id: int) -> Rows:
    """Cases of loss or damage that are closed, but whose copies (册) no entry that stands has moved."""
    moved = (
        select(Move.entry_id, cast(func.sum(Move.quantity), Integer).label("copies"))
        .where(Move.network_id == network_id, Move.reason.in_(MOVED), standing())
        .group_by(Move.entry_id)
        .subquery()
    )
    return (
        select(Discrepancy.id.label("case_id"), Discrepancy.quantity, func.coalesce(moved.c.copies, 0).label("moved"))
        .outerjoin(moved, moved.c.entry_id == Discrepancy.entry_id)
        .where(
            Discrepancy.network_id == network_id,
            Discrepancy.resolution.in_(MOVED),
            func.coalesce(moved.c.copies, 0) != Discrepancy.quantity,
        )
        .order_by(Discrepancy.id)
    )


def repair_differs(network_id: int) -> Asked:
    """Repairs whose entries were taken back or never moved their copies; more in repair than the workroom holds."""
    in_repair = (
        select(Repair.lot_id, cast(func.sum(Repair.quantity), Integer).label("copies"))
        .where(Repair.network_id == network_id, Repair.ended_on.is_(None))
        .group_by(Repair.lot_id)
        .subquery()
    )
    there = (
        select(Holding.lot_id, Holding.quantity)
        .join(Place, and_(Place.network_id == network_id, Place.id == Holding.place_id, Place.kind == "workroom"))
        .where(Holding.network_id == network_id)
        .subquery()
    )
    missing = (
        select(in_repair.c.lot_id, literal(0).label("repair_id"))
        .outerjoin(there, there.c.lot_id == in_repair.c.lot_id)
        .where(func.coalesce(there.c.quantity, 0) < in_repair.c.copies)
    )
    ended = Repair.outcome.is_not(None)
    unmoved = select(Repair.lot_id, Repair.id).where(
        Repair.network_id == network_id,
        or_(~_stands(network_id, Repair.begun_entry_id), and_(ended, ~_stands(network_id, Repair.entry_id))),
    )
    return union_all(missing, unmoved)


def _stands(network_id: int, entry_id: Any) -> Any:
    """Whether an entry moved the copies of the repair and was not taken back."""
    undoing = aliased(Entry)
    moved = exists().where(
        Move.network_id == network_id,
        Move.entry_id == entry_id,
        Move.lot_id == Repair.lot_id,
        Move.quantity == Repair.quantity,
    )
    return and_(moved, ~exists().where(undoing.network_id == network_id, undoing.reverses_id == entry_id))


def withdrawn_unlisted(network_id: int) -> Rows:
    """By entry, lot and place, copies (册) on approved lists against the moves into what is withdrawn that stand.

    What was handed over to another network stands on the lines of its withdrawal instead.
    """
    nothing = literal(0)
    listed = (
        select(
            Disposal.entry_id,
            DisposalLine.lot_id,
            DisposalLine.from_place_id,
            DisposalLine.quantity.label("listed"),
            nothing.label("moved"),
        )
        .join(DisposalLine, and_(DisposalLine.network_id == network_id, DisposalLine.disposal_id == Disposal.id))
        .where(Disposal.network_id == network_id, Disposal.state == "approved")
    )
    handed_over = (
        select(Entry.id, BatchLine.lot_id, Batch.from_place_id, BatchLine.quantity, nothing)
        .join(HandOver, and_(HandOver.network_id == network_id, HandOver.batch_id == Entry.batch_id))
        .join(Batch, and_(Batch.network_id == network_id, Batch.id == Entry.batch_id))
        .join(BatchLine, and_(BatchLine.network_id == network_id, BatchLine.batch_id == Batch.id))
        .where(Entry.network_id == network_id)
    )
    moved = (
        select(Move.entry_id, Move.lot_id, Move.from_place_id, nothing, Move.quantity)
        .join(Place, and_(Place.network_id == network_id, Place.id == Move.to_place_id, Place.kind == "withdrawn"))
        .where(Move.network_id == network_id, standing())
    )
    both: Subquery = union_all(listed, handed_over, moved).subquery()
    sums = [cast(func.sum(both.c[name]), Integer) for name in ("listed", "moved")]
    return (
        select(both.c.entry_id, both.c.lot_id, sums[0].label("listed"), sums[1].label("moved"))
        .group_by(both.c.entry_id, both.c.lot_id, both.c.from_place_id)
        .having(sums[0] != sums[1])
        .order_by(both.c.entry_id, both.c.lot_id)
    )
