"""Picking: a copy by its barcode, a column of barcodes, so many copies of what nobody barcoded."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.candidates import Candidates, candidates
from branchnet.batches.commands.lines import NewLine, add_lines, box_ids, open_for_lines, write_lines
from branchnet.batches.counted import Counted, counted_there, one_name
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import BatchLine
from branchnet.stock.rules import barcode_of, repeated


@dataclass(frozen=True, slots=True)
class Added:
    """A copy that was added: its line, its lot, and what it is called."""

    line_id: int
    lot_id: int
    barcode: str
    title: str


@dataclass(frozen=True, slots=True)
class ListAdded:
    """What became of a list of barcodes: how many copies (册) were added, and which were not."""

    copies: int
    refused: tuple[str, ...]
    repeated: tuple[str, ...]
    """What stood in the list more than once; it counts once."""


def add_copy(act: Act, batch_id: int, barcode: str, box: int | None = None) -> Added:
    """Add the copy of a barcode, as the scanner reads it. Costs the same whatever the batch holds already.

    Raises what is wrong with this very copy: see `candidates`.
    """
    batch = open_for_lines(act, batch_id)
    boxes = box_ids(act, batch, set() if box is None else {box})
    asked = barcode_of(barcode)
    if not asked:
        raise Invalid("barcode_missing", fields={"barcode": "required"})
    found = candidates(batch, [asked])
    for error in found.refused.values():
        raise error
    copy = found.good[asked]
    line_id = db.session.execute(
        insert(BatchLine)
        .values(
            network_id=act.network_id,
            batch_id=batch.id,
            box_id=None if box is None else boxes[box],
            lot_id=copy.lot_id,
            serial=True,
            quantity=1,
            added_at=clock.now(),
            added_by=act.person_id,
        )
        .returning(BatchLine.id)
    ).scalar_one()
    return Added(line_id, copy.lot_id, copy.barcode, copy.title)


def add_list(act: Act, batch_id: int, barcodes: Iterable[str], box: int | None = None) -> ListAdded:
    """Add every copy of a list that can go, in its order; the others are named. A few statements, however long."""
    batch = open_for_lines(act, batch_id)
    boxes = box_ids(act, batch, set() if box is None else {box})
    asked = [barcode for barcode in map(barcode_of, barcodes) if barcode]
    found: Candidates = candidates(batch, asked)
    lines = [NewLine(copy.lot_id, 1, box) for copy in found.good.values()]
    write_lines(act, batch, lines, boxes, dict.fromkeys((line.lot_id for line in lines), True))
    return ListAdded(len(lines), tuple(found.refused), tuple(repeated(asked)))


def add_counted(act: Act, batch_id: int, text: str, quantity: int, box: int | None = None) -> str:
    """Add so many copies (册) of a counted lot by its title, its category or their pinyin initials. Returns its name.

    Lots of the same title and category are one to whoever takes them off the shelf: the oldest goes first. Raises
    NotFound("counted_unknown"), Conflict("counted_several") with the names that fit, Conflict("counted_short").
    """
    batch = open_for_lines(act, batch_id)
    if quantity < 1:
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    lots = one_name(counted_there(batch, text), text)
    free = sum(lot.free for lot in lots)
    if quantity > free:
        listed = sum(lot.listed for lot in lots)
        raise Conflict("counted_short", name=lots[0].name, asked=quantity, there=free + listed, listed=listed)
    add_lines(act, batch.id, _taken(lots, quantity, box))
    return lots[0].name


def _taken(lots: Iterable[Counted], quantity: int, box: int | None) -> list[NewLine]:
    lines = []
    for lot in lots:
        taken = min(lot.free, quantity)
        quantity -= taken
        if taken:
            lines.append(NewLine(lot.lot_id, taken, box))
    return lines
