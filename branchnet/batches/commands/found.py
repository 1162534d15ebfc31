"""Books of others found among ours (代管图书): written down until they went home. No lot, no move."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from branchnet.access.acts import Act
from branchnet.access.personal import note_problem
from branchnet.batches.commands.shared import not_ahead
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Batch, FoundItem
from branchnet.models.coming_back import FOUND_OUTCOMES
from branchnet.points.queries import central_place
from branchnet.stock.rules import barcode_of


@dataclass(frozen=True, slots=True)
class Found:
    """What can be told of such a book: code or title, whose it is, how many (册)."""

    code: str | None = None
    title: str | None = None
    whose: str | None = None
    quantity: int = 1
    note: str | None = None


def record_found(
    act: Act, found: Found, happened_on: date, batch_id: int | None = None, place_id: int | None = None
) -> int:
    """Write down a book that is in no books of ours, found at a place (the workroom, unless said) or in a return.

    Returns its id. Raises Invalid where nothing names it, NotFound for a batch of others.
    """
    code = barcode_of(found.code or "") or None
    if code is None and not found.title:
        raise Invalid("found_unnamed", fields={"title": "required"})
    if found.quantity < 1:
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    if found.note and (problem := note_problem(found.note)):
        raise Invalid("note", fields={"note": problem})
    mine = select(Batch.id).where(Batch.network_id == act.network_id, Batch.id == batch_id)
    if batch_id is not None and db.session.scalar(mine) is None:
        raise NotFound(batch_id=batch_id)
    return int(
        db.session.execute(
            insert(FoundItem)
            .values(
                network_id=act.network_id,
                place_id=place_id or central_place(act.network_id, "workroom"),
                batch_id=batch_id,
                code=code,
                title=found.title,
                whose=found.whose,
                quantity=found.quantity,
                found_on=not_ahead(act, happened_on),
                found_by=act.person_id,
                note=found.note,
            )
            .returning(FoundItem.id)
        ).scalar_one()
    )


def close_found(act: Act, found_id: int, outcome: str, happened_on: date) -> None:
    """It was given back, is kept with the consent of its owner, or turned out to be ours.

    Raises Conflict("found_closed"), TooEarly, Invalid("outcome").
    """
    item = db.session.scalars(
        select(FoundItem)
        .where(FoundItem.network_id == act.network_id, FoundItem.id == found_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if item is None:
        raise NotFound(found_id=found_id)
    if item.closed_on is not None:
        raise Conflict("found_closed")
    if outcome not in FOUND_OUTCOMES:
        raise Invalid("outcome", fields={"outcome": "kind"})
    day = not_ahead(act, happened_on)
    if day < item.found_on:
        raise TooEarly(earliest=item.found_on, fields={"happened_on": "too_early"})
    item.closed_on, item.closed_by, item.outcome = day, act.person_id, outcome
    db.session.flush()
