"""Which copies of the ledger a line of the story means: a barcode is one copy, a lot key the oldest lots there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.commands import NewLine
from branchnet.batches.rules import OPEN
from branchnet.demo.events import Batch
from branchnet.extensions import db
from branchnet.models import Batch as BatchRow
from branchnet.models import BatchLine, Holding
from branchnet.stock.queries import ids_of_copies


def lines(
    act: Act, batch: Batch, place_id: int, lots: Mapping[str, Sequence[int]], boxes: Sequence[Mapping[str, int]]
) -> list[NewLine]:
    """The lines of a batch that leaves a place, packed in these boxes; loose where there are none.

    ``lots``: by key the ids of its lots, the oldest first. Raises ValueError where the story takes more copies of a
    lot than are there and on no other open batch.
    """
    copies = ids_of_copies(act.network_id, batch.barcodes)
    free = _free(act, place_id, [lot_id for line in batch.counted for lot_id in lots[line.lot]])
    parts: list[tuple[int | None, str, int]] = [
        (number, key, quantity) for number, box in enumerate(boxes, 1) for key, quantity in box.items()
    ]
    if not boxes:
        parts = [(None, barcode, 1) for barcode in batch.barcodes]
        parts += [(None, line.lot, line.quantity) for line in batch.counted]
    return [
        NewLine(lot_id, part, number)
        for number, key, quantity in parts
        for lot_id, part in ([(copies[key], 1)] if key in copies else _take(free, lots[key], quantity))
    ]


def _take(free: dict[int, int], lot_ids: Sequence[int], quantity: int) -> Iterator[tuple[int, int]]:
    """So many copies (册) from the first of the lots that have any, taken off what is free."""
    for lot_id in lot_ids:
        part = min(quantity, free.get(lot_id, 0))
        if part > 0:
            free[lot_id] -= part
            quantity -= part
            yield lot_id, part
        if not quantity:
            return
    raise ValueError(f"the story takes {quantity} copies more than there are of lots {list(lot_ids)}")


def _free(act: Act, place_id: int, lot_ids: Sequence[int]) -> dict[int, int]:
    """Of each lot the copies (册) at a place that no open batch is going to take from there."""
    there = select(Holding.lot_id, Holding.quantity).where(
        Holding.network_id == act.network_id, Holding.place_id == place_id, Holding.lot_id.in_(lot_ids)
    )
    spoken_for = (
        select(BatchLine.lot_id, func.sum(BatchLine.quantity))
        .join(BatchRow, (BatchRow.network_id == BatchLine.network_id) & (BatchRow.id == BatchLine.batch_id))
        .where(
            BatchRow.network_id == act.network_id,
            BatchRow.state.in_(OPEN),
            BatchRow.from_place_id == place_id,
            BatchLine.lot_id.in_(lot_ids),
        )
        .group_by(BatchLine.lot_id)
    )
    free = {lot_id: int(quantity) for lot_id, quantity in db.session.execute(there)}
    for lot_id, quantity in db.session.execute(spoken_for):
        free[lot_id] = free.get(lot_id, 0) - int(quantity)
    return free
