"""What must always hold for the batches of a network, on top of its ledger. Reports; repairs nothing."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, and_, case, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from branchnet.batches import point_checks, rules
from branchnet.batches import return_checks as returns
from branchnet.batches.boxes import on_its_way
from branchnet.batches.exchange_checks import exchanges_differ
from branchnet.batches.hand_over_checks import handed_over_differs
from branchnet.batches.losses import checks as losses
from branchnet.batches.stocktaking import checks as stocktaking
from branchnet.database import Rows
from branchnet.models import Batch, BatchLine, Box, Discrepancy, Holding, Move
from branchnet.stock import checks as stock
from branchnet.stock.checks import Asked, Checks, Violation, ask

SENT = frozenset({"dispatched", "received", "closed"})
"""What stands on the lines has left its starting place, and stays sent."""
SENDING = ("dispatch", "handed_over", *sorted(rules.INTO_THE_BOOKS))
"""Reasons of the moves by which it leaves."""


def violations(network_id: int) -> list[Violation]:
    """All that is wrong with the ledger and the batches of a network; empty where all is well. 23 statements.

    Those of ``stock.checks``, and: sent_differs (what left is what stands on the lines), road_differs (into transit
    = out of transit + still in transit, and that is what the boxes not counted and the open shortages say),
    foreign_on_the_road (only a batch's own moves touch its road), dates_missing (a state without its day),
    settled_more (no more is settled of a batch than it brought there, nor by one than it took away), more_back (no
    point gave back more than came there), scanned_strangers (scans are of a return's own lines), stay_ends_differ
    (a stay that a return ended has its day); and those of ``stocktaking.checks``: stocktake_days,
    stocktake_elsewhere, stocktake_unanswered; and those of ``losses.checks``: case_unmoved (a loss that no standing
    entry moved), repair_differs (a repair whose copies did not go to the workroom, or are no longer there),
    withdrawn_unlisted (what is withdrawn is what approved lists say); and of points sent_to_closed (nothing was sent to
    one that had closed), pauses_wrong (they lie apart, while it was open); exchanges_differ (a visit's batches went to
    its point and came from there); handed_over_differs (what one network handed over another took over).
    """
    checks: Checks = {
        "sent_differs": sent_differs,
        "road_differs": road_differs,
        "foreign_on_the_road": foreign_on_the_road,
        "dates_missing": dates_missing,
        "settled_more": returns.settled_more,
        "more_back": returns.more_back,
        "scanned_strangers": returns.scanned_strangers,
        "stay_ends_differ": returns.stay_ends_differ,
        "stocktake_days": stocktaking.stocktake_days,
        "stocktake_elsewhere": stocktaking.stocktake_elsewhere,
        "stocktake_unanswered": stocktaking.stocktake_unanswered,
        **losses.checks(),
        **point_checks.CHECKS,
        "exchanges_differ": exchanges_differ,
        "handed_over_differs": handed_over_differs,
    }
    found = stock.violations(network_id)
    return found + [row for name, check in checks.items() for row in ask(name, check(network_id))]


def sent_differs(network_id: int) -> Rows:
    """By batch and lot, copies (册) on the lines of what was sent against the moves that sent them.

    A batch that was recalled whole is cancelled, but its sending stands: part of it was lost on the road.
    """
    original, nothing = aliased(Move), literal(0)
    recalled = and_(Batch.state == "cancelled", _recalled(network_id))
    listed = (
        select(BatchLine.batch_id, BatchLine.lot_id, BatchLine.quantity.label("listed"), nothing.label("moved"))
        .join(Batch, (Batch.network_id == network_id) & (Batch.id == BatchLine.batch_id))
        .where(BatchLine.network_id == network_id, or_(Batch.state.in_(SENT), recalled))
    )
    mine = (Move.network_id == network_id, Move.batch_id.is_not(None))
    sent = select(Move.batch_id, Move.lot_id, nothing, Move.quantity).where(*mine, Move.reason.in_(SENDING))
    taken_back = (
        select(Move.batch_id, Move.lot_id, nothing, -Move.quantity)
        .join(original, (original.network_id == network_id) & (original.id == Move.reverses_id))
        .where(*mine, original.reason.in_(SENDING))
    )
    both = union_all(listed, sent, taken_back).subquery()
    return _unequal(both, "listed", "moved")


def road_differs(network_id: int) -> Rows:
    """By batch and lot: still to come by its own moves, held on its road, and to be expected by its boxes (册)."""
    nothing = literal(0)
    on_road = (Batch.network_id == network_id, Batch.transit_place_id.is_not(None))
    moved = (
        select(
            Batch.id.label("batch_id"),
            Move.lot_id,
            case((Move.to_place_id == Batch.transit_place_id, Move.quantity), else_=-Move.quantity).label("moved"),
            nothing.label("held"),
            nothing.label("expected"),
        )
        .join(Move, (Move.network_id == network_id) & (Move.batch_id == Batch.id))
        .where(*on_road, or_(Move.to_place_id == Batch.transit_place_id, Move.from_place_id == Batch.transit_place_id))
    )
    held = (
        select(Batch.id, Holding.lot_id, nothing, Holding.quantity, nothing)
        .join(Holding, (Holding.network_id == network_id) & (Holding.place_id == Batch.transit_place_id))
        .where(*on_road)
    )
    uncounted = (
        select(Batch.id, BatchLine.lot_id, nothing, nothing, BatchLine.quantity)
        .join(BatchLine, (BatchLine.network_id == network_id) & (BatchLine.batch_id == Batch.id))
        .join(Box, (Box.network_id == network_id) & (Box.id == BatchLine.box_id) & on_its_way())
        .where(*on_road, Batch.state.in_(rules.ON_THE_ROAD))
    )
    short = (
        select(Batch.id, Discrepancy.lot_id, nothing, nothing, Discrepancy.quantity)
        .join(Discrepancy, (Discrepancy.network_id == network_id) & (Discrepancy.batch_id == Batch.id))
        .where(*on_road, Discrepancy.in_transit, Discrepancy.closed_on.is_(None))
    )
    both = union_all(moved, held, uncounted, short).subquery()
    return _unequal(both, "moved", "held", "expected")


def foreign_on_the_road(network_id: int) -> Asked:
    """Moves into or out of a batch's road that are not the batch's own."""
    # Two selects by equality, each on an index; one select with OR would look at every pair of batch and move.
    return union_all(
        *(
            select(Batch.id.label("batch_id"), Move.id.label("move_id"))
            .join(Move, (Move.network_id == network_id) & (end == Batch.transit_place_id))
            .where(Batch.network_id == network_id, or_(Move.batch_id.is_(None), Move.batch_id != Batch.id))
            for end in (Move.from_place_id, Move.to_place_id)
        )
    )


def dates_missing(network_id: int) -> Rows:
    """Batches whose days do not say what their state says; what is on the road has no box that was recalled."""
    sent, came = Batch.dispatched_on.is_not(None), Batch.received_on.is_not(None)
    recalled = _recalled(network_id)
    unsent = Batch.kind.in_(rules.INTO_THE_BOOKS | {"withdrawal"})
    fits = case(
        (Batch.state.in_(rules.OPEN), and_(~sent, ~came, ~recalled)),
        (Batch.state.in_(rules.ON_THE_ROAD), and_(sent, ~came, ~recalled)),
        (Batch.state.in_(("received", "closed")), and_(or_(sent, unsent), came)),
        else_=literal(True),
    )
    return select(Batch.id.label("batch_id"), Batch.state).where(Batch.network_id == network_id, ~fits)


def _recalled(network_id: int) -> ColumnElement[bool]:
    return exists().where(Box.network_id == network_id, Box.batch_id == Batch.id, Box.recalled_on.is_not(None))


def _unequal(rows: Subquery, *names: str) -> Rows:
    """By batch and lot, where the sums of the named columns are not all the same."""
    sums: list[Any] = [cast(func.sum(rows.c[name]), Integer) for name in names]
    return (
        select(rows.c.batch_id, rows.c.lot_id, *(total.label(name) for name, total in zip(names, sums, strict=True)))
        .group_by(rows.c.batch_id, rows.c.lot_id)
        .having(or_(*(total != sums[0] for total in sums[1:])))
        .order_by(rows.c.batch_id, rows.c.lot_id)
    )
