"""Loss and damage outside a batch: reported of what stands at a place; and the closing of a case taken back."""

from datetime import date

from sqlalchemy import insert, select

from branchnet.access.acts import Act
from branchnet.batches.commands.correcting import reverse_step
from branchnet.batches.commands.differences import open_again
from branchnet.batches.commands.repairing import forget_repairs
from branchnet.batches.commands.shared import not_ahead
from branchnet.batches.losses import rules
from branchnet.batches.losses.there import held, open_at
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, CopiesElsewhere, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, Discrepancy, Holding, Lot, Place
from branchnet.stock.commands import reverse
from branchnet.stock.posting import mark_stale
from branchnet.stock.queries import whereabouts


def report(
    act: Act,
    place_id: int,
    kind: str,
    quantity: int,
    happened_on: date,
    lot_id: int | None = None,
    note: str | None = None,
) -> int:
    """So many copies (册) at a place are gone (``short``) or broken: a difference that both ends see. Returns its id.

    ``lot_id``: which, where that is known. Moves nothing. Raises Invalid("more_than_there") beyond what the place
    holds and nobody reported yet, Conflict("reported_already") and CopiesElsewhere for a barcoded copy, and TooEarly
    before the day it came.
    """
    # One after another: two reports that come at once do not both find the same copies unreported.
    place = db.session.scalar(
        select(Place.kind)
        .where(Place.network_id == act.network_id, Place.id == place_id)
        .with_for_update(key_share=True)
    )
    if place not in rules.WHERE_REPORTED:
        raise NotFound(place_id=place_id)
    if kind not in rules.REPORTED:
        raise Invalid(fields={"kind": "kind"})
    if quantity < 1:
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    day = not_ahead(act, happened_on)
    _check_there(act, place_id, quantity, day, lot_id)
    case_id = db.session.execute(
        insert(Discrepancy)
        .values(
            network_id=act.network_id,
            place_id=place_id,
            lot_id=lot_id,
            kind=kind,
            quantity=quantity,
            in_transit=False,
            note=note,
            opened_on=day,
            opened_by=act.person_id,
        )
        .returning(Discrepancy.id)
    ).scalar_one()
    if place == "point":
        # Counted stock follows the open differences.
        mark_stale(act, [place_id], month_of(day))
    return int(case_id)


def _check_there(act: Act, place_id: int, quantity: int, day: date, lot_id: int | None) -> None:
    lot = None
    if lot_id is not None:
        lot = db.session.scalars(select(Lot).where(Lot.network_id == act.network_id, Lot.id == lot_id)).one_or_none()
        if lot is None:
            raise NotFound("lot_unknown", lot_id=lot_id)
    there, reported = held(act.network_id, place_id, lot_id), open_at(act.network_id, place_id, lot_id)
    if lot is not None and lot.serial:
        _check_copy(act, place_id, lot, there, reported, day)
    if quantity > there - reported:
        raise Invalid(
            "more_than_there",
            fields={"quantity": "more_than_there"},
            title=lot.title if lot is not None else None,
            there=there,
            reported=reported,
        )


def _check_copy(act: Act, place_id: int, lot: Lot, there: int, reported: int, day: date) -> None:
    if not there:
        now = whereabouts(act.network_id, [lot.id])[lot.id]
        told = {"lot_id": lot.id, "place_id": place_id, "asked": 1, "there": 0, "now": now}
        raise CopiesElsewhere(lots=[told], fields={"what": "copies_elsewhere"})
    if reported:
        raise Conflict("reported_already", title=lot.title, barcode=lot.barcode)
    here = (Holding.network_id == act.network_id, Holding.place_id == place_id, Holding.lot_id == lot.id)
    came_on = db.session.scalar(select(Holding.last_on).where(*here))
    if came_on is not None and day < came_on:
        raise TooEarly(earliest=came_on, lots=[lot.id], fields={"happened_on": "too_early"})


def reverse_closing(act: Act, case_id: int, reason: str) -> int:
    """Take back how a case ended, with a reason: its move is mirrored, and it is open again. Returns the new entry.

    One of a batch is taken back as the batch's step. Raises Conflict("not_reversible") where nothing moved,
    Conflict("ended_with_step") where another step of its batch ended it (books recalled from the road were damaged),
    Conflict("repair_ended") where its copies were mended since, and what ``stock.commands.reverse`` raises.
    """
    case = db.session.scalars(
        select(Discrepancy)
        .where(Discrepancy.network_id == act.network_id, Discrepancy.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise NotFound(discrepancy_id=case_id)
    if case.entry_id is None:
        raise Conflict("not_reversible", step="resolved")
    if case.batch_id is not None:
        return reverse_step(act, case.batch_id, _event(act, case.batch_id, case.entry_id), reason)
    forget_repairs(act, case.entry_id)
    entry_id = reverse(act, case.entry_id, reason)
    open_again(act, case)
    return entry_id


def _event(act: Act, batch_id: int, entry_id: int) -> int:
    """The step that ended a difference and nothing else."""
    found = db.session.execute(
        select(BatchEvent.id).where(
            BatchEvent.network_id == act.network_id,
            BatchEvent.entry_id == entry_id,
            BatchEvent.step == "resolved",
        )
    ).scalar_one_or_none()
    if found is None:
        raise Conflict("ended_with_step", number=db.session.get_one(Batch, batch_id).number)
    return int(found)
