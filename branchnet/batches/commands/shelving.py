"""Of what waits in the workroom only a part is shelved today: copies by barcode, uncoded ones by kind and number."""

from collections.abc import Collection
from datetime import date

from branchnet.access.acts import Act
from branchnet.batches.commands.coming_back import brought_by, restock, return_in
from branchnet.batches.counted import counted_on, one_name
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch
from branchnet.points.queries import central_place


def shelve_part(
    act: Act,
    batch_id: int,
    happened_on: date,
    lots: Collection[int] = (),
    what: str | None = None,
    quantity: int | None = None,
) -> None:
    """Shelve these copies (lots) of a return, and so many copies (册) of a counted kind; the others wait.

    Raises Invalid by field where nothing is named or fewer wait, NotFound("counted_unknown"),
    Conflict("counted_several"), and what ``restock`` raises.
    """
    batch = return_in(act, batch_id, "restock")
    if not lots and not what:
        raise Invalid(fields={"barcodes": "required"})
    if bool(what) != bool(quantity):
        raise Invalid(fields={"quantity" if what else "what": "required"})
    counted = _counted(act, batch, what, quantity) if what and quantity else {}
    restock(act, batch_id, happened_on, None, lots, counted)


def _counted(act: Act, batch: Batch, what: str, quantity: int) -> dict[int, int]:
    """By lot the copies that are meant; lots of one name are taken in their order."""
    named = [lot.lot_id for lot in one_name(counted_on(batch, what), what)]
    workroom = central_place(act.network_id, "workroom")
    waiting = {row.lot_id: row.quantity for row in db.session.execute(brought_by(act, batch, workroom, named))}
    left, found = quantity, {}
    for lot_id in sorted(waiting):
        taken = min(left, waiting[lot_id])
        left -= taken
        if taken:
            found[lot_id] = taken
    if left:
        there = sum(waiting.values())
        raise Invalid("fewer_waiting", fields={"quantity": "fewer_waiting"}, there=there)
    return found
