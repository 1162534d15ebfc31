"""That was not box 3: the count of one box is taken back, and those of the others stay."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Integer, cast, func, select, update

from branchnet.access.acts import Act
from branchnet.batches.commands.correcting import check_newest, check_not_recalled, reverse_step
from branchnet.batches.commands.leaving import follow_stays
from branchnet.batches.commands.shared import batch_for, log
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, Box, Discrepancy, Entry, Move
from branchnet.stock.commands import reverse
from branchnet.stock.posting import post
from branchnet.stock.rules import Posting, Transfer


def uncount_box(act: Act, batch_id: int, number: int, reason: str) -> int:
    """Take back the count of one box (0: what was loose): it is on the road again, to be counted anew.

    Counted together with others, the whole count is reversed and that of the others recorded again the same day, so
    that nothing is edited; their differences stay as they are. Its own open differences end as miscounted. Returns the
    reversal's entry. Raises NotFound("box_not_counted"), and what ``reverse_step`` raises for a count.
    """
    batch = batch_for(act, batch_id)
    box = db.session.scalars(
        select(Box).where(
            Box.network_id == act.network_id,
            Box.batch_id == batch.id,
            Box.number == number,
            Box.counted_on.is_not(None),
        )
    ).one_or_none()
    if box is None:
        raise NotFound("box_not_counted", box=number, number=batch.number)
    event = db.session.scalars(
        select(BatchEvent).where(
            BatchEvent.network_id == act.network_id,
            BatchEvent.batch_id == batch.id,
            BatchEvent.step == "received",
            BatchEvent.entry_id == box.entry_id,
        )
    ).one()
    others = _counted_with(act, box)
    if not others:
        return reverse_step(act, batch_id, event.id, reason)
    if batch.state == "cancelled":
        raise Conflict("not_reversible", step=event.step)
    check_not_recalled(act, batch)
    check_newest(act, batch, event)
    return _without(act, batch, event, box, reason, others)


def _counted_with(act: Act, box: Box) -> dict[int, int]:
    """By id the other boxes of the same count, with the copies (册) counted in each."""
    rows = db.session.execute(
        select(Box.id, Box.copies).where(
            Box.network_id == act.network_id, Box.entry_id == box.entry_id, Box.id != box.id
        )
    )
    return {box_id: copies or 0 for box_id, copies in rows}


def _without(act: Act, batch: Batch, event: BatchEvent, box: Box, reason: str, others: Mapping[int, int]) -> int:
    """Reverse the count, and record it again without this box."""
    count_id = event.entry_id or 0
    rest = _moved_without(act, count_id, _came_in(act, box))
    reversal_id = reverse(act, count_id, reason)
    day = db.session.execute(
        select(Entry.posted_on).where(Entry.network_id == act.network_id, Entry.id == reversal_id)
    ).scalar_one()
    _forget(act, box, day)
    log(act, batch, "reversed", day, reversal_id, event.copies, reason)
    again_id = post(act, Posting("receive", day, "receive", batch.id, event.note), rest)
    for table, named in ((Box, Box.entry_id), (Discrepancy, Discrepancy.opened_entry_id)):
        db.session.execute(
            update(table)
            .where(table.network_id == act.network_id, table.batch_id == batch.id, named == count_id)
            .values({named.key: again_id})
            .execution_options(synchronize_session=False)
        )
    log(act, batch, "received", event.happened_on, again_id, sum(others.values()), event.note)
    batch.state, batch.received_on = "dispatched", None
    db.session.flush()
    follow_stays(act, batch.to_place_id)
    return reversal_id


def _came_in(act: Act, box: Box) -> dict[int, int]:
    """By lot the copies (册) that its count moved: all that was sent in it but what stayed on the road as missing."""
    mine = (BatchLine.network_id == act.network_id, BatchLine.box_id == box.id)
    lines = select(BatchLine.lot_id, cast(func.sum(BatchLine.quantity), Integer)).where(*mine)
    sent: dict[int, int] = dict(db.session.execute(lines.group_by(BatchLine.lot_id)).all())
    missing = db.session.execute(
        select(Discrepancy.lot_id, Discrepancy.quantity).where(
            Discrepancy.network_id == act.network_id,
            Discrepancy.box_id == box.id,
            Discrepancy.opened_entry_id == box.entry_id,
            Discrepancy.in_transit,
        )
    )
    for lot_id, copies in missing:
        sent[lot_id or 0] -= copies
    return sent


def _moved_without(act: Act, entry_id: int, less: Mapping[int, int]) -> list[Transfer]:
    """The moves of the count again, without so many copies (册) of each lot."""
    rows = db.session.execute(
        select(Move.lot_id, Move.serial, Move.from_place_id, Move.to_place_id, Move.quantity)
        .where(Move.network_id == act.network_id, Move.entry_id == entry_id)
        .order_by(Move.lot_id)
    ).all()
    return [
        Transfer(row.lot_id, row.serial, row.from_place_id, row.to_place_id, row.quantity - less.get(row.lot_id, 0))
        for row in rows
        if row.quantity > less.get(row.lot_id, 0)
    ]


def _forget(act: Act, box: Box, day: date) -> None:
    """The box is to be counted; what its count found open is no difference any more, what was settled on it stands."""
    found = (Discrepancy.network_id == act.network_id, Discrepancy.box_id == box.id)
    of_the_count = (*found, Discrepancy.opened_entry_id == box.entry_id)
    if db.session.execute(select(Discrepancy.id).where(*of_the_count, Discrepancy.entry_id.is_not(None))).first():
        raise Conflict("not_reversible", step="received")
    db.session.execute(
        update(Discrepancy)
        .where(*of_the_count, Discrepancy.closed_on.is_(None))
        .values(closed_on=day, closed_by=act.person_id, resolution="miscounted")
        .execution_options(synchronize_session=False)
    )
    box.counted_on, box.copies, box.entry_id = None, None, None
    db.session.flush()
