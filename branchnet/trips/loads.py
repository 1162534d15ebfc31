"""What a trip carries and where it stops for it. The number of statements never grows with the rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from branchnet.batches.queries.listing import End, arrived, counted_so_far, ends_of
from branchnet.batches.rules import stage
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import AnswersFor, Batch, BatchLine, Box, Community, Person, Place, Trip, TripBatch, TripStop
from branchnet.points.queries import Point, points_on
from branchnet.trips.queries import TripRow
from branchnet.trips.rules import Carried, area_name, legs

CANDIDATES = 200
"""Batches that a trip's form offers: beyond it they are not one day's work."""


@dataclass(frozen=True, slots=True)
class Load:
    """A batch on a trip, or one that could be: 册 on its lines, 箱."""

    id: int
    number: str
    kind: str
    state: str
    start: End
    end: End
    copies: int
    boxes: int
    dispatched_on: date | None
    due_back_on: date | None
    stage: str = ""
    """A word of `batches.rules.stage`."""
    counted: int = 0
    """Copies (册) found in the boxes of it that were counted so far."""
    trip: str | None = None
    """Another trip that already carries it, of those that are not cancelled."""

    def legs(self, day: date) -> tuple[tuple[int, str], ...]:
        """Where a trip of that day stops for it, and what is done there."""
        return legs(Carried(self.kind, self.start.place_id, self.end.place_id, self.dispatched_on), day)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for at a stop."""

    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A point on a trip: where it is, whom to ask for, and what is brought and fetched there."""

    position: int
    point: Point
    area: str | None
    """The town and village it stands in, where the register knows them."""
    contact: Contact | None
    loads: tuple[tuple[str, Load], ...]


def to_carry(network_id: int, day: date) -> list[Load]:
    """What a trip of that day may take along: what left that day, what is still to leave, what is to be fetched."""
    open_ones = Batch.state.in_(("draft", "packed"))
    to_fetch = and_(
        Batch.kind == "delivery",
        Batch.dispatched_on < day,
        # Once fetched, the return that brings it back is what goes along.
        Batch.collected_on.is_(None),
        Batch.state != "cancelled",
    )
    sendable = Batch.kind.in_(("allocation", "delivery", "rotation", "return"))
    query = _batches(network_id).where(
        or_(and_(sendable, or_(open_ones, and_(Batch.dispatched_on == day, Batch.state != "cancelled"))), to_fetch)
    )
    return _loads(network_id, query.order_by(Batch.id.desc()).limit(CANDIDATES), day)


def numbered(network_id: int, numbers: Sequence[str], day: date) -> list[Load]:
    """The batches of these numbers, as a trip of that day sees them; a number that is not ours is left out."""
    return _loads(network_id, _batches(network_id).where(Batch.number.in_(numbers)).order_by(Batch.id), day)


def loads_on(network_id: int, trip_id: int, day: date) -> list[Load]:
    """The batches on a trip, by number."""
    on_it = select(TripBatch.batch_id).where(TripBatch.network_id == network_id, TripBatch.trip_id == trip_id)
    return _loads(network_id, _batches(network_id).where(Batch.id.in_(on_it)).order_by(Batch.id), day)


def ids_of_batches(network_id: int, numbers: Sequence[str]) -> list[int]:
    """The ids of a network's batches of these numbers; a number that it does not have is left out."""
    query = select(Batch.id).where(Batch.network_id == network_id, Batch.number.in_(numbers)).order_by(Batch.id)
    return list(db.session.scalars(query))


def stops_of(network_id: int, trip: TripRow, loads: Sequence[Load], today: date) -> list[Stop]:
    """The stops in the order they are driven to, each with its batches and whom to ask for."""
    order = dict(
        db.session.execute(
            select(TripStop.point_id, TripStop.position).where(
                TripStop.network_id == network_id, TripStop.trip_id == trip.id
            )
        ).all()
    )
    points = points_on([network_id], max(today, trip.happened_on), list(order))
    areas = _areas(network_id, [point.area_code for point in points if point.area_code])
    contacts = _contacts(network_id, list(order), max(today, trip.happened_on))
    at: dict[int, list[tuple[str, Load]]] = {}
    for load in loads:
        for place_id, what in load.legs(trip.happened_on):
            at.setdefault(place_id, []).append((what, load))
    stops = [
        Stop(
            order[point.id],
            point,
            areas.get(point.area_code or ""),
            contacts.get(point.id),
            tuple(at.get(point.place_id, ())),
        )
        for point in points
    ]
    return sorted(stops, key=lambda stop: stop.position)


