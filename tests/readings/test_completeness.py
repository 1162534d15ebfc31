"""Who has reported: completeness and timeliness by what was owed, whom to chase, and reminders made once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access import commands as access
from branchnet.batches import commands as batches
from branchnet.calendar.commands import add_period
from branchnet.errors import Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.jobs import runner
from branchnet.jobs.kinds import reminders_owed
from branchnet.jobs.sweeping import sweep
from branchnet.models import Batch, Reminder, ServicePoint
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.life import commands as life
from branchnet.readings.chasing import owing
from branchnet.readings.commands import Sent, make_reminders, record_chase, submit_month, submit_stay
from branchnet.readings.commands.chasing import due_day
from branchnet.readings.completeness import PointMonthOwed, Rate, rate, rates_by, reported_between
from branchnet.readings.rules import Report, is_in_time
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)
SEPTEMBER = date(2025, 9, 1)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network on the second of June 2026."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


def point(
    world: World, code: str, opened_on: date = SEPTEMBER, host: str = "primary_school", kind: str = "branch"
) -> int:
    with transaction():
        return open_point(world.act, NewPoint(code, f"{code}点", kind, SEPTEMBER, host=host, opened_on=opened_on))


def report(world: World, point_id: int, month: str, at: datetime | None = None, **numbers: int) -> None:
    with clock.at(at or clock.now()), transaction():
        submit_month(world.act, point_id, month, Report(**(numbers or {"in_school_visits": 9})), Sent("staff"))


def answers(world: World, name: str, *points: int) -> int:
    with transaction():
        person_id = access.add_person(world.act, name, None)
        for point_id in points:
            access.answers_for(world.act, person_id, point_id, SEPTEMBER)
        access.make_link(world.act, person_id)
    return person_id


def delivered(world: World, point_id: int, came: date, went: date) -> Batch:
    """Books that stood at a point from one day to another."""
    place_id = db.session.get_one(ServicePoint, point_id).place_id
    batch = batches.draft(world.act, batches.NewBatch("delivery", came, place_id))
    batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 20)])
    batches.dispatch(world.act, batch.id, came)
    batches.receive(world.act, batch.id, came)
    batches.collect(world.act, batch.id, went)
    return batch


def standing(world: World, month: str) -> list[PointMonthOwed]:
    return reported_between([world.network_id], month, month)[month]


def of(world: World, month: str, *points: int) -> Rate:
    return rate(one for one in standing(world, month) if one.point.id in points)


def test_what_was_not_owed_leaves_both_terms_of_the_rate(world: World) -> None:
    """Opened too late, closed, on holiday or paused: kept where it was reported, and never more than all."""
    whole, late, closed, paused, village = (
        point(world, "A"),
        point(world, "B", date(2026, 4, 25)),
        point(world, "C"),
        point(world, "D"),
        point(world, "E", host="village"),
    )
    with transaction():
        life.close(world.act, closed, date(2026, 4, 5), "撤点")
        life.pause(world.act, paused, date(2026, 4, 1), "修房子", date(2026, 5, 10))
    for one in (whole, late, closed):
        report(world, one, "2026-04")
    everyone = (whole, late, closed, paused, village)
    assert of(world, "2026-04", *everyone) == Rate(2, 1, 0)
    with transaction():
        add_period(world.act, "holiday", "假期", date(2026, 4, 1), date(2026, 4, 30))
    assert of(world, "2026-04", *everyone) == Rate(1, 0, 0)
    report(world, village, "2026-04")
    assert of(world, "2026-04", *everyone) == Rate(1, 1, 0)


def test_in_time_goes_by_arrival_where_the_network_is(world: World) -> None:
    """The fifth of June ends at 16:00 UTC in Shanghai; a correction afterwards does not make it late."""
    early, late = point(world, "A"), point(world, "B")
    report(world, early, "2026-05", datetime(2026, 6, 5, 15, 59, tzinfo=UTC))
    report(world, late, "2026-05", datetime(2026, 6, 5, 16, 0, tzinfo=UTC))
    with clock.at(datetime(2026, 6, 20, tzinfo=UTC)), transaction():
        submit_month(world.act, early, "2026-05", Report(in_school_visits=8), Sent("staff", based_on=1))
    assert of(world, "2026-05", early, late) == Rate(2, 2, 1)
    assert not is_in_time(datetime(2026, 6, 5, 16, 0, tzinfo=UTC), "2026-05", 5, "Asia/Shanghai")


def test_a_held_report_is_none_yet(world: World) -> None:
    one = point(world, "A")
    report(world, one, "2026-05")
    with transaction():
        submit_month(world.act, one, "2026-05", Report(in_school_visits=8), Sent("link"))
    found = next(row for row in standing(world, "2026-05") if row.point.id == one)
    assert (found.reported, found.held, found.missing) == (True, True, False)


def test_rates_by_kind_leave_out_what_owes_nothing(world: World) -> None:
    point(world, "A")
    point(world, "B", kind="delivery_school")
    found = [one for one in standing(world, "2026-05") if one.point.code in ("A", "B")]
    assert rates_by(found, lambda one: one.kind) == {"branch": Rate(1, 0, 0)}


def test_a_teacher_is_chased_for_all_their_points(world: World) -> None:
    """Who was told least lately comes first; a point nobody answers for stands apart; who reports is off the list."""
    first, second, third, lone = (point(world, code) for code in "ABCD")
    anna, bert = answers(world, "安老师", first, second), answers(world, "白老师", third)
    names = {one.person_id: one for one in owing(world.act, "2026-05")}
    assert [code.code for code, _months in names[anna].points] == ["A", "B"]
    assert names[anna].points[0][1][-1] == "2026-05"
    assert names[anna].token
    assert "D" in [one.code for one, _months in names[None].points]
    with transaction():
        record_chase(world.act, "2026-05", "message", anna)
    order = [one.person_id for one in owing(world.act, "2026-05") if one.person_id in (anna, bert)]
    assert order == [bert, anna]
    for month in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"):
        report(world, third, month)
        report(world, lone, month)
    assert bert not in {one.person_id for one in owing(world.act, "2026-05")}


def test_a_stay_that_nobody_reported_is_chased_once_its_books_are_fetched(world: World) -> None:
    """It belongs to the month of collection, and is owed at once; what waits for staff has come."""
    school = point(world, "A", kind="delivery_school")
    anna = answers(world, "安老师", school)
    with transaction():
        sent = [
            delivered(world, school, date(2026, 4, 1), date(2026, 5, 6)),
            delivered(world, school, date(2026, 5, 7), date(2026, 6, 1)),
        ]

    def asked(month: str) -> list[str]:
        return [stay.number for one in owing(world.act, month) if one.person_id == anna for _point, stay in one.stays]

    assert (asked("2026-04"), asked("2026-05"), asked("2026-06")) == (
        [],
        [one.number for one in sent],
        [one.number for one in sent],
    )
    assert next(one for one in owing(world.act, "2026-05") if one.person_id == anna).points == ()
    with transaction():
        submit_stay(world.act, sent[0].id, Report(in_school_visits=8), Sent("link", held="revoked_link"))
    assert asked("2026-05") == [sent[1].number]


def test_whom_one_cannot_have_told(world: World) -> None:
    with pytest.raises(NotFound), transaction():
        record_chase(world.act, "2026-05", "message", 10**6)
    with pytest.raises(Invalid), transaction():
        record_chase(world.act, "2026-05", "group", world.teacher_id)
    with pytest.raises(Invalid), transaction():
        record_chase(world.act, "May", "group")


def test_reminders_are_made_once_a_day_that_is_due(world: World) -> None:
    """Twice, late or again after a week: one row a teacher and day, and none for whoever has reported."""
    one = point(world, "A")
    anna = answers(world, "安老师", one)

    def made() -> int:
        query = select(func.count()).select_from(Reminder).where(Reminder.person_id == anna)
        return db.session.scalar(query) or 0

    def remind(day: int) -> None:
        with clock.at(NOON + timedelta(days=day - 2)), transaction():
            make_reminders(world.act)

    remind(2)
    assert made() == 0
    for day in (3, 3, 5):
        remind(day)
    assert made() == 1
    with clock.at(NOON + timedelta(days=3)):
        assert next(row for row in owing(world.act, "2026-05") if row.person_id == anna).remind
        with transaction():
            record_chase(world.act, "2026-05", "message", anna)
        assert not next(row for row in owing(world.act, "2026-05") if row.person_id == anna).remind
    remind(12)
    assert made() == 2
    months = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
    for month in months:
        report(world, one, month)
    remind(20)
    assert made() == 2


def test_the_job_is_asked_for_on_its_days_and_done_once(world: World) -> None:
    answers(world, "安老师", point(world, "A"))
    with clock.at(NOON):
        assert (world.network_id, "2026-06-03") not in reminders_owed()
    with clock.at(NOON + timedelta(days=4)):
        assert (world.network_id, "2026-06-03") in reminders_owed()
        sweep()
        sweep()
        runner.work_all()
        assert reminders_owed() == []
        count = db.session.scalar(select(func.count()).select_from(Reminder))
        assert count
        runner.work_all()
        assert db.session.scalar(select(func.count()).select_from(Reminder)) == count


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 6, 2), None),
        (date(2026, 6, 3), date(2026, 6, 3)),
        (date(2026, 6, 9), date(2026, 6, 3)),
        (date(2026, 6, 10), date(2026, 6, 10)),
    ],
)
def test_the_days_of_reminding(today: date, due: date | None) -> None:
    assert due_day("2026-05", 3, today) == due


def test_the_statements_do_not_grow_with_the_points(world: World, query_counter: QueryCounter) -> None:
    counts = []
    for round_ in range(2):
        made = [point(world, f"N{round_}{number}") for number in range(6)]
        answers(world, f"第{round_}位老师", *made)
        db.session.expire_all()
        query_counter.reset()
        assert standing(world, "2026-05")
        assert owing(world.act, "2026-05")
        counts.append(query_counter.count)
    assert counts[1] <= counts[0]
