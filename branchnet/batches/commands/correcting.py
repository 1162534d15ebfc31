"""After the fact a batch is corrected only by reversal, with a reason."""

from datetime import date

from sqlalchemy import delete, func, select, update

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.repairing import forget_repairs
from branchnet.batches.commands.settling import check_settled, settle_up
from branchnet.batches.commands.shared import batch_for, forget_scans, log
from branchnet.batches.handed_over import check_not_handed_over
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchEvent, BatchLine, Box, Discrepancy, Entry, Place
from branchnet.stock.commands import reverse
from branchnet.stock.posting import mark_stale

STATE_BEFORE = {
    "dispatched": "draft",
    "received": "dispatched",
    "recalled": "dispatched",
    "scanned": "dispatched",
    "restocked": "received",
    "resolved": "received",
}
"""Where a batch stands again once a step of it is taken back."""


def reverse_step(act: Act, batch_id: int, event_id: int, reason: str) -> int:
    """Take back a step of a batch that moved copies, and bring the batch to where it stood before it.

    Open differences that the step opened end as miscounted; one that the step closed is open again. Raises
    Conflict("not_reversible") for a step that moved nothing or one that a difference was already settled on,
    Conflict("later_moves") for a count where the rest was recalled since, a scan that was restocked, a delivery that
    was collected since, a counted lot that a later return settled, Conflict("point_handed_over") for either end of a
    hand over, and what ``stock.commands.reverse`` raises.
    """
    batch = batch_for(act, batch_id)
    check_not_handed_over(act, batch)
    event = db.session.scalars(
        select(BatchEvent).where(
            BatchEvent.network_id == act.network_id,
            BatchEvent.batch_id == batch.id,
            BatchEvent.id == event_id,
        )
    ).one_or_none()
    if event is None:
        raise NotFound(event_id=event_id)
    # A batch of which nothing came at all is cancelled by its recall: that alone can be taken back then.
    ended = batch.state == "cancelled" and event.step != "recalled"
    if event.entry_id is None or event.step not in STATE_BEFORE or ended:
        raise Conflict("not_reversible", step=event.step)
    if event.step == "received":
        check_not_recalled(act, batch)
    if event.step in ("received", "scanned", "recalled"):
        check_newest(act, batch, event)
    if event.step == "resolved":
        forget_repairs(act, event.entry_id)
    entry_id = reverse(act, event.entry_id, reason)
    posted_on = db.session.execute(
        select(Entry.posted_on).where(Entry.network_id == act.network_id, Entry.id == entry_id)
    ).scalar_one()
    _step_back(act, batch, event, posted_on)
    log(act, batch, "reversed", posted_on, entry_id, event.copies, reason)
    check_settled(act, batch)
    settle_up(act, batch, posted_on)
    return entry_id


def _step_back(act: Act, batch: Batch, event: BatchEvent, day: date) -> None:
    if batch.kind in rules.INTO_THE_BOOKS:
        batch.state = "cancelled"
        return
    if event.step == "resolved":
        _open_again(act, batch, event, day)
        return
    batch.state = STATE_BEFORE[event.step]
    if event.step in ("received", "scanned", "restocked"):
        _uncount(act, batch, event, day)
    if event.step == "recalled":
        _on_the_road_again(act, batch, event)
    if event.step in ("received", "recalled", "scanned"):
        batch.received_on = None
    if event.step == "dispatched":
        _not_short(act, event, day)
        _take_off_the_road(act, batch)
    db.session.flush()


def _open_again(act: Act, batch: Batch, event: BatchEvent, day: date) -> None:
    """The difference that was closed by mistake is open again, and so is a batch that was settled with it."""
    opened_on = _open_cases(act, event)
    # Counted stock follows the open differences.
    if db.session.get_one(Place, batch.to_place_id).kind == "point":
        mark_stale(act, [batch.to_place_id], month_of(min(opened_on, default=day)))
    if batch.state == "closed":
        batch.state = "received"
        log(act, batch, "reopened", day)
    db.session.flush()


def _open_cases(act: Act, event: BatchEvent) -> list[date]:
    """What the step's entry closed is open again. Returns the days on which it was opened."""
    days = db.session.scalars(
        update(Discrepancy)
        .where(Discrepancy.network_id == act.network_id, Discrepancy.entry_id == event.entry_id)
        .values(closed_on=None, closed_by=None, resolution=None, closing_note=None, entry_id=None)
        .returning(Discrepancy.opened_on)
        .execution_options(synchronize_session=False)
    )
    return list(days)


