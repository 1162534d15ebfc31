"""A month closes by hand or on its day; an exception opens it again for some, for readings and for moves."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import end_exception, grant_exception, lock_due, lock_through, set_months
from branchnet.calendar.rules import month_to_close, opened_months, still_closed
from branchnet.coverage import facts
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.jobs import runner
from branchnet.jobs.kinds import Task, close_months, months_to_close
from branchnet.jobs.sweeping import sweep
from branchnet.models import AuditRecord, BatchEvent, Entry, Job, PointMonth
from branchnet.points.life import commands as life
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from branchnet.trips.commands import TripAsked, write_trip
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
APRIL = date(2026, 4, 9)
UNTIL = date(2026, 6, 20)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in the middle of June 2026 whose books begin in February."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


def close(world: World, month: str = "2026-05") -> None:
    with transaction():
        lock_through(world.act, month)


def grant(world: World, month: str, point: int | None = None) -> int:
    point_id = None if point is None else world.point_ids[point]
    with transaction():
        return grant_exception(world.act, month, point_id, "补报", UNTIL)


def deliver(world: World, day: date = APRIL, point: int = 0, copies: int = 20) -> int:
    """Books sent and received on a day; returns the batch's id."""
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, world.place_ids[point]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, day)
        batches.receive(world.act, batch.id, day)
        return batch.id


def posted(batch_id: int) -> list[date]:
    rows = select(Entry.posted_on).where(Entry.batch_id == batch_id).order_by(Entry.id)
    return list(db.session.scalars(rows))


# What closes when.


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 6, 10), "2026-05"),
        (date(2026, 6, 9), "2026-04"),
        (date(2026, 6, 30), "2026-05"),
        (date(2026, 1, 1), "2025-11"),
    ],
)
def test_a_month_closes_from_its_day_on(today: date, month: str) -> None:
    assert month_to_close(today, 10) == month


def test_what_exceptions_open() -> None:
    found = [("2026-03", None), ("2026-04", 1), ("2026-05", 1), ("2026-05", 2)]
    assert opened_months(found, {1, 2}) == {"2026-03", "2026-05"}
    assert opened_months(found, {1}) == {"2026-03", "2026-04", "2026-05"}
    assert opened_months(found, set()) == {"2026-03"}
    assert still_closed("2026-05", {"2026-03", "2026-05"}) == "2026-04"


def test_months_close_by_themselves_once(world: World) -> None:
    assert months_to_close() == []
    with transaction():
        set_months(world.act, 10, 5, 3, 10)
    assert months_to_close() == [(world.network_id, "2026-05")]
    # Two schedulers ask; one job is there.
    sweep()
    sweep()
    assert db.session.scalars(select(Job.subject).where(Job.kind == "months_close")).all() == ["2026-05"]
    db.session.rollback()
    runner.work_all()
    assert months_to_close() == []
    with transaction():
        assert close_months(Task(world.act, "2026-05", {})) == {"through": None}
    db.session.rollback()
    assert world.act.network.locked_through == "2026-05"
    actions = select(AuditRecord.detail).where(AuditRecord.action == "month.locked")
    assert db.session.scalars(actions).all() == [{"month": "2026-05"}]


def test_what_was_not_closed_while_nobody_worked_is_closed_at_once(world: World) -> None:
    close(world, "2026-02")
    with transaction():
        set_months(world.act, 10, 5, 3, 20)
        assert lock_due(world.act) == "2026-04"
    with clock.at(NOON + timedelta(days=75)):
        assert months_to_close() == [(world.network_id, "2026-07")]
        with transaction():
            assert lock_due(world.act) == "2026-07"
            assert lock_due(world.act) is None


# Readings.


def test_a_locked_month(world: World) -> None:
    """Locked, a report is held; by exception for its point it is applied, and for another point held as before."""
    close(world)
    here, there = world.point_ids

    def send(point_id: int, month: str = "2026-04") -> str | None:
        with transaction():
            return submit_month(world.act, point_id, month, Report(in_school_visits=3), Sent("link")).held_reason

    assert send(here) == "locked"
    exception_id = grant(world, "2026-04", 0)
    assert send(here) is None
    assert (send(there), send(here, "2026-03")) == ("locked", "locked")
    with transaction():
        end_exception(world.act, exception_id)
    with transaction():
        again = submit_month(world.act, here, "2026-04", Report(in_school_visits=4), Sent("link", based_on=2))
    assert again.held_reason == "locked"
    grant(world, "2026-03")
    assert (send(there, "2026-03"), send(here, "2026-03")) == (None, None)
    with clock.at(NOON + timedelta(days=6)):
        assert send(there, "2026-03") == "locked"


# Moves.


def test_without_an_exception_a_late_move_posts_on_the_first_open_day(world: World) -> None:
    close(world)
    assert posted(deliver(world)) == [date(2026, 6, 1)] * 2