def _batches(network_id: int) -> Rows:
    lines = (BatchLine.network_id == Batch.network_id, BatchLine.batch_id == Batch.id)
    boxes = (Box.network_id == Batch.network_id, Box.batch_id == Batch.id, Box.number > 0)
    return select(
        Batch.id,
        Batch.number,
        Batch.kind,
        Batch.state,
        Batch.from_place_id,
        Batch.to_place_id,
        select(func.sum(BatchLine.quantity)).where(*lines).correlate(Batch).scalar_subquery().label("copies"),
        select(func.count(Box.id)).where(*boxes).correlate(Batch).scalar_subquery().label("boxes"),
        Batch.dispatched_on,
        Batch.due_back_on,
        Batch.collected_on,
        arrived().label("arrived"),
        counted_so_far().label("counted"),
    ).where(Batch.network_id == network_id)


def _loads(network_id: int, query: Rows, day: date) -> list[Load]:
    rows = db.session.execute(query).all()
    places = {place for row in rows for place in (row.from_place_id, row.to_place_id)}
    ends = ends_of(places, [network_id], day)
    kinds = _kinds(network_id, places - ends.keys())
    carried = _carried(network_id, [row.id for row in rows])

    def end(place_id: int) -> End:
        return ends.get(place_id) or End(place_id, kinds[place_id])

    return [
        Load(
            id=row.id,
            number=row.number,
            kind=row.kind,
            state=row.state,
            start=end(row.from_place_id),
            end=end(row.to_place_id),
            copies=int(row.copies or 0),
            boxes=row.boxes,
            dispatched_on=row.dispatched_on,
            due_back_on=row.due_back_on,
            stage=stage(row.kind, row.state, bool(row.arrived), row.due_back_on, row.collected_on, day),
            counted=int(row.counted or 0),
            trip=carried.get(row.id),
        )
        for row in rows
    ]


def _kinds(network_id: int, place_ids: Iterable[int]) -> dict[int, str]:
    query = select(Place.id, Place.kind).where(Place.network_id == network_id, Place.id.in_(sorted(place_ids)))
    return dict(db.session.execute(query).all())


def _carried(network_id: int, batch_ids: Sequence[int]) -> Mapping[int, str]:
    """By batch the last trip that carries it."""
    rows = db.session.execute(
        select(TripBatch.batch_id, Trip.number)
        .join(Trip, and_(Trip.network_id == TripBatch.network_id, Trip.id == TripBatch.trip_id))
        .where(TripBatch.network_id == network_id, TripBatch.batch_id.in_(batch_ids), Trip.cancelled_at.is_(None))
        .order_by(Trip.happened_on, Trip.id)
    )
    return dict(rows.all())


def _areas(network_id: int, codes: Sequence[str]) -> dict[str, str]:
    rows = db.session.execute(
        select(Community.code, Community.town, Community.name).where(
            Community.network_id == network_id, Community.code.in_(codes)
        )
    )
    return {code: area_name(town, name) for code, town, name in rows if code}


def _contacts(network_id: int, point_ids: Sequence[int], day: date) -> dict[int, Contact]:
    """By point, the teacher who answers for it on a day; the one with a phone first."""
    rows = db.session.execute(
        select(AnswersFor.point_id, Person.display_name, Person.phone)
        .join(Person, and_(Person.network_id == AnswersFor.network_id, Person.id == AnswersFor.person_id))
        .where(
            AnswersFor.network_id == network_id,
            AnswersFor.point_id.in_(point_ids),
            AnswersFor.valid_from <= day,
            or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > day),
            Person.left_on.is_(None),
            Person.display_name.is_not(None),
        )
        .order_by(Person.phone.is_(None), Person.id)
    )
    found: dict[int, Contact] = {}
    for point_id, name, phone in rows:
        found.setdefault(point_id, Contact(name or "", phone))
    return found
