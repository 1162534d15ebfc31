"""An exchange visit (换书): so many brought, so many taken back, so many short. Two batches, written at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.lines import NewLine, add_lines
from branchnet.batches.commands.receiving import parts_on_the_road, receive
from branchnet.batches.commands.road import dispatch
from branchnet.batches.commands.shared import batch_for, not_ahead
from branchnet.batches.losses.there import missing_at
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Discrepancy, Entry, Exchange, Holding, Place
from branchnet.stock.posting import mark_stale

KINDS = ("delivery", "allocation")
Copies = dict[int, int]
"""By lot so many copies (册)."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought: a batch that was made up for the point, or these lines, as a batch of this kind.

    ``received``: the teacher took it in there and then, as sent or with so many copies (册) ``counted``.
    """

    batch_id: int | None = None
    kind: str = "delivery"
    lines: Sequence[NewLine] = ()
    received: bool = False
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """An exchange as the gate or the notebook has it.

    ``taken``: what was taken back. With ``everything`` all that stands there was meant to come: then ``taken`` names
    barcoded copies that were seen, where any were looked at, and the others of these are short too. ``short``: by lot
    the copies (册) that should have come and were not found. ``shelved``: what came back is on the shelf already.
    """

    place_id: int
    happened_on: date
    brought: Brought
    taken: Sequence[NewLine] = ()
    everything: bool = False
    short: Mapping[int, int] | None = None
    shelved: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What was written: the exchange, its two batches, and the differences that were opened."""

    exchange_id: int
    outgoing: str
    returning: str
    differences: tuple[int, ...]


def exchange(act: Act, visit: Visit) -> Exchanged:
    """Write both batches of a visit and what was short.

    What is short stays at the point in the books, each lot a difference of that place until somebody knows. What was
    taken is on the road home, what was brought on the road there or taken in. Raises Invalid("nothing_taken" /
    "short_not_there") and Conflict("exchanged_already"), and what the steps raise.
    """
    day = not_ahead(act, visit.happened_on)
    _check_point(act, visit.place_id)
    there = _there(act, visit.place_id)
    short = _short(visit, there)
    taken = _taken(visit, there, short)
    if not taken:
        raise Invalid("nothing_taken", fields={"taken": "nothing_taken"})
    if any(copies > there.get(lot_id, (0, False))[0] - taken.get(lot_id, 0) for lot_id, copies in short.items()):
        raise Invalid("short_not_there", fields={"short": "short_not_there"})
    back = _take_back(act, visit, day, taken, short)
    opened = _open_shorts(act, visit, day, back, short)
    sent = _bring(act, visit, day)
    row = Exchange(
        network_id=act.network_id,
        place_id=visit.place_id,
        outgoing_id=sent.id,
        returning_id=back.id,
        happened_on=day,
        note=visit.note,
        recorded_at=clock.now(),
        recorded_by=act.person_id,
    )
    db.session.add(row)
    db.session.flush()
    return Exchanged(row.id, sent.number, back.number, opened)


def _check_point(act: Act, place_id: int) -> None:
    kind = db.session.scalar(select(Place.kind).where(Place.network_id == act.network_id, Place.id == place_id))
    if kind is None:
        raise NotFound(place_id=place_id)
    if kind != "point":
        raise Invalid("batch", fields={"to": "end_point"})


def _there(act: Act, place_id: int) -> dict[int, tuple[int, bool]]:
    """By lot the copies (册) to be expected at a place, and whether it is a barcoded one.

    What is known to be missing there is not expected again.
    """
    missing = missing_at(act.network_id, place_id)
    rows = db.session.execute(
        select(Holding.lot_id, Holding.serial, Holding.quantity)
        .where(Holding.network_id == act.network_id, Holding.place_id == place_id, Holding.quantity > 0)
        .order_by(Holding.lot_id)
    )
    there = {lot_id: (copies - missing.get(lot_id, 0), serial) for lot_id, serial, copies in rows}
    return {lot_id: found for lot_id, found in there.items() if found[0] > 0}


def _short(visit: Visit, there: Mapping[int, tuple[int, bool]]) -> Copies:
    """By lot what is short: as it was told; and of copies that were looked at one by one, those not seen."""
    told = dict(visit.short or {})
    if any(copies < 1 for copies in told.values()):
        raise Invalid("quantity_not_positive", fields={"short": "quantity_not_positive"})
    seen = {line.lot_id for line in visit.taken if there.get(line.lot_id, (0, False))[1]}
    if visit.everything and seen:
        told |= {lot_id: 1 for lot_id, (_copies, serial) in there.items() if serial and lot_id not in seen}
    return told


def _taken(visit: Visit, there: Mapping[int, tuple[int, bool]], short: Mapping[int, int]) -> Copies:
    """By lot what was taken back: as it was told, or everything that is not short."""
    if visit.everything:
        left = {lot_id: copies - short.get(lot_id, 0) for lot_id, (copies, _serial) in there.items()}
        return {lot_id: copies for lot_id, copies in left.items() if copies > 0}
    taken: Copies = {}
    for line in visit.taken:
        taken[line.lot_id] = taken.get(line.lot_id, 0) + line.quantity
    return taken


