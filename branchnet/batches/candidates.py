"""Which copies can go into a batch, and of every other one why not. Reads; a few statements, however many copies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from branchnet.batches import rules
from branchnet.database import Rows
from branchnet.errors import BranchNetError, Conflict, CopiesElsewhere, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Holding, Lot, Network, Person
from branchnet.stock.queries import AT_ONCE, whereabouts
from branchnet.stock.rules import LONGEST_BARCODE


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that a barcode names."""

    lot_id: int
    barcode: str
    title: str


@dataclass(slots=True)
class Candidates:
    """Of the barcodes that were asked for: the copies that can go, and of each other one what is wrong with it."""

    good: dict[str, Copy] = field(default_factory=dict)
    refused: dict[str, BranchNetError] = field(default_factory=dict)


def candidates(batch: Batch, barcodes: Iterable[str]) -> Candidates:
    """Look at every barcode once, as it stands on the book, in the order given.

    Refused are: barcode_unknown, barcode_long, box_label (no copy carries it, a box does), in_this_batch and
    in_other_batch (with the box, who put it there and when), and copies_elsewhere with where it is and since when.
    """
    wanted = list(dict.fromkeys(barcodes))
    copies = copies_named(batch.network_id, [barcode for barcode in wanted if len(barcode) <= LONGEST_BARCODE])
    lot_ids = [copy.lot_id for copy in copies.values()]
    listed = _listed(batch, lot_ids)
    there = _there(batch, [lot_id for lot_id in lot_ids if lot_id not in listed])
    missing = [lot_id for lot_id in lot_ids if lot_id not in listed and lot_id not in there]
    now = whereabouts(batch.network_id, missing) if missing else {}
    unknown = unknown_codes(batch.network_id, [barcode for barcode in wanted if barcode not in copies])
    found = Candidates()
    for barcode in wanted:
        copy = copies.get(barcode)
        if copy is None:
            found.refused[barcode] = unknown[barcode]
        elif copy.lot_id in listed:
            found.refused[barcode] = _already(batch, copy, listed[copy.lot_id])
        elif copy.lot_id in there:
            found.good[barcode] = copy
        else:
            lot = {"lot_id": copy.lot_id, "place_id": batch.from_place_id, "asked": 1, "there": 0}
            found.refused[barcode] = CopiesElsewhere(lots=[{**lot, "now": now[copy.lot_id]}])
    return found


def look_at(network_id: int, batch_id: int, barcodes: Iterable[str]) -> Candidates:
    """The same for a batch by its id, for whoever only wants to be told."""
    batch = db.session.execute(select(Batch).where(Batch.network_id == network_id, Batch.id == batch_id)).scalar_one()
    return candidates(batch, barcodes)


def copies_named(network_id: int, barcodes: Sequence[str]) -> dict[str, Copy]:
    query = select(Lot.id, Lot.barcode, Lot.title).where(Lot.network_id == network_id)
    return {row.barcode: Copy(*row) for row in each(query, Lot.barcode, barcodes)}


def _there(batch: Batch, lot_ids: Sequence[int]) -> set[int]:
    """The lots that stand where the batch starts from."""
    query = select(Holding.lot_id).where(
        Holding.network_id == batch.network_id, Holding.place_id == batch.from_place_id, Holding.quantity > 0
    )
    return {row.lot_id for row in each(query, Holding.lot_id, lot_ids)}


def _listed(batch: Batch, lot_ids: Sequence[int]) -> dict[int, Any]:
    """By lot its line in a batch that can still change: in this one before another."""
    query = (
        select(
            BatchLine.id,
            BatchLine.lot_id,
            BatchLine.batch_id,
            BatchLine.added_at,
            Batch.number,
            Batch.to_place_id,
            Box.number.label("box"),
            Person.display_name.label("person"),
            Network.time_zone.label("zone"),
        )
        .join(Batch, Batch.id == BatchLine.batch_id)
        .join(Network, Network.id == BatchLine.network_id)
        .outerjoin(Box, Box.id == BatchLine.box_id)
        .outerjoin(Person, Person.id == BatchLine.added_by)
        .where(BatchLine.network_id == batch.network_id, Batch.state.in_(rules.OPEN))
    )
    found: dict[int, Any] = {}
    for row in each(query, BatchLine.lot_id, lot_ids):
        if row.lot_id not in found or row.batch_id == batch.id:
            found[row.lot_id] = row
    return found


def _already(batch: Batch, copy: Copy, line: Any) -> Conflict:
    """Who put it where, and when: that is who can say why."""
    return Conflict(
        "in_this_batch" if line.batch_id == batch.id else "in_other_batch",
        barcode=copy.barcode,
        title=copy.title,
        number=line.number,
        line=line.id,
        box=line.box,
        person=line.person,
        at=line.added_at,
        zone=line.zone,
    )


def unknown_codes(network_id: int, barcodes: Sequence[str]) -> dict[str, BranchNetError]:
    """What no copy carries: the label of a box, or nothing that is in the books."""
    query = (
        select(Box.label, Box.number.label("box"), Batch.number)
        .join(Batch, Batch.id == Box.batch_id)
        .where(Box.network_id == network_id)
    )
    boxes = {row.label: row for row in each(query, Box.label, barcodes)}
    found: dict[str, BranchNetError] = {}
    for barcode in barcodes:
        if barcode in boxes:
            found[barcode] = Conflict("box_label", label=barcode, box=boxes[barcode].box, number=boxes[barcode].number)
        elif len(barcode) > LONGEST_BARCODE:
            found[barcode] = Invalid("barcode_long", barcode=barcode, fields={"barcode": "barcode_long"})
        else:
            found[barcode] = NotFound("barcode_unknown", barcode=barcode)
    return found


def each(query: Rows, column: Any, values: Sequence[Any]) -> Iterable[Any]:
    """The rows whose column is one of the values, in parts that any engine takes."""
    for start in range(0, len(values), AT_ONCE):
        yield from db.session.execute(query.where(column.in_(values[start : start + AT_ONCE])))
