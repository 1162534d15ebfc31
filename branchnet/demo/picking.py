"""Which copies of the ledger a line of the story means: a barcode is one copy, a lot key the oldest lots there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select

from branchnet.access.acts import Act
from branchnet.batches.commands import NewLine
from branchnet.batches.rules import OPEN
from branchnet.demo.events import Batch, CountedLot
from branchnet.extensions import db
from branchnet.models import Batch as BatchRow
from branchnet.models import BatchLine, Holding, Lot
from branchnet.stock.queries import ids_of_copies


def lines(
    act: Act, batch: Batch, place_id: int, lots: Mapping[str, CountedLot], boxes: Sequence[Mapping[str, int]]
) -> list[NewLine]:
    """The lines of a batch that leaves a place, packed in these boxes; loose where there are none.

    Raises ValueError where the story takes more copies of a lot than are there and on no other open batch.
    """
    copies = ids_of_copies(act.network_id, batch.barcodes)
    shelf = _Shelf(_free(act, place_id, {lots[line.lot].name for line in batch.counted}))
    parts: list[tuple[int | None, str, int]] = [
        (number, key, quantity) for number, box in enumerate(boxes, 1) for key, quantity in box.items()
    ]
    if not boxes:
        parts = [(None, barcode, 1) for barcode in batch.barcodes]
        parts += [(None, line.lot, line.quantity) for line in batch.counted]
    return [
        NewLine(lot_id, part, number)
        for number, key, quantity in parts
        for lot_id, part in ([(copies[key], 1)] if key in copies else shelf.take(lots[key].name, quantity))
    ]


class _Shelf:
    """Counted lots by title, the oldest first, with the copies of each that are still free."""

    def __init__(self, free: Mapping[str, list[list[int]]]) -> None:
        self.free = free

    def take(self, title: str, quantity: int) -> Iterator[tuple[int, int]]:
        for standing in self.free.get(title, []):
            part = min(quantity, standing[1])
            if part > 0:
                standing[1] -= part
                quantity -= part
                yield standing[0], part
            if not quantity:
                return
        raise ValueError(f"the story takes {quantity} copies of {title} more than there are")


def _free(act: Act, place_id: int, titles: set[str]) -> dict[str, list[list[int]]]:
    """By title the lots at a place with their copies that no open batch is going to take from there."""
    if not titles:
        return {}
    spoken_for = _spoken_for(act, place_id)
    rows = db.session.execute(
        select(Lot.title, Lot.id, Holding.quantity)
        .join(Holding, (Holding.network_id == Lot.network_id) & (Holding.lot_id == Lot.id))
        .where(Holding.network_id == act.network_id, Holding.place_id == place_id, Holding.serial.is_(False))
        .order_by(Lot.id)
    )
    free: dict[str, list[list[int]]] = {}
    for title, lot_id, there in rows:
        if title in titles:
            free.setdefault(title, []).append([lot_id, there - spoken_for.get(lot_id, 0)])
    return free


def _spoken_for(act: Act, place_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(BatchLine.lot_id, func.sum(BatchLine.quantity))
        .join(BatchRow, (BatchRow.network_id == BatchLine.network_id) & (BatchRow.id == BatchLine.batch_id))
        .where(BatchRow.network_id == act.network_id, BatchRow.state.in_(OPEN), BatchRow.from_place_id == place_id)
        .group_by(BatchLine.lot_id)
    )
    return {lot_id: int(quantity) for lot_id, quantity in rows}
