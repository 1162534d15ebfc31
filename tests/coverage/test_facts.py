"""Facts of points by month: what ledger, readings and batches say, however often they are recomputed."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.calendar.rules import month_of, next_month
from branchnet.coverage import facts
from branchnet.coverage.queries import the_map
from branchnet.coverage.rules import Threshold
from branchnet.extensions import db, transaction
from branchnet.models import BatchEvent, PointMonth, ServicePoint, StaleFact
from branchnet.points.commands import Position
from branchnet.points.life import commands as life
from branchnet.readings.commands import Sent, submit_month, submit_stay
from branchnet.readings.rules import Report
from branchnet.stock.rules import NewLot
from tests.support.queries import QueryCounter
from tests.support.world import World


@pytest.fixture
def context(app: Flask, world: World) -> Iterator[None]:
    """Inside the application, with the facts of points at which nothing has happened yet."""
    with app.app_context():
        with transaction():
            facts.catch_up(world.act)
        yield


def day(world: World, months: int, of_month: int) -> date:
    """The n-th day of a month, counted from the one in which records begin."""
    first = world.begun_on
    for _ in range(months):
        first = date.fromisoformat(f"{next_month(month_of(first))}-01")
    return first.replace(day=of_month)


def refresh(world: World) -> int:
    with transaction():
        return facts.refresh(world.act)


def of(world: World, point: int = 0) -> dict[str, PointMonth]:
    rows = db.session.scalars(
        select(PointMonth)
        .where(PointMonth.network_id == world.network_id, PointMonth.point_id == world.point_ids[point])
        .order_by(PointMonth.month)
    )
    return {row.month: row for row in rows}


def send(world: World, copies: int, on: date, kind: str = "allocation", point: int = 0) -> int:
    """So many copies of the counted lot go to a point, sent and received on one day. Returns the batch's id."""
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch(kind, on, world.place_ids[point]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, on)
        batches.receive(world.act, batch.id, on)
        return batch.id


def days_of(month: str) -> int:
    return monthrange(int(month[:4]), int(month[5:]))[1]


@pytest.mark.usefixtures("context")
def test_copies_days_and_book_days_of_an_allocation(world: World) -> None:
    send(world, 100, day(world, 1, 11))
    assert refresh(world) > 0
    found = of(world)
    first, second, third = (month_of(day(world, n, 1)) for n in range(3))
    assert (found[first].copies, found[first].book_days, found[first].batches_in) == (0, 0, 0)
    assert (found[second].copies, found[second].batches_in) == (100, 1)
    assert found[second].book_days == 100 * (days_of(second) - 10)
    assert (found[third].copies, found[third].book_days, found[third].batches_in) == (100, 100 * days_of(third), 0)
    assert found[second].copies_quality == "exact"


@pytest.mark.usefixtures("context")
def test_the_running_month_covers_the_days_so_far(world: World) -> None:
    send(world, 10, day(world, 1, 11))
    refresh(world)
    today = world.act.today()
    running = of(world)[month_of(today)]
    assert running.days == today.day
    assert running.book_days == 10 * today.day


@pytest.mark.usefixtures("context")
def test_a_stay_belongs_whole_to_the_month_of_collection(world: World) -> None:
    """A delivery from the 20th to the 5th: its copies are there on its days, its batch and reading count once."""
    delivery = send(world, 60, day(world, 1, 20), "delivery", point=1)
    refresh(world)
    first, second = month_of(day(world, 1, 1)), month_of(day(world, 2, 1))
    assert [row.batches_in for row in of(world, 1).values()] == [0] * len(of(world, 1))
    with transaction():
        batches.collect(world.act, delivery, day(world, 2, 5))
        submit_stay(world.act, delivery, Report(in_school_visits=640, in_school_loans=30), Sent("staff"))
    refresh(world)
    found = of(world, 1)
    assert (found[first].batches_in, found[first].in_school_visits) == (0, None)
    assert (found[second].batches_in, found[second].in_school_visits, found[second].in_school_loans) == (1, 640, 30)
    assert found[first].book_days == 60 * (days_of(first) - 19)
    assert (found[second].book_days, found[second].copies) == (60 * 5, 0)


@pytest.mark.usefixtures("context")
def test_not_counted_is_not_zero_and_the_revision_that_holds_counts(world: World) -> None:
    month = month_of(day(world, 1, 1))
    with transaction():
        submit_month(
            world.act, world.point_ids[0], month, Report(in_school_visits=90, community_loans=0), Sent("staff")
        )
    refresh(world)
    with transaction():
        corrected = Report(in_school_visits=91, community_loans=0)
        submit_month(world.act, world.point_ids[0], month, corrected, Sent("staff", based_on=1))
    refresh(world)
    row = of(world)[month]
    numbers = (row.in_school_visits, row.in_school_loans, row.community_visits, row.community_loans)
    assert numbers == (91, None, None, 0)


