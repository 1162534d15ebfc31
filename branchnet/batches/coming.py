"""What is scanned when books come back: which copy is of this return, and of every other one what it is instead.

Reads; a few statements, however many copies.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, select

from branchnet.batches.candidates import Candidates, candidates, copies_named, each, unknown_codes
from branchnet.errors import BranchNetError, Conflict, NotFound
from branchnet.models import Batch, BatchLine, BatchScan, Network, Person
from branchnet.stock.queries import Whereabouts, whereabouts


def look_back(batch: Batch, barcodes: Iterable[str]) -> Candidates:
    """Look at every barcode once, as it stands on the book, in the order given.

    A return that is still made up takes every copy that stands at its point; one on the road those on its lines.
    Refused are: not_in_the_books (a foreign book, it seems), box_label, barcode_long, in_this_batch and in_other_batch
    (in a draft), scanned_already (by whom, when), of_another_batch (at this point, but not in this return),
    of_another_point, and not_out (on the shelf, lost, withdrawn …), the last three with where the copy is.
    """
    wanted = list(dict.fromkeys(barcodes))
    return _into_a_draft(batch, wanted) if batch.state == "draft" else _on_the_road(batch, wanted)


def _into_a_draft(batch: Batch, barcodes: Sequence[str]) -> Candidates:
    found = candidates(batch, barcodes)
    for barcode, error in found.refused.items():
        found.refused[barcode] = _as_coming_back(batch, barcode, error)
    return found


def _on_the_road(batch: Batch, barcodes: Sequence[str]) -> Candidates:
    copies = copies_named(batch.network_id, barcodes)
    lines = _lines(batch, [copy.lot_id for copy in copies.values()])
    others = [copy.lot_id for copy in copies.values() if copy.lot_id not in lines]
    now = whereabouts(batch.network_id, others) if others else {}
    unknown = unknown_codes(batch.network_id, [barcode for barcode in barcodes if barcode not in copies])
    found = Candidates()
    for barcode in barcodes:
        copy = copies.get(barcode)
        if copy is None:
            found.refused[barcode] = _as_coming_back(batch, barcode, unknown[barcode])
        elif copy.lot_id not in lines:
            found.refused[barcode] = _elsewhere(batch, barcode, now[copy.lot_id])
        elif (line := lines[copy.lot_id]).scanned_at is None:
            found.good[barcode] = copy
        else:
            found.refused[barcode] = Conflict(
                "scanned_already",
                barcode=barcode,
                title=copy.title,
                person=line.person,
                at=line.scanned_at,
                zone=line.zone,
            )
    return found


def _lines(batch: Batch, lot_ids: Sequence[int]) -> dict[int, Any]:
    """By lot what of it is on the lines of the return, and by whom and when it was scanned."""
    scan = and_(
        BatchScan.network_id == BatchLine.network_id,
        BatchScan.batch_id == BatchLine.batch_id,
        BatchScan.lot_id == BatchLine.lot_id,
    )
    query = (
        select(
            BatchLine.lot_id,
            BatchScan.scanned_at,
            Person.display_name.label("person"),
            Network.time_zone.label("zone"),
        )
        .join(Network, Network.id == BatchLine.network_id)
        .outerjoin(BatchScan, scan)
        .outerjoin(Person, Person.id == BatchScan.scanned_by)
        .where(BatchLine.network_id == batch.network_id, BatchLine.batch_id == batch.id)
    )
    return {row.lot_id: row for row in each(query, BatchLine.lot_id, lot_ids)}


def _as_coming_back(batch: Batch, barcode: str, error: BranchNetError) -> BranchNetError:
    """What picking says of a copy, as it is told to somebody with a book in the hand that came back."""
    if error.reason == "barcode_unknown":
        return NotFound("not_in_the_books", barcode=barcode)
    if error.reason == "copies_elsewhere":
        return _elsewhere(batch, barcode, error.data["lots"][0]["now"])
    return error


def _elsewhere(batch: Batch, barcode: str, now: Whereabouts) -> BranchNetError:
    standing = now.places[0] if now.places else None
    told: dict[str, Any] = {"barcode": barcode, "title": now.title, "lot": now.lot_id, "now": now}
    if standing is None or standing.kind != "point":
        return Conflict("not_out", **told)
    told |= {"brought": standing.batch, "place": standing.name}
    return Conflict("of_another_batch" if standing.place_id == batch.from_place_id else "of_another_point", **told)
