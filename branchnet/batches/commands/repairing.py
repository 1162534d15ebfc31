"""Repairs (修补): copies in the central library's workroom, mended and back on the shelf, or beyond repair."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import not_ahead
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Lot, Repair
from branchnet.models.difference import REPAIR_OUTCOMES
from branchnet.points.queries import central_place
from branchnet.stock.commands import reverse
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting, Transfer

ENDS = {"repaired": ("shelf", "mended"), "beyond_repair": ("to_be_disposed", "beyond_repair")}
"""Where copies go from the workroom, and why, by how their repair ended."""


def begin_repairs(act: Act, entry_id: int, day: date, named: Mapping[int, int], case_id: int | None = None) -> None:
    """The copies (册 by lot) that an entry brought to the workroom are being mended."""
    serial = dict(
        db.session.execute(select(Lot.id, Lot.serial).where(Lot.network_id == act.network_id, Lot.id.in_(named))).all()
    )
    db.session.execute(
        insert(Repair),
        [
            {
                "network_id": act.network_id,
                "discrepancy_id": case_id,
                "lot_id": lot_id,
                "serial": serial[lot_id],
                "quantity": quantity,
                "begun_on": day,
                "begun_entry_id": entry_id,
                "recorded_at": clock.now(),
                "recorded_by": act.person_id,
            }
            for lot_id, quantity in sorted(named.items())
        ],
    )


def end_repair(
    act: Act, repair_id: int, outcome: str, happened_on: date, cost_fen: int | None = None, note: str | None = None
) -> int:
    """Mended: back on the shelf; beyond repair: to be disposed. Returns the entry's id.

    Raises Conflict("repair_ended") where somebody was first, TooEarly before the day it began.
    """
    repair = _repair(act, repair_id)
    if repair.ended_on is not None:
        raise Conflict("repair_ended")
    if outcome not in REPAIR_OUTCOMES:
        raise Invalid(fields={"outcome": "kind"})
    day = not_ahead(act, happened_on)
    if day < repair.begun_on:
        raise TooEarly(earliest=repair.begun_on, fields={"happened_on": "too_early"})
    end, reason = ENDS[outcome]
    start, stop = central_place(act.network_id, "workroom"), central_place(act.network_id, end)
    moved = Transfer(repair.lot_id, repair.serial, start, stop, repair.quantity)
    repair.entry_id = post(act, Posting("repair", day, reason, note=note), [moved])
    repair.ended_on, repair.outcome, repair.cost_fen, repair.note = day, outcome, cost_fen, note
    db.session.flush()
    return repair.entry_id


def reverse_repair(act: Act, repair_id: int, reason: str) -> int:
    """Take back how a repair ended: the copies are in the workroom again. Returns the new entry's id."""
    repair = _repair(act, repair_id)
    if repair.entry_id is None:
        raise Conflict("not_reversible", step="repair")
    entry_id = reverse(act, repair.entry_id, reason)
    repair.entry_id = repair.ended_on = repair.outcome = repair.cost_fen = None
    db.session.flush()
    return entry_id


def forget_repairs(act: Act, begun_entry_id: int) -> None:
    """The entry that began repairs is taken back. Raises Conflict("repair_ended"): that is taken back first.

    The holdings alone do not say so: of a counted lot other copies may lie in the workroom.
    """
    mine = (Repair.network_id == act.network_id, Repair.begun_entry_id == begun_entry_id)
    if db.session.execute(select(Repair.id).where(*mine, Repair.ended_on.is_not(None))).first() is not None:
        raise Conflict("repair_ended")
    db.session.execute(delete(Repair).where(*mine))


def _repair(act: Act, repair_id: int) -> Repair:
    repair = db.session.scalars(
        select(Repair)
        .where(Repair.network_id == act.network_id, Repair.id == repair_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if repair is None:
        raise NotFound(repair_id=repair_id)
    return repair
