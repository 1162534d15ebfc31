"""The rest of a batch is taken off the road again, once a part of it was received."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.boxes import on_its_way
from branchnet.batches.commands.receiving import parts_on_the_road
from branchnet.batches.commands.settling import settle_up
from branchnet.batches.commands.shared import (
    batch_for,
    close_if_settled,
    copies_of,
    end_damage_on_the_road,
    forget_scans,
    log,
    not_before_sending,
    on_the_road,
)
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch, Box
from branchnet.points.queries import central_place
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting, Transfer


def recall(act: Act, batch_id: int, happened_on: date, reason: str, lost: Mapping[int, int] | None = None) -> Batch:
    """Recall the rest (追回其余): what is still on the road came back to where it was sent from.

    ``lost`` names the copies (册 by lot) that did not come back: they are written off. The boxes not counted are
    recalled, and damage told of them ends with it; a shortage that a count opened stays a difference of its own, and so
    does damage that names no box where some came. dispatched → received, → closed where
    nothing is open; a batch of which nothing came at all, part of it lost → cancelled. Raises
    Conflict("nothing_received") where nothing was received and nothing lost: that is ``cancel``'s work.
    """
    batch = batch_for(act, batch_id, "recall")
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": "required"})
    day = not_before_sending(act, batch, happened_on)
    untouched = on_the_road(act, batch) == copies_of(act, batch.id)
    if untouched and not lost:
        raise Conflict("nothing_received", number=batch.number)
    parts = list(parts_on_the_road(act, batch).values())
    transfers = _transfers(act, batch, parts, lost or {})
    entry_id = post(act, Posting("recall", day, "recall", batch.id, reason.strip()), transfers)
    db.session.execute(
        update(Box)
        .where(Box.network_id == act.network_id, Box.id.in_([part.box_id for part in parts]), on_its_way())
        .values(recalled_on=day)
    )
    end_damage_on_the_road(act, batch, day, entry_id, None if untouched else [part.box_id for part in parts])
    came_back = sum(part.copies for part in parts) - sum((lost or {}).values())
    _end(act, batch, day, untouched, came_back)
    log(act, batch, "recalled", day, entry_id, sum(part.copies for part in parts), reason.strip())
    forget_scans(act, batch)
    settle_up(act, batch, day)
    close_if_settled(act, batch, day)
    return batch


def _transfers(act: Act, batch: Batch, parts: list[rules.Part], lost: Mapping[int, int]) -> list[Transfer]:
    """What was not counted goes back, and what is lost of it to where the lost ones are."""
    sent: dict[int, int] = {}
    counted: set[int] = set()
    for part in parts:
        counted |= part.counted_lots
        for lot_id, quantity in part.sent.items():
            sent[lot_id] = sent.get(lot_id, 0) + quantity
    if any(not 0 < quantity <= sent.get(lot_id, 0) for lot_id, quantity in lost.items()):
        raise Invalid("lost", fields={"lost": "more_lost"})
    written_off, road = central_place(act.network_id, "lost"), batch.transit_place_id or 0
    return [
        Transfer(lot_id, lot_id not in counted, road, end, quantity)
        for lot_id in sorted(sent)
        for end, quantity in (
            (batch.from_place_id, sent[lot_id] - lost.get(lot_id, 0)),
            (written_off, lost.get(lot_id, 0)),
        )
        if quantity
    ]


def _end(act: Act, batch: Batch, day: date, untouched: bool, came_back: int) -> None:
    """What was received of it stays received; a delivery whose books went back to its place is still out."""
    if untouched:
        batch.state = "cancelled"
    else:
        batch.state, batch.received_on = "received", day
    if batch.settles_id is not None and came_back:
        batch_for(act, batch.settles_id).collected_on = None
