"""Receiving by scan: what was scanned has come; what was not is missing by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.boxes import on_its_way
from branchnet.batches.commands.receiving import parts_on_the_road, take
from branchnet.batches.commands.shared import batch_for, not_before_sending
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Box
from branchnet.stock.queries import ids_of_copies


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of a list of codes: 册 received, the ids of differences, and the codes that are not of this batch."""

    copies: int
    differences: list[int]
    strange: list[str]


def receive_scanned(
    act: Act,
    batch_id: int,
    happened_on: date,
    codes: Sequence[str],
    uncoded: Mapping[int, int] | None = None,
    note: str | None = None,
    *,
    complete: bool = False,
) -> Scanned:
    """Receive by scan: barcodes of copies, and labels of boxes, which come with the number they were sent with.

    A box of which any copy was scanned is scanned whole; ``complete`` says so where copies of it are missing: they stay
    on the road, each a difference that names it. ``uncoded`` says by box number (0: loose) how many copies without a
    barcode were counted. A code that is not of this batch's road moves nothing and is told.

    Raises NotFound("none_of_this_batch" with the codes) where that is all of them, Conflict("not_all_scanned" with the
    boxes), Invalid("rest_to_count") for a scanned box whose copies without a barcode nobody counted,
    NotFound("box_unknown"), and what `receive` raises.
    """
    batch = batch_for(act, batch_id, "receive")
    day = not_before_sending(act, batch, happened_on)
    parts = parts_on_the_road(act, batch)
    told = list(dict.fromkeys(codes))
    labels = {label: number for label, number in _labels(act, batch) if number in parts}
    whole = {labels[code] for code in told if code in labels}
    lots = ids_of_copies(act.network_id, [code for code in told if code not in labels])
    scanned = _by_part(parts, set(lots.values()))
    by_hand = {number: part for number, part in parts.items() if number not in whole}
    counted = _counted(batch, by_hand, scanned, uncoded or {})
    arrivals = {
        number: rules.arrive(part, part.copies)
        if number in whole
        else rules.arrive_scanned(part, scanned[number], counted.get(number, 0))
        for number, part in parts.items()
        if number in whole or scanned[number] or counted.get(number)
    }
    ours = {lot_id for found in scanned.values() for lot_id in found}
    strange = [code for code in told if code not in labels and lots.get(code) not in ours]
    if not arrivals:
        told_of = {"network_id": act.network_id, "today": act.today()}
        raise NotFound("none_of_this_batch", number=batch.number, codes=strange, **told_of)
    short = [(number, len(scanned[number]), parts[number].coded) for number in arrivals if number not in whole]
    if not complete and (boxes := [box for box in short if box[1] < box[2]]):
        raise Conflict("not_all_scanned", boxes=boxes)
    found = {
        parts[number].box_id: parts[number].copies if number in whole else len(scanned[number]) + counted.get(number, 0)
        for number in arrivals
    }
    opened = take(act, batch, day, found, _together(arrivals.values()), note)
    return Scanned(sum(found.values()), opened, strange)


def _labels(act: Act, batch: Batch) -> list[tuple[str, int]]:
    boxes = select(Box.label, Box.number).where(Box.network_id == act.network_id, Box.batch_id == batch.id)
    return [(label, number) for label, number in db.session.execute(boxes.where(on_its_way()))]


def _by_part(parts: Mapping[int, rules.Part], lots: set[int]) -> dict[int, set[int]]:
    """By box number the scanned copies that are in it."""
    return {number: (part.sent.keys() - part.counted_lots) & lots for number, part in parts.items()}


def _counted(
    batch: Batch, parts: Mapping[int, rules.Part], scanned: Mapping[int, set[int]], uncoded: Mapping[int, int]
) -> dict[int, int]:
    """By box number the copies without a barcode; a scanned box that holds such copies must say how many."""
    if unknown := [number for number in uncoded if number not in parts or not parts[number].uncoded]:
        raise NotFound("box_unknown", box=min(unknown), number=batch.number)
    if any(copies < 0 for copies in uncoded.values()):
        raise Invalid("quantity_not_positive", fields={"uncoded": "quantity_not_positive"})
    for number, part in parts.items():
        if scanned[number] and part.uncoded and number not in uncoded:
            raise Invalid("rest_to_count", fields={f"uncoded-{number}": "rest_to_count"})
    return dict(uncoded)


def _together(arrivals: Iterable[rules.Arrival]) -> rules.Arrival:
    moves: dict[int, int] = {}
    differences: list[rules.Difference] = []
    for arrival in arrivals:
        for lot_id, copies in arrival.moves.items():
            moves[lot_id] = moves.get(lot_id, 0) + copies
        differences += arrival.differences
    return rules.Arrival(moves, differences)
