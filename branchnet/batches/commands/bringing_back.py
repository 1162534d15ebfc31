"""Bringing back: what is out at a point goes onto a return, batch by batch or all of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.commands.coming_back import count_in
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.lines import NewLine, add_lines
from branchnet.batches.commands.receiving import receive
from branchnet.batches.commands.road import dispatch
from branchnet.batches.commands.shared import batch_for
from branchnet.batches.fetching import fetchable
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import Batch


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of books that were fetched: the return, and the ids of the differences that its count opened."""

    batch: Batch
    differences: list[int]


def bring_back(
    act: Act,
    place_id: int,
    happened_on: date,
    brought: Collection[int | None],
    copies: int | None = None,
    *,
    shelved: bool = False,
) -> Fetched:
    """Fetch what these batches brought to a point and still stands there: a return of its own, already on the road.

    None among ``brought`` stands for what no batch brought. What an open difference calls missing is left there. With
    ``copies`` (册) they were counted in; ``shelved``: they were counted straight onto the shelf, and what is not there
    is a difference. Of counted lots these batches are settled first, and a delivery with nothing left has ended its
    stay. Raises Invalid("nothing_out") where nothing of them is there.
    """
    lots = fetchable(act.network_id, place_id, brought).lots
    if not lots:
        raise Invalid("nothing_out", fields={"batches": "nothing_out"})
    alone = _one_delivery(act, brought)
    back = draft(
        act,
        NewBatch(
            kind="return",
            drafted_on=happened_on,
            from_place_id=place_id,
            settles_id=None if alone is None else alone.id,
            source=None if alone is None else alone.source,
        ),
    )
    add_lines(act, back.id, [NewLine(lot_id, lots[lot_id]) for lot_id in sorted(lots)])
    dispatch(act, back.id, happened_on, {one for one in brought if one is not None})
    if copies is not None:
        count_in(act, back.id, happened_on, copies)
    if not shelved:
        return Fetched(back, [])
    return Fetched(back, receive(act, back.id, happened_on, None if copies is None else {0: copies}))


def collect(act: Act, delivery_id: int, happened_on: date) -> Batch:
    """Fetch what a delivery brought and still stands at its place: a return of its own, already on the road.

    What an open difference calls missing is left there, and listed until somebody knows. Ends the delivery's stay.
    Raises Conflict("collected_already"), Invalid("nothing_out") where none is there.
    """
    delivery = batch_for(act, delivery_id)
    if delivery.kind != "delivery":
        raise Invalid("not_a_delivery", number=delivery.number)
    if delivery.collected_on is not None:
        raise Conflict("collected_already", number=delivery.number)
    return bring_back(act, delivery.to_place_id, happened_on, [delivery.id]).batch


def return_for(act: Act, place_id: int, happened_on: date) -> Batch:
    """The return from a point that is still being made up, the last one begun; a new one where there is none."""
    open_one = db.session.scalar(
        select(Batch.id)
        .where(
            Batch.network_id == act.network_id,
            Batch.kind == "return",
            Batch.from_place_id == place_id,
            Batch.state == "draft",
        )
        .order_by(Batch.id.desc())
        .limit(1)
    )
    if open_one is not None:
        return batch_for(act, open_one)
    return draft(act, NewBatch(kind="return", drafted_on=happened_on, from_place_id=place_id))


def _one_delivery(act: Act, brought: Collection[int | None]) -> Batch | None:
    """The delivery that these books are all of, where they are of one whose stay still runs."""
    if len(brought) != 1:
        return None
    return db.session.scalars(
        select(Batch).where(
            Batch.network_id == act.network_id,
            Batch.id.in_([one for one in brought if one is not None]),
            Batch.kind == "delivery",
            Batch.collected_on.is_(None),
        )
    ).one_or_none()
