"""The published figures come out of what was typed into the form, by month and by stay; and cases by name."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access.commands import answers_for
from branchnet.batches import commands as batches
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import bounds, month_of, months, next_month
from branchnet.coverage import facts
from branchnet.extensions import db, transaction
from branchnet.models import Batch, PointMonth, PointOpenness, Reading, ReadingRevision
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.queries import points_on
from branchnet.readings.queries import states_by_month
from branchnet.readings.rules import NUMBERS
from tests.support.pages import form_with, send
from tests.support.world import World, build_world

JANUARY = datetime(2025, 5, 1, 4, 0, tzinfo=UTC)
"""A world made now begins with January."""
CHANGLING = (12053, 1474, 268, 956)
STAYS = (655, 702, 588, 640, 731, 612, 699, 668, 707, 677)
"""Visits (人次) of ten deliveries to six schools: 6,679."""


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network whose first point, 长岭小学, opened on the first of January 2025; the clock is left to each test."""
    with clock.at(JANUARY):
        yield build_world(app)


@pytest.fixture
def phone(client: FlaskClient, world: World) -> FlaskClient:
    """A phone on which the teacher has opened the link."""
    client.get(f"/t/{world.token}")
    return client


def report(phone: FlaskClient, address: str, on: date, *four: int) -> None:
    """Type the numbers on a day, and say that they are right where the form asks."""
    with clock.at(datetime(on.year, on.month, on.day, 4, tzinfo=UTC)):
        typed = {name: str(number) for name, number in zip(NUMBERS, four, strict=False)}
        sent = send(phone, address, NUMBERS[0], **typed)
        if sent.status_code == 422:
            sent = phone.post(address, data=form_with(sent, NUMBERS[0]))
        assert sent.status_code == 303, sent.text


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """A total in whole parts by weight that add up to it."""
    upto = [total * sum(weights[:count]) // sum(weights) for count in range(len(weights) + 1)]
    return [after - before for before, after in pairwise(upto)]


def test_a_year_of_monthly_forms_adds_up_to_what_was_published(app: Flask, phone: FlaskClient, world: World) -> None:
    """Eleven months with numbers, and a July in which nobody opened: 12,053 / 1,474 / 268 / 956."""
    open_months = [month for month in months("2025-01", "2025-12") if month != "2025-07"]
    parts = [spread(total, range(8, 8 + len(open_months))) for total in CHANGLING]
    point = f"/my/{world.point_codes[0]}"
    for month, *four in zip(open_months, *parts, strict=True):
        report(phone, f"{point}/report/{month}", bounds(next_month(month))[0] + timedelta(days=2), *four)
    with clock.at(datetime(2026, 1, 5, 4, tzinfo=UTC)):
        send(phone, f"{point}/report/2025-07", "not_open=1")
        with app.app_context(), transaction():
            facts.catch_up(world.act)
            sums = db.session.execute(
                select(*(func.sum(getattr(PointMonth, name)) for name in NUMBERS)).where(
                    PointMonth.point_id == world.point_ids[0], PointMonth.month.between("2025-01", "2025-12")
                )
            ).one()
    assert tuple(int(total) for total in sums) == CHANGLING
    with app.app_context():
        kept = db.session.execute(select(func.count(Reading.id), func.count(Reading.current_id))).one()
        warned = db.session.scalars(select(ReadingRevision.warnings).where(ReadingRevision.warnings.is_not(None)))
        assert (tuple(kept), list(warned)) == ((12, 12), [])


def deliver(world: World, place_id: int, came: date, went: date, copies: int = 40) -> str:
    """Books that stood at a point from one day to another; returns the delivery's number."""
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("delivery", came, place_id))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, came)
        batches.receive(world.act, batch.id, came)
        batches.collect(world.act, batch.id, went)
        return batch.number


def school(world: World, code: str) -> tuple[int, int]:
    """A school that books are delivered to, and for which the teacher answers: its id and its place."""
    new = NewPoint(code, f"{code}小学", "delivery_school", world.begun_on, "primary_school", opened_on=world.begun_on)
    with transaction():
        point_id = open_point(world.act, new)
        answers_for(world.act, world.teacher_id, point_id, world.begun_on)
    (point,) = points_on([world.network_id], world.begun_on, [point_id])
    return point_id, point.place_id


