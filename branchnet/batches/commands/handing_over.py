"""A point goes to another network: it closes here and continues there, with all that stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, insert, literal, select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.batches.commands.closing import close_point
from branchnet.batches.commands.drafting import NewBatch, draft
from branchnet.batches.commands.shared import copies_of, log
from branchnet.batches.commands.taking_in import More, take_in_more
from branchnet.batches.queries.handing_over import Handing, handed_away, held_at, in_the_way, network_of
from branchnet.batches.queries.worth import gifts_at
from branchnet.database import Key
from branchnet.errors import Conflict
from branchnet.extensions import db
from branchnet.models import Batch, BatchLine, HandOver, Holding, Lot, Network, PointPosition, ServicePoint
from branchnet.points.commands import NewPoint, Position
from branchnet.points.life import commands as life
from branchnet.points.life.commands.shared import point_for
from branchnet.points.queries import Point, central_place, point_on
from branchnet.stock.commands import add_lots
from branchnet.stock.points import enter_point
from branchnet.stock.posting import post
from branchnet.stock.queries import ids_of_copies
from branchnet.stock.rules import NewLot, Posting


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was done: the point's name, the other network's, how many copies (册), and the numbers of both batches.

    A point without books has no batches.
    """

    name: str
    network: str
    copies: int
    withdrawal: str | None = None
    accession: str | None = None


def hand_over(act: Act, asked: Handing) -> HandedOver:
    """A point closes in its network from a day on, and opens as a point of another (移交), in one transaction.

    A withdrawal takes all that stands there out of these books, an accession brings the same copies into the others,
    straight to the new point: nobody sent them. A row ties the two for ever. Copies that the other network handed over
    before are the ones that it knows. What stood there as a gift is the host's there too. Raises NotFound for the
    point, Conflict("cannot_hand_over") with ``each`` error that stands in the way.
    """
    point = point_on([act.network_id], asked.code, asked.day)
    row, to = point_for(act, point.id), network_of(asked.to)
    wrong = in_the_way(act, row, to, asked)
    if to is None or wrong:
        raise Conflict("cannot_hand_over", code=point.code, each=wrong)
    goods = list(_lots(act, point))
    out = _withdraw(act, point, asked.day, f"→ {to.name} {asked.new_code}")
    close_point(act, point.id, asked.day, f"→ {to.name} {asked.new_code}")
    there = _open(Act(to.id), point, asked, act)
    into = _take_over(Act(to.id), there, goods, asked.day, f"← {act.network.name} {point.code}")
    _tie(act, to, (row, out), (there, into), asked.day)
    copies = sum(lot.quantity for lot in goods)
    numbers = (None if batch is None else batch.number for batch in (out, into))
    return HandedOver(point.name, to.name, copies, *numbers)


def _lots(act: Act, point: Point) -> Iterator[NewLot]:
    """All that stands there, as it comes into the other books; what is the host's as a lot of its own."""
    given, host = gifts_at(act.network_id, point.place_id), "book_house" if point.kind == "book_house" else "school"
    here = and_(Holding.network_id == Lot.network_id, Holding.lot_id == Lot.id)
    rows = db.session.execute(
        select(Lot, Holding.quantity)
        .join(Holding, here)
        .where(*held_at(act.network_id, point.place_id))
        .order_by(Lot.id)
    )
    told = [name for name in NewLot.__slots__ if name not in ("quantity", "owner")]
    for lot, quantity in rows:
        known = {name: getattr(lot, name) for name in told}
        gift = given.get(lot.id, 0)
        if quantity > gift:
            yield NewLot(quantity=quantity - gift, owner=lot.owner, **known)
        if gift:
            yield NewLot(quantity=gift, owner=host, **known)