@pytest.mark.usefixtures("context")
def test_a_held_report_is_in_no_fact(world: World) -> None:
    month = month_of(day(world, 1, 1))
    for visits in (90, 400):
        with transaction():
            receipt = submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=visits), Sent("staff"))
    assert receipt.held_reason == "stale"
    refresh(world)
    assert of(world)[month].in_school_visits == 90


@pytest.mark.usefixtures("context")
def test_a_receipt_taken_back_on_its_day_leaves_no_book_days(world: World) -> None:
    on = day(world, 1, 11)
    batch_id = send(world, 100, on)
    received = db.session.scalars(
        select(BatchEvent.id).where(BatchEvent.batch_id == batch_id, BatchEvent.step == "received")
    ).one()
    with transaction():
        batches.reverse_step(world.act, batch_id, received, "签错了")
    refresh(world)
    row = of(world)[month_of(on)]
    assert (row.copies, row.book_days, row.batches_in) == (0, 0, 0)


@pytest.mark.usefixtures("context")
def test_books_known_as_at_least_keep_their_quality(world: World) -> None:
    with transaction():
        lots = [NewLot("旧书", quantity=800, quality="at_least")]
        batches.take_in(world.act, "opening", lots, day(world, 0, 1), world.place_ids[1])
    send(world, 5, day(world, 1, 3), point=1)
    refresh(world)
    found = of(world, 1)[month_of(day(world, 1, 1))]
    assert (found.copies, found.copies_quality) == (805, "at_least")
    opening = of(world, 1)[month_of(day(world, 0, 1))]
    assert opening.batches_in == 0, "an opening is in no figure of books that came"


@pytest.mark.usefixtures("context")
def test_a_barcoded_box_comes_one_short_and_nobody_knows_which(world: World) -> None:
    """Counted stock is one lower until it is closed."""
    on = day(world, 1, 11)
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", on, world.place_ids[0]))
        lines = [batches.NewLine(lot_id) for lot_id in world.serial_lot_ids[:10]]
        batches.add_lines(world.act, batch.id, lines)
        batches.dispatch(world.act, batch.id, on)
        (case,) = batches.receive(world.act, batch.id, on, counts={0: 9})
    refresh(world)
    month = month_of(on)
    short = of(world)[month]
    assert (short.copies, short.copies_quality) == (9, "estimated")
    assert short.book_days == 9 * (days_of(month) - 10)
    with transaction():
        batches.resolve(world.act, case, "found", day(world, 2, 1))
    with transaction():
        facts.recompute(world.act, world.point_ids, month_of(world.begun_on))
    assert of(world)[month].copies == 9
    closed = of(world)[month_of(day(world, 2, 1))]
    assert (closed.copies, closed.copies_quality) == (10, "exact")


@pytest.mark.usefixtures("context")
def test_a_point_that_closed_keeps_its_books_and_then_has_no_more_facts(world: World) -> None:
    batch_id = send(world, 40, day(world, 1, 1), "delivery", point=1)
    with transaction() as session:
        session.execute(
            update(ServicePoint).where(ServicePoint.id == world.point_ids[1]).values(closed_on=day(world, 1, 11))
        )
    refresh(world)
    second, third, fourth = (month_of(day(world, n, 1)) for n in (1, 2, 3))
    found = of(world, 1)
    assert (found[second].copies, found[second].book_days) == (40, 400)
    assert (found[third].copies, found[third].book_days) == (40, 0)
    with transaction():
        batches.collect(world.act, batch_id, day(world, 2, 5))
    refresh(world)
    assert of(world, 1)[third].copies == 0
    assert fourth not in of(world, 1)


@pytest.mark.usefixtures("context")
def test_the_last_fact_of_a_closed_point_says_that_its_books_went(world: World) -> None:
    """Of an allocation no batch counts when it goes: without that fact the one before would hold for ever."""
    batch_id = send(world, 40, day(world, 0, 11), point=1)
    with transaction() as session:
        session.execute(
            update(ServicePoint).where(ServicePoint.id == world.point_ids[1]).values(closed_on=day(world, 0, 21))
        )
    refresh(world)
    with transaction():
        batches.bring_back(world.act, world.place_ids[1], day(world, 1, 5), [batch_id])
    refresh(world)
    second, third = (month_of(day(world, n, 1)) for n in (1, 2))
    assert of(world, 1)[second].copies == 0
    assert third not in of(world, 1)
    today = world.act.today()
    for month in (second, third):
        shown = the_map([world.network_id], month, Threshold(3), today).points
        assert world.point_ids[1] not in [point.id for point in shown]


@pytest.mark.usefixtures("context")
def test_only_what_was_marked_is_written_and_twice_does_no_harm(world: World) -> None:
    send(world, 10, day(world, 2, 3))
    marks = select(func.count()).select_from(StaleFact).where(StaleFact.network_id == world.network_id)
    assert db.session.scalar(marks) == 1
    before = {month: row.id for month, row in of(world).items()}
    refresh(world)
    assert db.session.scalar(marks) == 0
    after = of(world)
    kept = [month for month, row in after.items() if before.get(month) == row.id]
    assert kept == [month_of(day(world, n, 1)) for n in (0, 1)]
    assert refresh(world) == 0
    numbers = {month: (row.copies, row.book_days) for month, row in after.items()}
    with transaction():
        facts.recompute(world.act, world.point_ids, month_of(world.begun_on))
    assert {month: (row.copies, row.book_days) for month, row in of(world).items()} == numbers