def test_with_exceptions_for_all_months_since_it_posts_on_its_true_day(world: World) -> None:
    """What comes in April stands there in May too: both must be open, and for the point that it goes to."""
    close(world)
    grant(world, "2026-04", 0)
    assert posted(deliver(world)) == [date(2026, 6, 1)] * 2
    grant(world, "2026-05")
    assert posted(deliver(world)) == [APRIL] * 2
    assert posted(deliver(world, point=1)) == [date(2026, 5, 1)] * 2
    assert violations(world.network_id) == []


def test_facts_are_computed_again_from_the_true_month(world: World) -> None:
    close(world, "2026-04")
    with transaction():
        facts.catch_up(world.act)
    grant(world, "2026-04", 0)
    deliver(world)
    with transaction():
        facts.refresh(world.act)
    rows = select(PointMonth.copies).where(PointMonth.point_id == world.point_ids[0], PointMonth.month == "2026-04")
    assert db.session.scalars(rows).one() == 20


def test_a_step_is_taken_back_on_its_true_day(world: World) -> None:
    """A reversal is dated like any move: by what is open for the points whose copies it moves."""
    first, second = deliver(world), deliver(world, point=1)
    close(world, "2026-04")
    grant(world, "2026-04", 0)

    def take_back(batch_id: int) -> list[date]:
        with transaction():
            steps = select(BatchEvent.id).where(BatchEvent.batch_id == batch_id, BatchEvent.step == "received")
            batches.reverse_step(world.act, batch_id, db.session.scalars(steps).one(), "记错了")
        return posted(batch_id)

    assert take_back(first)[-1] == APRIL
    assert take_back(second)[-1] == date(2026, 5, 1)
    assert violations(world.network_id) == []


def test_between_two_points_both_must_be_open(world: World) -> None:
    deliver(world, date(2026, 3, 3))
    close(world, "2026-04")
    grant(world, "2026-04", 0)

    def rotate() -> list[date]:
        with transaction():
            new = batches.NewBatch("rotation", APRIL, world.place_ids[1], world.place_ids[0])
            batch = batches.draft(world.act, new)
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 2)])
            batches.dispatch(world.act, batch.id, APRIL)
            batches.receive(world.act, batch.id, APRIL)
            return posted(batch.id)

    assert rotate() == [date(2026, 5, 1)] * 2
    grant(world, "2026-04", 1)
    assert rotate() == [APRIL] * 2


def test_the_life_of_a_point_and_trips_follow(world: World) -> None:
    close(world, "2026-04")
    grant(world, "2026-04", 0)
    for attempt in (lambda: life.pause(world.act, world.point_ids[1], APRIL, "装修"), lambda: trip(world)):
        with pytest.raises((Invalid, Conflict), match=r"month_locked|month_closed"), transaction():
            attempt()
    with transaction():
        life.pause(world.act, world.point_ids[0], APRIL, "装修")
    grant(world, "2026-04")
    with transaction():
        trip(world)


def trip(world: World) -> None:
    write_trip(world.act, TripAsked(APRIL))


# Granting.


@pytest.mark.parametrize(
    ("attempt", "code"),
    [
        (lambda world: grant_exception(world.act, "2026-06", None, "补报", UNTIL), "month_not_closed"),
        (lambda world: grant_exception(world.act, "2026-04", None, "补报", UNTIL), "excepted_already"),
        (lambda world: grant_exception(world.act, "2026-03", None, "补报", date(2026, 6, 14)), "invalid"),
        (lambda world: grant_exception(world.act, "2026-03", None, "补报", date(2027, 7, 1)), "invalid"),
        (lambda world: grant_exception(world.act, "2026-03", 10**6, "补报", UNTIL), "not_found"),
        (lambda world: end_exception(world.act, 10**6), "not_found"),
        (lambda world: lock_through(world.act, "2026-06"), "month"),
        (lambda world: lock_through(world.act, "2026-05"), "locked_already"),
    ],
)
def test_what_is_refused(world: World, attempt: Callable[[World], object], code: str) -> None:
    close(world)
    grant(world, "2026-04")
    with pytest.raises((Conflict, Invalid, NotFound), match=code), transaction():
        attempt(world)


def test_an_exception_ends_once_and_is_audited(world: World) -> None:
    close(world)
    exception_id = grant(world, "2026-04", 0)
    with transaction():
        end_exception(world.act, exception_id)
    with pytest.raises(Conflict, match="exception_over"), transaction():
        end_exception(world.act, exception_id)
    rows = select(AuditRecord.action, AuditRecord.detail).where(AuditRecord.subject == "lock_exception")
    assert [(action, detail["month"]) for action, detail in db.session.execute(rows.order_by(AuditRecord.id))] == [
        ("exception.granted", "2026-04"),
        ("exception.ended", "2026-04"),
    ]
    grant(world, "2026-04", 0)


def test_only_a_closed_month_looks_for_exceptions(world: World, query_counter: QueryCounter) -> None:
    deliver(world)
    query_counter.reset()
    deliver(world)
    free = query_counter.count
    close(world, "2026-03")
    grant(world, "2026-03")
    query_counter.reset()
    deliver(world)
    assert query_counter.count == free
    assert not [one for one in query_counter.statements if "lock_exceptions" in one]
