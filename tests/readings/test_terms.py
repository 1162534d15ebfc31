"""A term at a point, for a paper to be stamped: months, sums of what adds up, books; and the list of all readings."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.calendar.commands import add_period
from branchnet.calendar.terms import Term, terms_begun
from branchnet.coverage.terms import PointTerm, terms_of_points
from branchnet.extensions import db, transaction
from branchnet.models import BatchEvent
from branchnet.points.queries import points_on
from branchnet.readings.commands import Sent, submit_earlier, submit_month, submit_stay
from branchnet.readings.register import registered
from branchnet.readings.rules import Report
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

TODAY = date(2026, 6, 15)
SPRING = Term("2025-2026学年第二学期", date(2026, 2, 22), date(2026, 7, 3))


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in the middle of June 2026 whose books begin in February."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        made = build_world(app)
        with app.app_context():
            yield made


def report(world: World, month: str, **numbers: int | bool) -> None:
    with transaction():
        submit_month(world.act, world.point_ids[0], month, Report(**numbers), Sent("link"))  # type: ignore[arg-type]


def allocate(world: World, copies: int, day: date) -> int:
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, day)
        batches.receive(world.act, batch.id, day)
        return batch.id


def deliver(world: World, copies: int, day: date, until: date) -> int:
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("delivery", day, world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, day)
        batches.receive(world.act, batch.id, day)
        batches.collect(world.act, batch.id, until)
        return batch.id


def term(world: World, asked: Term = SPRING) -> PointTerm:
    points = points_on([world.network_id], TODAY, [world.point_ids[0]])
    return terms_of_points(world.network_id, points, asked, TODAY, 10)[0]


def test_months_stand_as_they_are_and_only_what_adds_up_is_summed(world: World) -> None:
    report(world, "2026-03", in_school_visits=10, in_school_loans=0, days_open=20)
    report(world, "2026-04", not_open=True)
    report(world, "2026-05", in_school_visits=5, community_visits=2, days_open=15)
    found = term(world)
    assert [(month, state) for month, state, _held in found.months] == [
        ("2026-02", "overdue"),
        ("2026-03", "received"),
        ("2026-04", "not_open"),
        ("2026-05", "received"),
        ("2026-06", "due"),
        ("2026-07", "ahead"),
    ]
    assert found.sums == {
        "in_school_visits": 15,
        "in_school_loans": 0,
        "community_visits": 2,
        "community_loans": None,
        "days_open": 35,
    }


def test_stays_and_earlier_windows_count_whole_and_days_once(world: World) -> None:
    batch_id = deliver(world, 20, date(2026, 3, 2), date(2026, 3, 30))
    with transaction():
        submit_stay(world.act, batch_id, Report(in_school_visits=9, days_open=20), Sent("link"))
    report(world, "2026-03", in_school_visits=1, days_open=20)
    found = term(world)
    assert (found.sums["in_school_visits"], found.sums["days_open"]) == (10, 20)
    autumn = Term(None, date(2025, 9, 1), date(2026, 1, 17))
    with transaction():
        act, point_id = world.act, world.point_ids[0]
        submit_earlier(act, point_id, "term", date(2025, 9, 1), date(2026, 1, 17), Report(7), Sent("import"))
        submit_earlier(act, point_id, "year", date(2024, 1, 1), date(2024, 12, 31), Report(8), Sent("import"))
    assert term(world, autumn).sums["in_school_visits"] == 7
    # A year that lies in a term only by a part says nothing of it.
    assert term(world, Term(None, date(2024, 9, 1), date(2025, 1, 17))).sums["in_school_visits"] is None


def test_books_that_came_went_and_stand_there(world: World) -> None:
    allocate(world, 30, date(2026, 2, 10))
    undone = allocate(world, 50, date(2026, 3, 5))
    allocate(world, 40, date(2026, 3, 6))
    deliver(world, 20, date(2026, 4, 1), date(2026, 4, 30))
    with transaction():
        steps = select(BatchEvent.id).where(BatchEvent.batch_id == undone, BatchEvent.step == "received")
        batches.reverse_step(world.act, undone, db.session.scalars(steps).one(), "记错了")
    books = term(world).books
    assert (books.came, books.left, books.on_site) == (60, 20, 70)


def test_terms_are_those_of_the_calendar_or_the_usual_ones(world: World) -> None:
    usual = terms_begun(world.network_id, TODAY)
    assert [one.key for one in usual] == ["2026-02-22", "2025-09-01", "2025-02-22", "2024-09-01"]
    with transaction():
        add_period(world.act, "term", "春季学期", date(2026, 2, 25), date(2026, 7, 10), None)
        add_period(world.act, "term", "幼儿园春季", date(2026, 3, 1), date(2026, 6, 20), "kindergarten")
        add_period(world.act, "term", "秋季学期", date(2026, 9, 1), date(2027, 1, 20), None)
    assert [one.name for one in terms_begun(world.network_id, TODAY, "primary_school")] == ["春季学期"]
    assert [one.name for one in terms_begun(world.network_id, TODAY, "kindergarten")] == ["幼儿园春季"]


def test_all_points_take_as_many_statements_as_one(world: World, query_counter: QueryCounter) -> None:
    counts = []
    for number in (1, 2):
        points = points_on([world.network_id], TODAY)[:number]
        query_counter.reset()
        assert len(terms_of_points(world.network_id, points, SPRING, TODAY, 10)) == number
        counts.append(query_counter.count)
    assert counts[0] == counts[1]


def test_the_list_holds_what_holds(world: World) -> None:
    report(world, "2026-03", in_school_visits=0)
    report(world, "2026-04", in_school_visits=4)
    with transaction():
        submit_earlier(
            world.act, world.point_ids[1], "term", date(2025, 9, 1), date(2026, 1, 17), Report(7), Sent("import")
        )
        submit_month(world.act, world.point_ids[0], "2026-03", Report(in_school_visits=9), Sent("link"))
    rows = registered([world.network_id], "2026-01", "2026-03")
    assert [(one.window_kind, one.month, one.in_school_visits, one.in_school_loans) for one in rows] == [
        ("month", "2026-03", 0, None),
        ("term", None, 7, None),
    ]
    assert registered([], "2026-01", "2026-03") == []
