"""What managers' screens read: facts, never the ledger. A few statements a screen, whatever the number of points."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from branchnet.access.acts import Act
from branchnet.access.scope import below, networks_named
from branchnet.access.sessions import Actor
from branchnet.batches.boxes import on_its_way
from branchnet.batches.queries import not_counted
from branchnet.batches.rules import ON_THE_ROAD, stage
from branchnet.calendar.rules import bounds, month_of, months
from branchnet.coverage.cells import too_many
from branchnet.coverage.received import in_ledger, received_at, records_begin
from branchnet.coverage.register import in_school
from branchnet.coverage.rules import Threshold, add_counts
from branchnet.coverage.view import CommunityOnMap, MapView, PointOnMap, map_view
from branchnet.coverage.ways import threshold_of
from branchnet.errors import Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Box, Community, Network, PointMonth
from branchnet.points.queries import Point, names_of_places, points_on
from branchnet.points.registered import IN_REGISTER
from branchnet.readings.queries import states_by_month

MONTHS_BACK = 36
BATCHES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Totals:
    """What the facts say of a point at the end of a month: copies then, readings since January."""

    copies: int
    quality: str
    visits: int | None
    loans: int | None
    last_month: str | None


@dataclass(frozen=True)
class AskedMap:
    """A map that somebody asked for: of which network with those below it, as of which day."""

    network: Network
    slugs: Mapping[int, str]
    """Of every network in the view, by id."""
    today: date
    view: MapView


@dataclass(frozen=True, slots=True)
class BatchHere:
    """A batch that brings books to a place or takes them from it."""

    number: str
    kind: str
    state: str
    """A word of `batches.rules.stage`."""
    came: bool
    other: str | None
    """The point at the other end; None for the central library."""
    dispatched_on: date | None
    received_on: date | None
    due_back_on: date | None
    collected_on: date | None


@dataclass(frozen=True)
class PointPage:
    """A point with its facts, newest month first, and the batches that touched it."""

    point: Point
    months: list[PointMonth]
    states: dict[str, str]
    """By month what became of its monthly reading: due, overdue, received, held, not_open, not_due."""
    batches: list[BatchHere]
    uncounted: int
    """Copies (册) in boxes that are there now and that nobody has counted: in no fact."""
    received: Mapping[str, int]
    """By month how many batches (批) it received, deliveries too."""

    @property
    def now(self) -> PointMonth | None:
        """The latest facts, which say how many copies are on site."""
        return self.months[0] if self.months else None


def network_seen(who: Actor, slug: str | None) -> Network:
    """The network of this name, or one's own without a name. Raises NotFound where one may not see it."""
    for network in networks_named(who.networks):
        if network.slug == slug or (slug is None and network.id == who.network_id):
            return network
    raise NotFound(network=slug)


def asked_map(
    who: Actor, network: str | None = None, month: str | None = None, within: float | None = None
) -> AskedMap:
    """The map that somebody asks for: unless told otherwise of their own network, this month, its own radius.

    Raises NotFound for a network that they may not see, Invalid for a month that has not begun or is before the ledger,
    and for a network whose points are more than are told at once.
    """
    top = network_seen(who, network)
    today = Act(top.id).today()
    month = month or month_of(today)
    seen = below(top.id, last_day(month, today)) & who.networks
    in_ledger(seen, month)
    if too_many(seen):
        raise Invalid("too_many_points")
    view = the_map(seen, month, threshold_of(top, within_km=within), today)
    return AskedMap(top, {one.id: one.slug for one in networks_named(seen)}, today, view)


def last_day(month: str, today: date) -> date:
    """The day a month is looked at from: its last, or today while it runs.

    Raises Invalid for a month that is none or has not begun.
    """
    try:
        first, last = bounds(month)
    except ValueError as error:
        raise Invalid(fields={"month": "month"}) from error
    if first > today:
        raise Invalid(fields={"month": "month"})
    return min(last, today)


def months_with_facts(networks: Iterable[int], today: date) -> list[str]:
    """The months one may look at, newest first: from where records begin, three years at most, to the running one."""
    now = month_of(today)
    found = list(months(records_begin(networks) or now, now))
    return found[::-1][:MONTHS_BACK] or [now]


def the_map(networks: Iterable[int], month: str, threshold: Threshold, today: date) -> MapView:
    """Everything of the map of these networks at the end of a month. Raises Invalid for a month not begun yet."""
    points = with_totals(points_on(networks, last_day(month, today)), month, today)
    return map_view(month, threshold, points, communities(networks))


def with_totals(points: Sequence[Point], month: str, today: date) -> list[PointOnMap]:
    """These points with what the facts say of them at the end of a month, without those that are closed and empty."""
    wanted, day = sorted({point.network_id for point in points}), last_day(month, today)
    totals = _totals(wanted, month, [point.id for point in points])
    # Boxes that wait for a count wait today: of another day nobody knows.
    waiting = not_counted(wanted) if day == today else {}
    found = [_on_map(point, totals.get(point.id), day, waiting.get(point.place_id, 0)) for point in points]
    return [point for point in found if point.is_open or point.copies or point.uncounted]