def check_not_recalled(act: Act, batch: Batch) -> None:
    """Newest first: a recall took all that was not counted, and a box does not say which recall took it."""
    recalled = (Box.network_id == act.network_id, Box.batch_id == batch.id, Box.recalled_on.is_not(None))
    if db.session.execute(select(Box.id).where(*recalled).limit(1)).first() is None:
        return
    newest = select(func.max(BatchEvent.entry_id)).where(
        BatchEvent.network_id == act.network_id, BatchEvent.batch_id == batch.id, BatchEvent.step == "recalled"
    )
    raise Conflict("later_moves", entries=[db.session.scalar(newest)])


def check_newest(act: Act, batch: Batch, event: BatchEvent) -> None:
    """A scan stays while its restocking stands; a count or a recall while what it left there has been collected since.

    The holdings alone do not say so: of a counted lot others' copies may stand where these ones were.
    """
    if event.step == "scanned":
        later = (Entry.batch_id == batch.id, Entry.verb == "restock")
    else:
        delivery_id = batch.id if batch.settles_id is None else batch.settles_id
        others = select(Batch.id).where(
            Batch.network_id == act.network_id, Batch.settles_id == delivery_id, Batch.id != batch.id
        )
        later = (Entry.batch_id.in_(others), Entry.verb == "dispatch")
    undone = select(Entry.reverses_id).where(Entry.network_id == act.network_id, Entry.reverses_id.is_not(None))
    standing = select(Entry.id).where(
        Entry.network_id == act.network_id, Entry.id > event.entry_id, Entry.id.not_in(undone), *later
    )
    if entries := list(db.session.scalars(standing.order_by(Entry.id.desc()))):
        raise Conflict("later_moves", entries=entries)


def _on_the_road_again(act: Act, batch: Batch, event: BatchEvent) -> None:
    """A batch has one recall at most that stands: all its recalled boxes are that one's. Damage it ended is open."""
    _open_cases(act, event)
    db.session.execute(
        update(Box).where(Box.network_id == act.network_id, Box.batch_id == batch.id).values(recalled_on=None)
    )
    if batch.settles_id is not None:
        delivery = batch_for(act, batch.settles_id)
        delivery.collected_on = delivery.collected_on or batch.dispatched_on


def _uncount(act: Act, batch: Batch, event: BatchEvent, day: date) -> None:
    """The boxes of that count are uncounted again; what it found open is no difference any more."""
    _not_short(act, event, day)
    db.session.execute(
        update(Box)
        .where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.entry_id == event.entry_id)
        .values(counted_on=None, copies=None, entry_id=None)
    )


def _not_short(act: Act, event: BatchEvent, day: date) -> None:
    """What a step found open is no difference any more: short in its boxes, or at the point that it left."""
    found = (Discrepancy.network_id == act.network_id, Discrepancy.opened_entry_id == event.entry_id)
    if db.session.execute(select(Discrepancy.id).where(*found, Discrepancy.entry_id.is_not(None))).first():
        raise Conflict("not_reversible", step=event.step)
    places = db.session.scalars(
        update(Discrepancy)
        .where(*found, Discrepancy.closed_on.is_(None))
        .values(closed_on=day, closed_by=act.person_id, resolution="miscounted")
        .returning(Discrepancy.place_id)
        .execution_options(synchronize_session=False)
    ).all()
    if at := sorted({place_id for place_id in places if place_id is not None}):
        mark_stale(act, at, month_of(event.happened_on))


def _take_off_the_road(act: Act, batch: Batch) -> None:
    """Back to a draft: what travelled loose is loose again, and a collected delivery stands there again."""
    batch.dispatched_on = None
    forget_scans(act, batch)
    if batch.settles_id is not None:
        batch_for(act, batch.settles_id).collected_on = None
    loose = (Box.network_id == act.network_id, Box.batch_id == batch.id, Box.number == 0)
    box_id = db.session.scalar(select(Box.id).where(*loose))
    db.session.execute(
        update(BatchLine)
        .where(BatchLine.network_id == act.network_id, BatchLine.batch_id == batch.id, BatchLine.box_id == box_id)
        .values(box_id=None)
    )
    # A difference that was closed still names the box it was found in: then the empty box stays, for the next sending.
    named = select(Discrepancy.box_id).where(
        Discrepancy.network_id == act.network_id, Discrepancy.batch_id == batch.id, Discrepancy.box_id.is_not(None)
    )
    db.session.execute(
        update(Box).where(Box.network_id == act.network_id, Box.batch_id == batch.id).values(arrived_on=None)
    )
    db.session.execute(delete(Box).where(*loose, Box.id.not_in(named)))