@pytest.mark.usefixtures("context")
def test_catching_up_finishes_months_that_ended_since(world: World) -> None:
    send(world, 10, day(world, 1, 1))
    earlier = datetime.combine(day(world, 2, 10), time(4), tzinfo=UTC)
    with clock.at(earlier), transaction():
        facts.recompute(world.act, world.point_ids, month_of(world.begun_on))
    assert of(world)[month_of(day(world, 2, 1))].days == 10
    with clock.at(earlier + timedelta(days=30)), transaction():
        facts.catch_up(world.act)
        found = of(world)
        month = month_of(day(world, 2, 1))
        assert (found[month].days, found[month].book_days) == (days_of(month), 10 * days_of(month))
        assert list(found)[-1] == next_month(month)


@pytest.mark.usefixtures("context")
def test_what_a_point_was_is_told_as_of_each_month(world: World) -> None:
    """From the month on in which it changed; what is known first holds for all months before."""
    second, third = (day(world, n, 20) for n in (1, 2))
    point = world.point_ids[1]
    with transaction():
        life.change_kind(world.act, point, "book_house", "village", third)
        life.move(world.act, point, third, Position(), "440802001201")
        life.enrol(world.act, point, 90, second)
    refresh(world)
    found = [of(world, 1)[month_of(day(world, n, 1))] for n in range(4)]
    assert [(one.kind, one.host) for one in found] == [("branch", "county_library")] * 2 + [
        ("book_house", "village")
    ] * 2
    assert [one.area_code for one in found] == [None, None, "440802001201", "440802001201"]
    assert [one.pupils for one in found] == [90, 90, 90, 90]


@pytest.mark.usefixtures("context")
def test_what_changes_facts_asks_for_them_and_a_name_does_not(world: World) -> None:
    """Every step of a point's life; those of the ledger are drawn in ``test_facts_slow``."""
    point, on = world.point_ids[1], day(world, 1, 5)
    last = day(world, 2, 5)
    steps = {
        "kind": lambda: life.change_kind(world.act, point, "book_house", "village", on),
        "move": lambda: life.move(world.act, point, on, Position(), "440802001201"),
        "pupils": lambda: life.enrol(world.act, point, 91, on),
        "pause": lambda: life.pause(world.act, point, on, "放假", day(world, 1, 20)),
        "close": lambda: life.close(world.act, point, last, "撤点"),
        "reopen": lambda: life.reopen(world.act, point, last, "复办"),
        "name": lambda: life.rename(world.act, point, "新名", last),
        "misspelt": lambda: life.correct_name(world.act, point, "新名字"),
    }
    marked = {}
    for step, take in steps.items():
        with transaction():
            take()
        marks = select(StaleFact.month).where(StaleFact.place_id == world.place_ids[1])
        marked[step] = list(db.session.scalars(marks))
        refresh(world)
    then, later = month_of(on), month_of(last)
    assert marked == {
        "kind": [then],
        "move": [then],
        "pupils": ["0000-00"],
        "pause": [then],
        "close": [later],
        "reopen": [later],
        "name": [],
        "misspelt": [],
    }


@pytest.mark.usefixtures("context")
def test_the_last_batch_and_what_was_taken_back(world: World) -> None:
    send(world, 10, day(world, 1, 3))
    batch_id = send(world, 5, day(world, 2, 7))
    refresh(world)
    assert [of(world)[month_of(day(world, n, 1))].last_batch_on for n in range(4)] == [
        None,
        day(world, 1, 3),
        *[day(world, 2, 7)] * 2,
    ]
    received = db.session.scalars(
        select(BatchEvent.id).where(BatchEvent.batch_id == batch_id, BatchEvent.step == "received")
    ).one()
    with transaction():
        batches.reverse_step(world.act, batch_id, received, "签错了")
    refresh(world)
    assert of(world)[month_of(day(world, 2, 1))].last_batch_on == day(world, 1, 3)


@pytest.mark.usefixtures("context")
def test_facts_of_an_earlier_version_are_made_anew(world: World) -> None:
    with transaction() as session:
        session.execute(update(PointMonth).where(PointMonth.network_id == world.network_id).values(kind=None))
    with transaction():
        facts.catch_up(world.act)
    assert {one.kind for one in of(world, 1).values()} == {"branch"}


@pytest.mark.usefixtures("context")
def test_a_handful_of_statements_whatever_the_number_of_points(world: World, query_counter: QueryCounter) -> None:
    counts = []
    for points in (world.point_ids[:1], world.point_ids):
        query_counter.reset()
        with transaction():
            facts.recompute(world.act, points, month_of(world.begun_on))
        counts.append(query_counter.count)
    assert counts[0] == counts[1] <= 14