def _take_back(act: Act, visit: Visit, day: date, taken: Mapping[int, int], short: Mapping[int, int]) -> Batch:
    """The return, on its road. It collects the delivery of which it leaves nothing there but what is short."""
    back = draft(
        act,
        NewBatch(
            kind="return",
            drafted_on=day,
            from_place_id=visit.place_id,
            settles_id=_collected(act, visit.place_id, taken, short),
            note=visit.note,
        ),
    )
    add_lines(act, back.id, [NewLine(lot_id, copies) for lot_id, copies in sorted(taken.items())])
    dispatch(act, back.id, day)
    if visit.shelved:
        receive(act, back.id, day)
    return back


def _collected(act: Act, place_id: int, taken: Mapping[int, int], short: Mapping[int, int]) -> int | None:
    """The one delivery that is out at a place, where nothing of it stays but what is short; of several none is named.

    Nothing that was taken has left yet.
    """
    out = db.session.scalars(
        select(Batch.id)
        .where(
            Batch.network_id == act.network_id,
            Batch.to_place_id == place_id,
            Batch.kind == "delivery",
            Batch.state.in_(("received", "closed")),
            Batch.collected_on.is_(None),
        )
        .limit(2)
    ).all()
    if len(out) != 1:
        return None
    mine = exists().where(
        BatchLine.network_id == Holding.network_id,
        BatchLine.lot_id == Holding.lot_id,
        BatchLine.batch_id == out[0],
    )
    here = (Holding.network_id == act.network_id, Holding.place_id == place_id, Holding.quantity > 0)
    held = db.session.execute(select(Holding.lot_id, Holding.quantity).where(*here, mine)).all()
    stays = any(copies > taken.get(lot_id, 0) + short.get(lot_id, 0) for lot_id, copies in held)
    return None if stays or not any(lot_id in taken for lot_id, _copies in held) else out[0]


def _open_shorts(act: Act, visit: Visit, day: date, back: Batch, short: Mapping[int, int]) -> tuple[int, ...]:
    """A difference at the point for each lot of which copies are short, told by the entry of what was taken."""
    if not short:
        return ()
    entry_id = db.session.scalar(
        select(func.max(Entry.id)).where(
            Entry.network_id == act.network_id, Entry.batch_id == back.id, Entry.verb == "dispatch"
        )
    )
    rows = [
        {
            "network_id": act.network_id,
            "place_id": visit.place_id,
            "lot_id": lot_id,
            "kind": "short",
            "quantity": copies,
            "in_transit": False,
            "note": visit.note,
            "opened_on": day,
            "opened_by": act.person_id,
            "opened_entry_id": entry_id,
        }
        for lot_id, copies in sorted(short.items())
    ]
    opened = sorted(db.session.scalars(insert(Discrepancy).returning(Discrepancy.id), rows))
    # Counted stock follows the open differences.
    mark_stale(act, [visit.place_id], month_of(day))
    return tuple(opened)


def _bring(act: Act, visit: Visit, day: date) -> Batch:
    """What was brought, on its road, or taken in by who stood there."""
    brought = visit.brought
    batch = _made_up(act, visit) if brought.batch_id is not None else _made_now(act, visit, day)
    dispatch(act, batch.id, day)
    if brought.received:
        receive(act, batch.id, day, _counts(act, batch, brought.counted))
    return batch


def _made_up(act: Act, visit: Visit) -> Batch:
    """The batch that was ready. Raises Invalid where it does not go to this point, Conflict where it is used up."""
    batch = batch_for(act, visit.brought.batch_id or 0, "dispatch")
    if batch.to_place_id != visit.place_id or batch.kind not in rules.OUTBOUND:
        raise Invalid("not_for_this_point", fields={"batch": "not_for_this_point"}, number=batch.number)
    told = select(Exchange.id).where(Exchange.network_id == act.network_id, Exchange.outgoing_id == batch.id)
    if db.session.scalar(told) is not None:
        raise Conflict("exchanged_already", number=batch.number)
    return batch


def _made_now(act: Act, visit: Visit, day: date) -> Batch:
    brought = visit.brought
    if brought.kind not in KINDS:
        raise Invalid("batch", fields={"kind": "kind"})
    if not brought.lines:
        raise Invalid("nothing_brought", fields={"copies": "required"})
    batch = draft(act, NewBatch(brought.kind, day, to_place_id=visit.place_id, note=visit.note))
    add_lines(act, batch.id, brought.lines)
    return batch


def _counts(act: Act, batch: Batch, counted: int | None) -> Mapping[int, int] | None:
    """By box what was counted. A number for all of it says nothing of boxes that hold different copies."""
    parts = parts_on_the_road(act, batch)
    if counted is None or counted == sum(part.copies for part in parts.values()):
        return None
    if len(parts) > 1:
        raise Invalid("count_by_box", fields={"counted": "count_by_box"})
    return dict.fromkeys(parts, counted)
