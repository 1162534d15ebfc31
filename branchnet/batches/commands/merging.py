"""Two points become one: one closes, its books go to the other, and so does what was on the road to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.commands.closing import close_point
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.lines import NewLine, add_lines
from branchnet.batches.commands.road import dispatch
from branchnet.batches.commands.sending_on import send_on
from branchnet.batches.queries.touching import stays_behind, to_collect, under_way
from branchnet.batches.queries.worth import gifts_at
from branchnet.extensions import db
from branchnet.models import Holding, ServicePoint
from branchnet.points.life.commands.doors import successor_name
from branchnet.points.life.commands.shared import can_take, log, point_for


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger made, by numbers of batches."""

    rotations: tuple[str, ...]
    """They take the copies across: the deposits, and the gifts, where there are such."""
    sent_on: Mapping[str, str | None]
    """By batch that was meant for the closed point the one that goes to the other instead; None: it came from there."""
    to_collect: tuple[str, ...]
    """Deliveries whose books stay where they are until they are fetched."""


def merge(act: Act, point_id: int, into_id: int, day: date, reason: str, *, sent: bool = False) -> Merged:
    """A point closes, and another goes on with its books and its work (合并). Each keeps its past.

    What was meant for it and has not come is called back and sent again to the other, the same day, box by box. Then it
    closes, and one rotation takes all its copies across: ``sent`` on that day, else a draft that goes when the car
    does; gifts go with one of their own. Copies of a delivery that is to be fetched stay until then. Raises Invalid
    beside ``successor``, TooEarly where books came or went later, and what ``close_point`` raises.
    """
    # Both under lock in the order of their ids: two mergers of the same points cannot wait for each other.
    points = {one: point_for(act, one) for one in sorted({point_id, into_id})}
    point, into = points[point_id], points[into_id]
    can_take(act, point, "merged", day)
    name = successor_name(act, point, into_id, day)
    sent_on = _send_on_all(act, point, into, day, f"→ {name}"[:200])
    close_point(act, point_id, day, reason, into_id, "merged")
    log(act, into_id, "merged", day, f"← {point.code} · {reason}"[:200])
    rotations = _take_across(act, point, into, day, sent=sent)
    return Merged(rotations, sent_on, tuple(row.number for row in to_collect(act.network_id, point.place_id)))


def _send_on_all(act: Act, point: ServicePoint, into: ServicePoint, day: date, why: str) -> dict[str, str | None]:
    meant = [row.id for row in under_way(act.network_id, point.place_id) if row.comes]
    made = {}
    for batch_id in meant:
        before, after = send_on(act, batch_id, into.place_id, day, why)
        made[before.number] = None if after is None else after.number
    return made


def _take_across(act: Act, point: ServicePoint, into: ServicePoint, day: date, *, sent: bool) -> tuple[str, ...]:
    """One rotation for what the library owns there, one for what it gave away."""
    staying = stays_behind(act.network_id, point.place_id)
    held = {
        lot_id: quantity - staying.get(lot_id, 0)
        for lot_id, quantity in db.session.execute(
            select(Holding.lot_id, Holding.quantity)
            .where(Holding.network_id == act.network_id, Holding.place_id == point.place_id)
            .order_by(Holding.lot_id)
        ).all()
    }
    given = {lot_id: min(copies, held[lot_id]) for lot_id, copies in gifts_at(act.network_id, point.place_id).items()}
    numbers = []
    for terms, copies in (
        ("deposit", {lot_id: quantity - given.get(lot_id, 0) for lot_id, quantity in held.items()}),
        ("gift", given),
    ):
        lines = [NewLine(lot_id, quantity) for lot_id, quantity in copies.items() if quantity > 0]
        if not lines:
            continue
        batch = draft(act, NewBatch("rotation", day, into.place_id, point.place_id, terms))
        add_lines(act, batch.id, lines)
        if sent:
            dispatch(act, batch.id, day)
        numbers.append(batch.number)
    return tuple(numbers)
