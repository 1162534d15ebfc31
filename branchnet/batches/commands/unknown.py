"""A copy that the scanner reads and the books do not know: it is taken in, and goes along."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.commands.drafting import NewLine, add_lines, open_for_lines
from branchnet.batches.commands.shared import last_day_open
from branchnet.batches.commands.taking_in import take_in
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent
from branchnet.stock.rules import NewLot


def add_unknown_copy(act: Act, batch_id: int, new: NewLot, box: int | None = None) -> int:
    """Take a copy in where the batch starts, as an accession of its own, and add it to the draft. Returns its lot.

    Dated the day the batch was drafted, or earlier where it must be, so that it can travel with it. Raises what
    `take_in` and `add_lines` raise: Conflict("barcodes_known") where somebody was faster.
    """
    batch = open_for_lines(act, batch_id)
    barcode = (new.barcode or "").strip()
    if not barcode:
        raise Invalid("barcode", fields={"barcode": "required"})
    copy = replace(new, barcode=barcode)
    taken = take_in(act, "accession", [copy], _there_since(act, batch), batch.from_place_id, note=batch.number)
    (lot_id,) = taken.lot_ids
    add_lines(act, batch.id, [NewLine(lot_id, 1, box)])
    return lot_id


def _there_since(act: Act, batch: Batch) -> date:
    """The day it was drafted; never ahead of today, and at a closed point the last day it was open."""
    drafted = select(func.min(BatchEvent.happened_on)).where(
        BatchEvent.network_id == act.network_id, BatchEvent.batch_id == batch.id, BatchEvent.step == "drafted"
    )
    return last_day_open(act, batch.from_place_id, min(db.session.execute(drafted).scalar_one(), act.today()))