def _withdraw(act: Act, point: Point, day: date, note: str) -> Batch | None:
    """→ closed: everything that stands there leaves the books. It was not sent anywhere: no day of sending."""
    gone = central_place(act.network_id, "withdrawn")
    here = held_at(act.network_id, point.place_id)
    if db.session.execute(select(Holding.id).where(*here).limit(1)).first() is None:
        return None
    batch = draft(act, NewBatch("withdrawal", day, gone, point.place_id, note=note[:200]))
    lines = {
        "network_id": literal(act.network_id, Key),
        "batch_id": literal(batch.id, Key),
        "added_at": literal(clock.now(), BatchLine.added_at.type),
    }
    lot = (Holding.lot_id, Holding.serial, Holding.quantity)
    db.session.execute(
        insert(BatchLine).from_select(
            [*lines, "lot_id", "serial", "quantity"], select(*lines.values(), *lot).where(*here)
        )
    )
    transfers = select(
        Holding.lot_id,
        Holding.serial,
        Holding.place_id.label("from_place_id"),
        literal(gone, Key).label("to_place_id"),
        Holding.quantity,
    ).where(*here)
    entry_id = post(act, Posting("hand_over", day, "handed_over", batch.id, note[:200]), transfers)
    batch.state, batch.received_on = "closed", day
    log(act, batch, "closed", day, entry_id, copies_of(act, batch.id))
    return batch


def _open(there: Act, point: Point, asked: Handing, here: Act) -> ServicePoint:
    """The same point under its new code; while it is shut for a while, it is shut there too."""
    source = db.session.scalar(
        select(PointPosition.source)
        .where(PointPosition.network_id == here.network_id, PointPosition.point_id == point.id)
        .order_by((PointPosition.valid_from <= asked.day).desc(), PointPosition.valid_from.desc())
        .limit(1)
    )
    new = NewPoint(
        code=asked.new_code,
        name=point.name,
        kind=point.kind,
        valid_from=asked.day,
        host=point.host,
        opened_on=asked.day,
        position=Position(point.lat, point.lon, point.quality, source),
        area_code=point.area_code,
        open_to_community=point.open_to_community,
        pupils=point.pupils,
        source=point.source,
    )
    point_id = enter_point(there, new)
    for pause in point.pauses:
        if pause.ends_on is None or pause.ends_on > asked.day:
            life.pause(there, point_id, max(pause.begins_on, asked.day), pause.reason or "", pause.ends_on)
    return point_for(there, point_id)


def _take_over(there: Act, point: ServicePoint, goods: Sequence[NewLot], day: date, note: str) -> Batch | None:
    """New lots out of supply; copies that this network had handed over come back from where they were withdrawn to."""
    if not goods:
        return None
    known = ids_of_copies(there.network_id, [lot.barcode for lot in goods if lot.barcode is not None])
    back, gone = handed_away(there.network_id, known.values()), central_place(there.network_id, "withdrawn")
    more = [More(lot_id, True, 1, gone) for lot_id in sorted(back)]
    new = [lot for lot in goods if lot.barcode not in known]
    more += [More(lot_id, lot.serial, lot.quantity) for lot_id, lot in zip(add_lots(there, new), new, strict=True)]
    return take_in_more(there, "accession", more, day, point.place_id, note[:200])


def _tie(
    act: Act,
    to: Network,
    here: tuple[ServicePoint, Batch | None],
    there: tuple[ServicePoint, Batch | None],
    day: date,
) -> None:
    db.session.execute(
        insert(HandOver).values(
            network_id=act.network_id,
            point_id=here[0].id,
            batch_id=here[1] and here[1].id,
            to_network_id=to.id,
            to_point_id=there[0].id,
            to_batch_id=there[1] and there[1].id,
            happened_on=day,
            recorded_at=clock.now(),
            recorded_by=act.person_id,
        )
    )
    audit.record(act, "point.handed_over", "point", here[0].id, to=to.slug, code=there[0].code)
    audit.record(Act(to.id), "point.taken_over", "point", there[0].id, code=there[0].code, came_from=act.network.slug)
