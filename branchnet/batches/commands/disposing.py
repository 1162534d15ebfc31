"""Disposal lists (处置单): the one way by which copies leave the books, once a list of them is approved."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, update

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import not_ahead
from branchnet.batches.losses.rules import WAITING
from branchnet.batches.losses.waiting import Chosen, free, other_drafts
from branchnet.database import Key
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Disposal, DisposalLine, Holding, Lot, Place
from branchnet.points.queries import central_place
from branchnet.stock.commands import reverse
from branchnet.stock.counters import count_up
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting


def draft_disposal(
    act: Act, made_on: date, chosen: Collection[Chosen] | None = None, note: str | None = None
) -> Disposal:
    """Begin a list of what waits: of all of it, or of what was chosen (lot and place). Its number is CZ26-001.

    Raises Invalid("nothing_waiting") where nothing is left to list, and what `add_to_disposal` raises.
    """
    day = not_ahead(act, made_on)
    disposal = Disposal(
        network_id=act.network_id,
        number=f"CZ{day.year % 100:02d}-{count_up(act, f'disposal-{day.year}'):03d}",
        made_on=day,
        note=note,
        created_at=clock.now(),
        created_by=act.person_id,
    )
    db.session.add(disposal)
    db.session.flush()
    _add(act, disposal, chosen)
    return disposal


def add_to_disposal(act: Act, disposal_id: int, chosen: Collection[Chosen] | None = None) -> int:
    """More of what waits goes on a draft list. Returns how many copies (册).

    Raises Conflict("on_other_list") with that list's number, Conflict("not_waiting") for a copy that is elsewhere.
    """
    return _add(act, _draft(act, disposal_id), chosen)


def _add(act: Act, disposal: Disposal, chosen: Collection[Chosen] | None) -> int:
    # One after another: two lists that are made at once do not both find the same copies free.
    db.session.execute(
        select(Place.id)
        .where(Place.network_id == act.network_id, Place.kind.in_(WAITING))
        .order_by(Place.id)
        .with_for_update(key_share=True)
    ).all()
    rows = db.session.execute(free(act.network_id)).mappings().all()
    left: dict[Chosen, Mapping[str, Any]] = {(row["lot_id"], row["place_id"]): {**row} for row in rows}
    if chosen is not None:
        _check_free(act, disposal, set(chosen) - left.keys())
        left = {key: left[key] for key in sorted(set(chosen))}
    if not left:
        raise Invalid("nothing_waiting", fields={"line": "nothing_waiting"})
    _write_lines(act, disposal, left)
    return sum(int(row["quantity"]) for row in left.values())


def _check_free(act: Act, disposal: Disposal, missing: Collection[Chosen]) -> None:
    if not missing:
        return
    lot_ids = {lot_id for lot_id, _place in missing}
    others = other_drafts(act.network_id, lot_ids, but=disposal.id)
    listed = sorted(lot_id for lot_id in lot_ids if lot_id in others) or sorted(lot_ids)
    lot = db.session.scalars(select(Lot).where(Lot.network_id == act.network_id, Lot.id == listed[0])).one_or_none()
    if lot is None:
        raise NotFound("lot_unknown", lot_id=listed[0])
    told = {"title": lot.title, "barcode": lot.barcode}
    if lot.id in others:
        raise Conflict("on_other_list", number=others[lot.id], **told)
    raise Conflict("not_waiting", **told)


def _write_lines(act: Act, disposal: Disposal, rows: Mapping[Chosen, Mapping[str, Any]]) -> None:
    mine = (DisposalLine.network_id == act.network_id, DisposalLine.disposal_id == disposal.id)
    known = {
        (lot_id, place_id): line_id
        for line_id, lot_id, place_id in db.session.execute(
            select(DisposalLine.id, DisposalLine.lot_id, DisposalLine.from_place_id).where(*mine)
        )
    }
    for key in known.keys() & rows.keys():
        db.session.execute(
            update(DisposalLine)
            .where(*mine, DisposalLine.id == known[key])
            .values(quantity=DisposalLine.quantity + rows[key]["quantity"])
        )
    new = [
        {
            "network_id": act.network_id,
            "disposal_id": disposal.id,
            "lot_id": lot_id,
            "serial": row["serial"],
            "from_place_id": place_id,
            "quantity": row["quantity"],
        }
        for (lot_id, place_id), row in rows.items()
        if (lot_id, place_id) not in known
    ]
    if new:
        db.session.execute(insert(DisposalLine), new)


def remove_from_disposal(act: Act, disposal_id: int, line_id: int) -> None:
    """Take a line off a draft list: its copies go on waiting."""
    disposal = _draft(act, disposal_id)
    db.session.execute(
        delete(DisposalLine).where(
            DisposalLine.network_id == act.network_id,
            DisposalLine.disposal_id == disposal.id,
            DisposalLine.id == line_id,
        )
    )


def approve_disposal(act: Act, disposal_id: int, approval_number: str, approved_on: date) -> int:
    """The list was approved (批准文号) on a day: all its copies leave the books. Returns the entry's id.

    Raises Invalid("disposal_empty"), TooEarly before the day it was made, CopiesElsewhere for what waits no more.
    """
    disposal = _draft(act, disposal_id)
    number = approval_number.strip()
    if not number:
        raise Invalid(fields={"approval_number": "required"})
    if not_ahead(act, approved_on, "approved_on") < disposal.made_on:
        raise TooEarly(earliest=disposal.made_on, fields={"approved_on": "too_early"})
    mine = (DisposalLine.network_id == act.network_id, DisposalLine.disposal_id == disposal.id)
    if db.session.execute(select(DisposalLine.id).where(*mine).limit(1)).first() is None:
        raise Invalid("disposal_empty", number=disposal.number)
    lines = select(
        DisposalLine.lot_id,
        DisposalLine.serial,
        DisposalLine.from_place_id,
        literal(central_place(act.network_id, "withdrawn"), Key).label("to_place_id"),
        DisposalLine.quantity,
    ).where(*mine)
    posting = Posting("dispose", approved_on, "withdrawn", note=f"{disposal.number} {number}")
    disposal.entry_id = post(act, posting, lines)
    disposal.state, disposal.approval_number, disposal.approved_on = "approved", number, approved_on
    db.session.flush()
    audit.record(act, "disposal.approved", "disposal", disposal.id, number=disposal.number, approval=number)
    return disposal.entry_id


def cancel_disposal(act: Act, disposal_id: int) -> None:
    """A draft list is given up: what stands on it waits again."""
    _draft(act, disposal_id).state = "cancelled"
    db.session.flush()


def reverse_disposal(act: Act, disposal_id: int, reason: str) -> int:
    """An approval was recorded by mistake: its copies wait again, and the list is a draft. Returns the new entry's id.

    Raises Conflict("not_approved") and what ``stock.commands.reverse`` raises.
    """
    disposal = _disposal(act, disposal_id)
    if disposal.entry_id is None:
        raise Conflict("not_approved", number=disposal.number)
    entry_id = reverse(act, disposal.entry_id, reason)
    approval = disposal.approval_number
    disposal.state, disposal.entry_id, disposal.approval_number, disposal.approved_on = "draft", None, None, None
    db.session.flush()
    audit.record(act, "disposal.reversed", "disposal", disposal.id, number=disposal.number, approval=approval)
    return entry_id


def take_off_drafts(act: Act, lot_id: int, place_id: int) -> None:
    """What waits no more stands on no draft list: its lines shrink to what is left of it, or go."""
    drafts = select(Disposal.id).where(Disposal.network_id == act.network_id, Disposal.state == "draft")
    mine = (
        DisposalLine.network_id == act.network_id,
        DisposalLine.lot_id == lot_id,
        DisposalLine.from_place_id == place_id,
        DisposalLine.disposal_id.in_(drafts),
    )
    here = (Holding.network_id == act.network_id, Holding.lot_id == lot_id, Holding.place_id == place_id)
    left = int(db.session.scalar(select(func.sum(Holding.quantity)).where(*here)) or 0)
    for line_id, quantity in db.session.execute(
        select(DisposalLine.id, DisposalLine.quantity).where(*mine).order_by(DisposalLine.id)
    ).all():
        kept = min(quantity, left)
        left -= kept
        line = (DisposalLine.network_id == act.network_id, DisposalLine.id == line_id)
        if kept == 0:
            db.session.execute(delete(DisposalLine).where(*line))
        elif kept < quantity:
            db.session.execute(update(DisposalLine).where(*line).values(quantity=kept))


def _draft(act: Act, disposal_id: int) -> Disposal:
    disposal = _disposal(act, disposal_id)
    if disposal.state != "draft":
        raise Conflict("list_ended", number=disposal.number, state=disposal.state)
    return disposal


def _disposal(act: Act, disposal_id: int) -> Disposal:
    disposal = db.session.scalars(
        select(Disposal)
        .where(Disposal.network_id == act.network_id, Disposal.id == disposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if disposal is None:
        raise NotFound(disposal_id=disposal_id)
    return disposal
