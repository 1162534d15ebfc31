"""What stands in the way of handing a point over to another network: all of it at once, each as its own error."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from branchnet.access.acts import Act
from branchnet.batches.commands.closing import not_sent_since
from branchnet.batches.losses.moved import brought_by
from branchnet.batches.queries.touching import to_collect, under_way
from branchnet.calendar.queries import locked_through
from branchnet.calendar.rules import open_day
from branchnet.database import Rows
from branchnet.errors import BranchNetError, Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy, Holding, Lot, Network, ServicePoint, Stocktake
from branchnet.points.life.commands.shared import can_take
from branchnet.points.queries import central_place
from branchnet.points.rules import CODE
from branchnet.stock.posting import NAMED_AT_MOST
from branchnet.stock.queries import ids_of_copies


@dataclass(frozen=True, slots=True)
class Handing:
    """A point by its code, the network (slug) that it goes to, its code there, and the day from which it is there."""

    code: str
    to: str
    new_code: str
    day: date


def network_of(slug: str) -> Network | None:
    """The network of that slug, if there is one."""
    return db.session.scalars(select(Network).where(Network.slug == slug)).one_or_none()


def in_the_way(act: Act, point: ServicePoint, to: Network | None, asked: Handing) -> list[BranchNetError]:
    """Everything because of which the point cannot be handed over on that day; empty where it can."""
    found = [*_of_the_day(act, point, asked.day), *_unfinished(act, point.place_id)]
    if to is None:
        return [*found, NotFound("network_unknown", slug=asked.to)]
    if to.id == act.network_id:
        return [*found, Conflict("same_network")]
    return [*found, *_there(act, point, to, asked)]


def _of_the_day(act: Act, point: ServicePoint, day: date) -> Iterator[BranchNetError]:
    checks: tuple[Callable[[], Any], ...] = (
        lambda: can_take(act, point, "closed", day),
        lambda: not_sent_since(act, point.id, day),
    )
    for check in checks:
        try:
            check()
        except BranchNetError as error:
            yield error
    here = held_at(act.network_id, point.place_id)
    later = select(func.max(Holding.last_on)).where(*here, Holding.serial, Holding.last_on > day)
    if (earliest := db.session.scalar(later)) is not None:
        yield TooEarly(earliest=earliest)


def _unfinished(act: Act, place_id: int) -> Iterator[BranchNetError]:
    """What people have begun there and not ended."""
    if numbers := [batch.number for batch in under_way(act.network_id, place_id)]:
        yield Conflict("batches_under_way", numbers=numbers)
    if numbers := [batch.number for batch in to_collect(act.network_id, place_id)]:
        yield Conflict("deliveries_out", numbers=numbers)
    if count := _open_differences(act, place_id):
        yield Conflict("differences_open", count=count)
    counting = select(Stocktake.number).where(
        Stocktake.network_id == act.network_id, Stocktake.place_id == place_id, Stocktake.state == "counting"
    )
    if (number := db.session.scalar(counting)) is not None:
        yield Conflict("stocktake_counting", number=number)


def _open_differences(act: Act, place_id: int) -> int:
    batch = and_(Batch.network_id == Discrepancy.network_id, Batch.id == Discrepancy.batch_id)
    query = (
        select(func.count(Discrepancy.id))
        .outerjoin(Batch, batch)
        .where(
            Discrepancy.network_id == act.network_id,
            Discrepancy.closed_on.is_(None),
            or_(Discrepancy.place_id == place_id, Batch.to_place_id == place_id, Batch.from_place_id == place_id),
        )
    )
    return db.session.execute(query).scalar_one()


def _there(act: Act, point: ServicePoint, to: Network, asked: Handing) -> Iterator[BranchNetError]:
    """What the other network has against it: its closed months, its codes, its copies."""
    earliest = open_day(asked.day, locked_through(to.id))
    if earliest > asked.day:
        yield Conflict("locked_there", network=to.name, earliest=earliest)
    if CODE.fullmatch(asked.new_code) is None:
        yield Invalid(fields={"code": "point_code"})
    taken = select(ServicePoint.id).where(ServicePoint.network_id == to.id, ServicePoint.code == asked.new_code)
    if db.session.execute(taken).first() is not None:
        yield Conflict("code_known", code=asked.new_code)
    known = ids_of_copies(to.id, db.session.scalars(_barcodes(act.network_id, point.place_id)).all())
    coming_home = handed_away(to.id, known.values())
    if strange := [barcode for barcode, lot_id in known.items() if lot_id not in coming_home]:
        yield Conflict("barcodes_known", barcodes=strange[:NAMED_AT_MOST])


def handed_away(network_id: int, lot_ids: Collection[int]) -> set[int]:
    """Those of these copies that a network handed over and has not got back: the only known ones that may come."""
    gone = central_place(network_id, "withdrawn")
    brought = brought_by(network_id, dict.fromkeys((lot_id, gone) for lot_id in lot_ids)) if lot_ids else {}
    last = {lot_id for (lot_id, _place), one in brought.items() if one.reason == "handed_over"}
    there = select(Holding.lot_id).where(*held_at(network_id, gone), Holding.serial)
    return last & set(db.session.scalars(there)) if last else set()


def _barcodes(network_id: int, place_id: int) -> Rows:
    return (
        select(Lot.barcode)
        .join(Holding, and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id))
        .where(*held_at(network_id, place_id), Holding.serial)
        .order_by(Lot.barcode)
    )


def held_at(network_id: int, place_id: int) -> tuple[ColumnElement[bool], ...]:
    """What a holding is that stands at a place now."""
    return Holding.network_id == network_id, Holding.place_id == place_id, Holding.quantity > 0
