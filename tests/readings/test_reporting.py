"""Months owed and reported, counted in bulk: the same as looking at every point in every month."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from flask import Flask
from sqlalchemy import insert, select, update

from branchnet import clock
from branchnet.calendar.rules import bounds, months
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    CalendarPeriod,
    Place,
    PointKind,
    PointName,
    PointPause,
    Reading,
    ReadingRevision,
    ServicePoint,
)
from branchnet.points.queries import central_place, points_on
from branchnet.readings.completeness import rate, reported_between
from branchnet.readings.reporting import reporting
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
BEGUN = date(2025, 1, 1)
POINTS = 40
HOSTS = ("primary_school", "village", None)
KINDS = ("branch", "mobile_point", "delivery_school")


def test_the_same_as_one_by_one(app: Flask, query_counter: QueryCounter) -> None:
    with clock.at(NOON):
        world = build_world(app)
        with app.app_context():
            with transaction():
                _any_lives(world, Random(6))  # noqa: S311 - the same lives in every run
            today = world.act.today()
            query_counter.reset()
            found = reporting([world.network_id], "2025-01", "2026-06", today)
            assert query_counter.count == 7
            for month in months("2025-01", "2026-05"):
                one_by_one = reported_between([world.network_id], month, month)[month]
                expected, counted = rate(one_by_one), found.of(world.network_id, month)
                assert (counted.owed, counted.reported) == (expected.owed, expected.reported), month
                still_open = [one for one in one_by_one if one.owed and one.point.open_on(bounds(month)[1])]
                assert counted.open_and_owed == len(still_open), month
                assert counted.operating == sum(one.reported for one in still_open), month
            assert found.of(world.network_id, "2026-06").owed == 0, "the running month is not over"
            opened = sum(point.open_on(today) for point in points_on([world.network_id], today))
            assert found.open_on(today)[world.network_id] == opened


def _any_lives(world: World, random: Random) -> None:
    """Points that opened, closed, paused, changed and reported by chance; a school holiday and one for all."""
    network = world.network_id
    holidays = [(date(2025, 7, 10), date(2025, 8, 31), None), (date(2026, 1, 25), date(2026, 2, 25), "primary_school")]
    db.session.execute(
        insert(CalendarPeriod),
        [
            {"network_id": network, "kind": "holiday", "host": host, "name": "假", "first_on": first, "last_on": last}
            for first, last, host in holidays
        ],
    )
    supply = central_place(network, "supply")
    _read(world, random, [_point(world, random, number, supply) for number in range(POINTS)])


def _point(world: World, random: Random, number: int, supply: int) -> int:
    network, made = {"network_id": world.network_id}, clock.now()
    opened = random.choice([None, BEGUN, date(2025, 6, 1), BEGUN + timedelta(days=random.randrange(400))])
    closed = None if opened is None or random.random() < 0.7 else opened + timedelta(days=random.randrange(1, 400))
    place = db.session.scalars(
        insert(Place).returning(Place.id), [{**network, "kind": "point", "keeps": True, "created_at": made}]
    ).one()
    point = db.session.scalars(
        insert(ServicePoint).returning(ServicePoint.id),
        [
            {
                **network,
                "place_id": place,
                "code": f"R{number}",
                "opened_on": opened,
                "closed_on": closed,
                "created_at": made,
            }
        ],
    ).one()
    named = {"name": f"点{number}", "pinyin": "dian", "initials": "d"}
    db.session.execute(insert(PointName), [{**network, "point_id": point, "valid_from": BEGUN, **named}])
    since = [BEGUN, date(2025, 9, 17)][: random.choice([1, 1, 2])]
    db.session.execute(
        insert(PointKind),
        [
            {
                **network,
                "point_id": point,
                "valid_from": day,
                "kind": random.choice(KINDS),
                "host": random.choice(HOSTS),
            }
            for day in since
        ],
    )
    if random.random() < 0.3:
        begins, ends = date(2025, 4, 12), random.choice([None, date(2025, 5, 8), date(2025, 7, 1)])
        db.session.execute(insert(PointPause), [{**network, "point_id": point, "begins_on": begins, "ends_on": ends}])
    if random.random() < 0.4:
        day = random.choice([date(2025, 3, 1), date(2025, 3, 9), date(2025, 3, 28)])
        batch = {"kind": "opening", "state": "closed", "from_place_id": supply, "to_place_id": place}
        day_of = {"dispatched_on": day, "received_on": day, "created_at": made}
        db.session.execute(insert(Batch), [{**network, "number": f"R-{number}", **batch, **day_of}])
    return point


def _read(world: World, random: Random, points: list[int]) -> None:
    """Months that were reported, some of them held for staff."""
    network, made = {"network_id": world.network_id}, clock.now()
    windows = [
        {"point_id": point, "window_kind": "month", "month": month, "first_on": first, "last_on": last}
        for point in points
        for month in months("2025-01", "2026-06")
        if random.random() < 0.6
        for first, last in [bounds(month)]
    ]
    db.session.execute(insert(Reading), [{**network, **window, "created_at": made} for window in windows])
    sent = {"number": 1, "not_open": False, "channel": "link", "submitted_at": made}
    revisions = [
        {**network, "reading_id": reading, "receipt": f"R-{reading}", "held_reason": reason, **sent}
        for reading in db.session.scalars(select(Reading.id).where(Reading.network_id == world.network_id))
        for reason in ["stale" if random.random() < 0.1 else None]
    ]
    rows = [{**row, "outcome": "held" if row["held_reason"] else "applied"} for row in revisions]
    db.session.execute(insert(ReadingRevision), rows)
    applied = select(ReadingRevision.id).where(
        ReadingRevision.network_id == Reading.network_id,
        ReadingRevision.reading_id == Reading.id,
        ReadingRevision.outcome == "applied",
    )
    db.session.execute(update(Reading).values(current_id=applied.scalar_subquery()))
