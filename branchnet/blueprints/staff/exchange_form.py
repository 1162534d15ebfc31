"""What the form of an exchange visit says, as a visit: the point found, and the copies that the numbers mean."""

from typing import Any

from branchnet.access.guards import staff
from branchnet.batches import queries
from branchnet.batches.afterwards_schema import listed_barcodes
from branchnet.batches.commands import Brought, NewLine, Visit
from branchnet.blueprints.staff.beginning import all_points
from branchnet.blueprints.staff.matching import one_like, title_names
from branchnet.errors import Invalid, NotFound
from branchnet.points.queries import Point, central_place
from branchnet.stock.queries import ids_of_copies


def point_of(code: str | None) -> Point | None:
    """The point of a code in one's own network."""
    return next((point for point in all_points() if point.code == code), None)


def visit_of(sent: dict[str, Any]) -> Visit:
    """The visit that the form tells of. Raises Invalid and NotFound naming the field."""
    point = point_of(sent["to"])
    if point is None:
        raise Invalid(fields={"to": "kind"})
    place, shelf = point.place_id, central_place(staff().network_id, "shelf")
    short = _lines(place, sent["short"], sent["short_barcodes"], sent["short_books"], "short")
    return Visit(
        place_id=place,
        happened_on=sent["happened_on"],
        brought=_brought(sent, shelf),
        taken=_lines(place, sent["taken"], sent["taken_barcodes"], sent["taken_books"], "taken"),
        everything=sent["everything"],
        short={line.lot_id: line.quantity for line in short},
        shelved=sent["shelved"],
        note=sent["note"],
    )


def _brought(sent: dict[str, Any], shelf: int) -> Brought:
    who, told = staff(), (sent["received"], sent["counted"])
    if sent["batch"]:
        return Brought(queries.own_batch(who.network_id, sent["batch"]), received=told[0], counted=told[1])
    lines = _lines(shelf, sent["copies"], sent["barcodes"], sent["books"], "copies")
    return Brought(None, sent["kind"], lines, *told)


def _lines(place: int, copies: int | None, pasted: str, books: str | None, field: str) -> list[NewLine]:
    """Barcoded copies, and the rest of the number of a counted lot: the one that is named, or that there is most of."""
    barcodes = listed_barcodes(pasted)
    known = ids_of_copies(staff().network_id, barcodes)
    beside = "barcodes" if field == "copies" else f"{field}_barcodes"
    if unknown := [barcode for barcode in barcodes if barcode not in known]:
        raise NotFound("barcode_unknown", fields={beside: "barcode_unknown"}, barcode=unknown[0])
    lines = [NewLine(known[barcode]) for barcode in barcodes]
    if copies is not None and copies < len(barcodes):
        raise Invalid("fewer_than_barcodes", fields={field: "fewer_than_barcodes"})
    left = (copies or len(barcodes)) - len(barcodes)
    return [*lines, NewLine(_counted_lot(place, books, field), left)] if left else lines


def _counted_lot(place: int, typed: str | None, field: str) -> int:
    """The counted lot that is meant. Raises Invalid where there is none of this name, or none at all."""
    lots = queries.counted_lots_at(staff().network_id, place)
    beside = "books" if field == "copies" else f"{field}_books"
    if typed is None:
        if not lots:
            raise Invalid("only_barcodes_there", fields={field: "only_barcodes_there"})
        return max(lots, key=lambda lot: (lot.quantity, -lot.id)).id
    return one_like(typed, lots, lambda lot: title_names(lot.title), beside).id
