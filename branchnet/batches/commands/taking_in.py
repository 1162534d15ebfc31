"""Copies come into the books: what stood there before records began, and what is bought or given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.shared import log, not_ahead
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine
from branchnet.points.queries import central_place
from branchnet.stock.commands import bring_in
from branchnet.stock.rules import NewLot, Posting


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A batch that came into the books, and the ids of its lots in the order they were given."""

    batch: Batch
    lot_ids: list[int]


def take_in(
    act: Act,
    kind: str,
    lots: Sequence[NewLot],
    happened_on: date,
    to_place_id: int | None = None,
    note: str | None = None,
    source: str | None = None,
) -> TakenIn:
    """An ``opening`` or an ``accession``: new lots come out of supply to a place (the shelf unless told otherwise).

    Never in any figure of books sent. Raises Invalid for other kinds and for lots that cannot be, Conflict for
    barcodes that are known.
    """
    if kind not in rules.INTO_THE_BOOKS:
        raise Invalid("kind", fields={"kind": "kind"})
    day = not_ahead(act, happened_on)
    supply = central_place(act.network_id, "supply")
    batch = draft(act, NewBatch(kind, day, to_place_id, supply, note=note, source=source))
    place = batch.to_place_id
    entry_id, lot_ids = bring_in(act, Posting(kind, day, kind, batch.id), lots, supply, place)
    now = clock.now()
    db.session.execute(
        insert(BatchLine),
        [
            {
                "network_id": act.network_id,
                "batch_id": batch.id,
                "box_id": None,
                "lot_id": lot_id,
                "serial": lot.serial,
                "quantity": lot.quantity,
                "added_at": now,
                "added_by": act.person_id,
            }
            for lot_id, lot in zip(lot_ids, lots, strict=True)
        ],
    )
    batch.state, batch.received_on = "closed", day
    log(act, batch, "received", day, entry_id, sum(lot.quantity for lot in lots))
    return TakenIn(batch, lot_ids)
