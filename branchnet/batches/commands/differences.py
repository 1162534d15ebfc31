"""Differences are closed as what they turned out to be; the ledger follows with a move of its own, where one is due."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from sqlalchemy import insert, select

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.coming_back import brought_by, restock
from branchnet.batches.commands.leaving import follow_stays
from branchnet.batches.commands.repairing import begin_repairs
from branchnet.batches.commands.settling import settle_up
from branchnet.batches.commands.shared import batch_for, close_if_settled, log, not_ahead
from branchnet.calendar.rules import month_of
from branchnet.database import Rows
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, Box, Discrepancy, Lot, Place
from branchnet.points.queries import central_place
from branchnet.stock.posting import mark_stale, post
from branchnet.stock.rules import Posting, Transfer


def report_damaged(
    act: Act,
    batch_id: int,
    quantity: int,
    happened_on: date,
    lot_id: int | None = None,
    note: str | None = None,
    box: int | None = None,
) -> int:
    """Damaged copies (破损) were found apart from a count: a difference both ends see. Returns its id."""
    batch = batch_for(act, batch_id)
    if batch.dispatched_on is None or batch.state == "cancelled":
        raise Conflict("not_from_here", step="receive", state=batch.state, number=batch.number)
    if quantity < 1:
        raise Invalid("quantity_not_positive", fields={"damaged": "quantity_not_positive"})
    return int(
        db.session.execute(
            insert(Discrepancy)
            .values(
                network_id=act.network_id,
                batch_id=batch.id,
                box_id=None if box is None else _box(act, batch, box),
                lot_id=lot_id,
                kind="damaged",
                quantity=quantity,
                in_transit=False,
                note=note,
                opened_on=not_ahead(act, happened_on),
                opened_by=act.person_id,
            )
            .returning(Discrepancy.id)
        ).scalar_one()
    )


def _box(act: Act, batch: Batch, number: int) -> int:
    found = db.session.scalar(
        select(Box.id).where(Box.network_id == act.network_id, Box.batch_id == batch.id, Box.number == number)
    )
    if found is None:
        raise NotFound("box_unknown", box=number, number=batch.number)
    return found


def resolve(
    act: Act,
    discrepancy_id: int,
    resolution: str,
    happened_on: date,
    lots: Mapping[int, int] | None = None,
    reason: str | None = None,
) -> None:
    """Close a difference as found, lost, damaged, miscounted, surplus, repaired or worn.

    Where the ledger has to follow, ``lots`` says which copies (册 by lot) it is about, unless the difference names
    its lot. ``reason``: why it ends so. Raises Conflict("closed_already"), Invalid("resolution" / "copies_to_name"),
    and what a posting raises.
    """
    case = open_case(act, discrepancy_id)
    batch = None if case.batch_id is None else batch_for(act, case.batch_id)
    if resolution not in rules.RESOLUTIONS[case.kind]:
        raise Invalid("resolution", fields={"resolution": "resolution"})
    day = not_ahead(act, happened_on)
    if day < case.opened_on:
        raise TooEarly(earliest=case.opened_on)
    way = rules.route(case.kind, case.in_transit, resolution, sent=batch is not None, rough=_rough(case))
    if way is not None:
        named = _named(act, case, lots)
        start = _at_hand(act, batch, case, named)
        if batch is not None and way == ("point", "repair") and start == central_place(act.network_id, "workroom"):
            # Where it waits to be shelved is where it will be mended: it comes back first, and then goes to be mended.
            restock(act, batch.id, day, lots=(), counted=named)
            start = central_place(act.network_id, "shelf")
        case.entry_id = _post(act, case, _stops(act, batch, way, start), resolution, day, named)
        if way[1] == "repair":
            begin_repairs(act, case.entry_id, day, named, case.id)
    case.closed_on, case.closed_by, case.resolution, case.closing_note = day, act.person_id, resolution, reason
    db.session.flush()
    # Counted stock follows the open differences, whether or not a copy moved.
    place_id = _place_of(batch, case)
    if db.session.get_one(Place, place_id).kind == "point":
        mark_stale(act, [place_id], month_of(case.opened_on))
    if batch is not None:
        log(act, batch, "resolved", day, case.entry_id, case.quantity, resolution)
        settle_up(act, batch, day)
        close_if_settled(act, batch, day)
    else:
        follow_stays(act, place_id)


def _rough(case: Discrepancy) -> bool:
    """Whether a stocktake counted what the books had as an estimate, or as at least so many."""
    if case.stocktake_id is None or case.lot_id is None:
        return False
    mine = select(Lot.quality).where(Lot.network_id == case.network_id, Lot.id == case.lot_id)
    return db.session.scalar(mine) != "exact"


def open_again(act: Act, case: Discrepancy) -> None:
    """A case without a batch that was closed by mistake is open again; its move has been taken back."""
    case.closed_on = case.closed_by = case.resolution = case.closing_note = case.entry_id = None
    db.session.flush()
    place_id = _place_of(None, case)
    if db.session.get_one(Place, place_id).kind == "point":
        mark_stale(act, [place_id], month_of(case.opened_on))
    follow_stays(act, place_id)


def _place_of(batch: Batch | None, case: Discrepancy) -> int:
    """Where the copies should be: where their batch went, or the place that the case itself names."""
    return batch.to_place_id if batch is not None else case.place_id or 0


def open_case(act: Act, discrepancy_id: int) -> Discrepancy:
    """The difference under lock, while it is open. Raises NotFound, Conflict("closed_already")."""
    case = db.session.scalars(
        select(Discrepancy)
        .where(Discrepancy.network_id == act.network_id, Discrepancy.id == discrepancy_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise NotFound(discrepancy_id=discrepancy_id)
    if case.closed_on is not None:
        raise Conflict("closed_already")
    return case


def _named(act: Act, case: Discrepancy, lots: Mapping[int, int] | None) -> dict[int, int]:
    """Which copies it is about; invent nothing: without names that add up the count stays open."""
    named = {case.lot_id: case.quantity} if case.lot_id is not None else dict(lots or {})
    if sum(named.values()) != case.quantity or any(quantity < 1 for quantity in named.values()):
        raise Invalid("copies_to_name", fields={"lots": "copies_to_name"}, quantity=case.quantity)
    # Of what nobody sent only the lots themselves are known: whether they stand there, the posting says.
    listed: Rows = select(Lot.id).where(Lot.network_id == act.network_id, Lot.id.in_(named))
    if case.batch_id is not None:
        listed = select(BatchLine.lot_id).where(
            BatchLine.network_id == act.network_id,
            BatchLine.batch_id == case.batch_id,
            BatchLine.lot_id.in_(named),
        )
    if missing := named.keys() - set(db.session.scalars(listed)):
        raise NotFound("lot_unknown", lot_id=min(missing))
    return named


def _stops(act: Act, batch: Batch | None, way: tuple[str, str], at_hand: int) -> list[int]:
    """The places by which copies go."""
    ends = {
        "point": at_hand,
        "lost": central_place(act.network_id, "lost"),
        "supply": central_place(act.network_id, "supply"),
        "disposal": central_place(act.network_id, "to_be_disposed"),
        "repair": central_place(act.network_id, "workroom"),
    }
    if batch is not None:
        ends |= {"road": batch.transit_place_id or 0, "sender": batch.from_place_id}
    stops = [ends[way[0]], ends[way[1]]]
    if way[0] == "supply" and batch is not None:
        # Surplus copies go by the road too, so that what a batch received is always what left its road.
        stops.insert(1, ends["road"])
    return stops


def _post(
    act: Act, case: Discrepancy, stops: Sequence[int], resolution: str, day: date, named: Mapping[int, int]
) -> int:
    serial, new = _serial(act, named), stops[0] == central_place(act.network_id, "supply")
    if any(serial[lot_id] and (quantity > 1 or new) for lot_id, quantity in named.items()):
        # A barcode is one copy, and it cannot be surplus: it is somewhere already.
        raise Invalid("copies_to_name", fields={"lots": "copies_to_name"}, quantity=case.quantity)
    transfers = [
        Transfer(lot_id, serial[lot_id], start, end, quantity)
        for lot_id, quantity in sorted(named.items())
        for start, end in pairwise(stops)
    ]
    return post(act, Posting("resolve", day, resolution, case.batch_id, case.note), transfers)


def _at_hand(act: Act, batch: Batch | None, case: Discrepancy, named: Mapping[int, int]) -> int:
    """Where the copies of a difference stand, or turn up: of a return in the workroom, as long as these wait there."""
    if batch is None or batch.kind != "return":
        return _place_of(batch, case)
    workroom = central_place(act.network_id, "workroom")
    waiting = {row.lot_id: row.quantity for row in db.session.execute(brought_by(act, batch, workroom))}
    # What turns up while the others still wait to be shelved is shelved and counted with them.
    if case.kind == "over" or case.in_transit:
        return workroom if waiting else batch.to_place_id
    here = all(waiting.get(lot_id, 0) >= quantity for lot_id, quantity in named.items())
    return workroom if here else batch.to_place_id


def _serial(act: Act, named: Mapping[int, int]) -> dict[int, bool]:
    rows = db.session.execute(select(Lot.id, Lot.serial).where(Lot.network_id == act.network_id, Lot.id.in_(named)))
    return dict(rows.all())