def test_ten_stays_add_up_to_what_was_published(app: Flask, phone: FlaskClient, world: World) -> None:
    """Ten deliveries to six schools in half a year: 6,679 visits, each stay in its month of collection."""
    with clock.at(datetime(2025, 7, 1, 4, tzinfo=UTC)):
        with app.app_context():
            schools = [(f"S-{number}", school(world, f"S-{number}")[1]) for number in range(6)]
            stays = []
            for number in range(len(STAYS)):
                code, place_id = schools[number % 6]
                came = date(2025, 2, 17) + timedelta(days=12 * number)
                stays.append((code, deliver(world, place_id, came, came + timedelta(days=11))))
        for (code, number), visits in zip(stays, STAYS, strict=True):
            report(phone, f"/my/{code}/stay/{number}", date(2025, 7, 1), visits)
        with app.app_context(), transaction():
            facts.catch_up(world.act)
            total = select(func.sum(PointMonth.in_school_visits)).where(PointMonth.month.between("2025-01", "2025-06"))
            assert int(db.session.execute(total).scalar_one()) == sum(STAYS) == 6679
            of = select(Reading.month, Batch.collected_on).join(
                Batch, (Batch.network_id == Reading.network_id) & (Batch.id == Reading.batch_id)
            )
            assert all(month == month_of(went) for month, went in db.session.execute(of))


def test_a_stay_over_two_months(app: Flask, phone: FlaskClient, world: World) -> None:
    """It belongs whole to the month of collection, for the sums and for locks; no monthly reading is owed for it."""
    with clock.at(datetime(2025, 6, 2, 4, tzinfo=UTC)):
        with app.app_context():
            point_id, place_id = school(world, "S-1")
            number = deliver(world, place_id, date(2025, 4, 20), date(2025, 5, 10))
            with transaction():
                lock_through(world.act, "2025-04")
        address = f"/my/S-1/stay/{number}"
        report(phone, address, date(2025, 6, 2), 300)
        with app.app_context():
            with transaction():
                facts.catch_up(world.act)
            rows = select(PointMonth.month, PointMonth.in_school_visits).where(
                PointMonth.point_id == point_id, PointMonth.in_school_visits.is_not(None)
            )
            assert [tuple(row) for row in db.session.execute(rows)] == [("2025-05", 300)]
            point = points_on([world.network_id], date(2025, 6, 2), [point_id])
            states = states_by_month(point, "2025-04", "2025-05", date(2025, 6, 2), 10)
            assert set(states.values()) == {"not_due"}
            with transaction():
                lock_through(world.act, "2025-05")
        report(phone, address, date(2025, 6, 2), 301)
        with app.app_context():
            held = select(ReadingRevision.held_reason).order_by(ReadingRevision.id)
            assert db.session.scalars(held).all() == [None, "locked"]


def test_not_applicable(app: Flask, phone: FlaskClient, world: World) -> None:
    """Whether neighbours are asked for goes by the window's end: closed to them since, the month before still asks."""
    with clock.at(datetime(2025, 6, 2, 4, tzinfo=UTC)):
        with app.app_context(), transaction() as session:
            session.add(
                PointOpenness(
                    network_id=world.network_id,
                    point_id=world.point_ids[0],
                    valid_from=date(2025, 5, 1),
                    open_to_community=False,
                )
            )
        point = f"/my/{world.point_codes[0]}/report"
        assert 'name="community_visits"' in phone.get(f"{point}/2025-04").text
        assert 'name="community_visits"' not in phone.get(f"{point}/2025-05").text
        # An old page may still send what does not apply any more: it is no number of that month.
        report(phone, f"{point}/2025-05", date(2025, 6, 2), 30, 9, 4, 1)
        report(phone, f"{point}/2025-04", date(2025, 6, 2), 30, 8, 4, 1)
    with app.app_context():
        kept = select(*(getattr(ReadingRevision, name) for name in NUMBERS)).order_by(ReadingRevision.id)
        assert [tuple(row) for row in db.session.execute(kept)] == [(30, 9, None, None), (30, 8, 4, 1)]


def test_one_teacher_four_teaching_points(app: Flask, phone: FlaskClient, world: World) -> None:
    """One link opens the list of all four, each with its month; each is reported on a form of its own."""
    with app.app_context():
        for code in ("T-2", "T-3", "T-4"):
            new = NewPoint(
                code, f"{code}教学点", "mobile_point", world.begun_on, "primary_school", opened_on=world.begun_on
            )
            with transaction():
                answers_for(world.act, world.teacher_id, open_point(world.act, new), world.begun_on)
    codes = [world.point_codes[0], "T-2", "T-3", "T-4"]
    listed = phone.get("/my").text
    assert all(f'href="/my/{code}/report/2025-04"' in listed for code in codes)
    for visits, code in enumerate(codes, 30):
        report(phone, f"/my/{code}/report/2025-04", date(2025, 5, 1), visits)
    with app.app_context():
        kept = select(Reading.point_id, ReadingRevision.in_school_visits).join(
            ReadingRevision, ReadingRevision.id == Reading.current_id
        )
        rows = db.session.execute(kept).all()
    assert sorted(visits for _point, visits in rows) == [30, 31, 32, 33]
    assert len({point for point, _visits in rows}) == 4
    # What is left is told of each: the months before it.
    assert "3 个月过期还没报" in listed
    assert (listed.count("过期还没报"), phone.get("/my").text.count("过期还没报")) == (8, 4)