def communities(networks: Iterable[int], *narrowed: ColumnElement[bool]) -> list[CommunityOnMap]:
    """The register of communities, or a part of it; one that two networks keep is known once."""
    rows = db.session.execute(
        select(
            Community.id,
            Community.kind,
            Community.code,
            Community.name,
            Community.town,
            Community.lat,
            Community.lon,
            Community.quality,
            Community.children,
        )
        .where(Community.network_id.in_(sorted(networks)), IN_REGISTER, *narrowed)
        .order_by(Community.id)
    )
    found = [CommunityOnMap(*row) for row in rows]
    first: dict[str, int] = {}
    for one in found:
        if one.code:
            first.setdefault(one.code, one.id)
    return [one for one in found if not one.code or first[one.code] == one.id]


def _on_map(point: Point, totals: _Totals | None, day: date, uncounted: int) -> PointOnMap:
    totals = totals or _Totals(0, "exact", None, None, None)
    return PointOnMap(
        id=point.id,
        network_id=point.network_id,
        code=point.code,
        name=point.name,
        kind=point.kind,
        is_open=point.open_on(day),
        lat=point.lat,
        lon=point.lon,
        quality=point.quality,
        area_code=point.area_code,
        copies=totals.copies,
        copies_quality=totals.quality,
        visits=totals.visits,
        loans=totals.loans,
        last_month=totals.last_month,
        uncounted=uncounted,
        former=point.former,
        in_school=in_school(point),
    )


def _totals(networks: list[int], month: str, ids: Sequence[int]) -> dict[int, _Totals]:
    """Copies of the latest fact up to the month (nothing has changed since), sums from January of its year on."""
    this_year = PointMonth.month >= f"{month[:4]}-01"
    numbers = (
        PointMonth.in_school_visits,
        PointMonth.community_visits,
        PointMonth.in_school_loans,
        PointMonth.community_loans,
    )
    reported = or_(*(number.is_not(None) for number in numbers))
    sums = (
        select(
            PointMonth.network_id,
            PointMonth.point_id,
            func.max(PointMonth.month).label("latest"),
            func.max(case((reported, PointMonth.month))).label("last_month"),
            *(func.sum(case((this_year, number))).label(number.key) for number in numbers),
        )
        .where(PointMonth.network_id.in_(networks), PointMonth.point_id.in_(ids), PointMonth.month <= month)
        .group_by(PointMonth.network_id, PointMonth.point_id)
        .subquery()
    )
    latest = and_(
        PointMonth.network_id == sums.c.network_id,
        PointMonth.point_id == sums.c.point_id,
        PointMonth.month == sums.c.latest,
    )
    rows = db.session.execute(
        select(
            sums.c.point_id,
            PointMonth.copies,
            PointMonth.copies_quality,
            *(sums.c[number.key] for number in numbers),
            sums.c.last_month,
        ).join(PointMonth, latest)
    )
    return {
        point_id: _Totals(copies, quality, _sum(visits, out_visits), _sum(loans, out_loans), last_month)
        for point_id, copies, quality, visits, out_visits, loans, out_loans, last_month in rows
    }


def _sum(*numbers: int | None) -> int | None:
    total = add_counts(numbers)
    return None if total is None else int(total)


def point_page(point: Point, today: date) -> PointPage:
    """A point's facts and batches. The facts are those of the last three years."""
    since = month_of(today - timedelta(days=31 * MONTHS_BACK))
    facts = db.session.scalars(
        select(PointMonth)
        .where(PointMonth.network_id == point.network_id, PointMonth.point_id == point.id, PointMonth.month >= since)
        .order_by(PointMonth.month.desc())
    ).all()
    minimum = Act(point.network_id).network.min_open_days
    found = states_by_month([point], since, month_of(today), today, minimum)
    states = {month: state for (_point, month), state in found.items()}
    uncounted = not_counted([point.network_id], [point.place_id]).get(point.place_id, 0)
    received = received_at(point.network_id, point.id, since, month_of(today))
    return PointPage(point, list(facts), states, _batches(point, today), uncounted, received)


def _batches(point: Point, today: date) -> list[BatchHere]:
    rows = db.session.scalars(
        select(Batch)
        .where(
            Batch.network_id == point.network_id,
            or_(Batch.to_place_id == point.place_id, Batch.from_place_id == point.place_id),
        )
        .order_by(Batch.id.desc())
        .limit(BATCHES_SHOWN)
    ).all()
    ends = {place for row in rows for place in (row.from_place_id, row.to_place_id)} - {point.place_id}
    names = names_of_places(point.network_id, ends, today) if ends else {}
    waiting = _waiting(point.network_id, [row.id for row in rows if row.state in ON_THE_ROAD])
    return [
        BatchHere(
            number=row.number,
            kind=row.kind,
            state=stage(row.kind, row.state, row.id in waiting, row.due_back_on, row.collected_on, today),
            came=row.to_place_id == point.place_id,
            other=names.get(row.from_place_id if row.to_place_id == point.place_id else row.to_place_id),
            dispatched_on=row.dispatched_on,
            received_on=row.received_on,
            due_back_on=row.due_back_on,
            collected_on=row.collected_on,
        )
        for row in rows
    ]


def _waiting(network_id: int, batch_ids: list[int]) -> set[int]:
    """Those of these batches with boxes that arrived and are not counted."""
    boxes = select(Box.batch_id).where(
        Box.network_id == network_id,
        Box.batch_id.in_(batch_ids),
        Box.arrived_on.is_not(None),
        on_its_way(),
    )
    return set(db.session.scalars(boxes)) if batch_ids else set()
