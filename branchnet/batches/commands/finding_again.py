"""Found after it was written off: a move of its own. What was a loss stays one in the figures of its day."""

from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.commands.disposing import take_off_drafts
from branchnet.batches.commands.leaving import follow_stays
from branchnet.batches.commands.repairing import begin_repairs, forget_repairs
from branchnet.batches.commands.shared import check_open, not_ahead
from branchnet.batches.handed_over import check_not_away
from branchnet.batches.losses.moved import brought_by
from branchnet.batches.losses.rules import GONE, WHERE_FOUND
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Entry, Lot, Move, Place
from branchnet.points.queries import central_place
from branchnet.stock.commands import reverse
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting, Transfer

NOTE_LENGTH = 200


def find_again(
    act: Act, lot_id: int, gone: str, place_id: int, happened_on: date, quantity: int = 1, note: str | None = None
) -> int:
    """Copies (册) written off (``gone``: lost, to_be_disposed, withdrawn) turned up at a place. Returns the entry's id.

    The entry's note begins with the case (#12) or the list (CZ26-001) that wrote them off. In the workroom they are
    looked at as a repair is; draft lists lose them. Raises CopiesElsewhere where no such copy is gone, TooEarly
    before the day it went, Conflict("point_closed"), Conflict("point_handed_over") for what another network has.
    """
    if gone not in GONE:
        raise Invalid(fields={"gone": "kind"})
    found_in = db.session.scalar(select(Place.kind).where(Place.network_id == act.network_id, Place.id == place_id))
    serial = db.session.scalar(select(Lot.serial).where(Lot.network_id == act.network_id, Lot.id == lot_id))
    if found_in not in WHERE_FOUND or serial is None:
        raise NotFound(lot_id=lot_id, place_id=place_id)
    if quantity < 1 or (serial and quantity > 1):
        raise Invalid(fields={"quantity": "copy_is_one" if serial else "quantity_not_positive"})
    day = not_ahead(act, happened_on)
    if found_in == "point":
        check_open(act, place_id, day)
    if gone == "withdrawn":
        check_not_away(act, lot_id, quantity)
    start = central_place(act.network_id, gone)
    brought = brought_by(act.network_id, {(lot_id, start): None}).get((lot_id, start))
    told = f"{brought.mark if brought else ''} {note or ''}".strip()[:NOTE_LENGTH]
    posting = Posting("found_again", day, "found_again", note=told or None)
    entry_id = post(act, posting, [Transfer(lot_id, serial, start, place_id, quantity)])
    if found_in == "workroom":
        begin_repairs(act, entry_id, day, {lot_id: quantity})
    take_off_drafts(act, lot_id, start)
    follow_stays(act, place_id)
    return entry_id


def reverse_find(act: Act, entry_id: int, reason: str) -> int:
    """It was another book after all: the copies are gone again. Returns the new entry's id."""
    verb = db.session.scalar(select(Entry.verb).where(Entry.network_id == act.network_id, Entry.id == entry_id))
    if verb != "found_again":
        raise Conflict("not_reversible", step="found_again") if verb else NotFound(entry_id=entry_id)
    forget_repairs(act, entry_id)
    reversal_id = reverse(act, entry_id, reason)
    found_at = select(Move.to_place_id).where(Move.network_id == act.network_id, Move.entry_id == entry_id)
    follow_stays(act, db.session.scalars(found_at).one())
    return reversal_id
