"""What staff are to look at, and how the grid shows it: warned, held, answered, asked; months and stays."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.calendar.rules import twelve_months
from branchnet.errors import Conflict
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Reading, ReadingReview, ReadingRevision
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.queries import points_on
from branchnet.readings.commands import Sent, accept, answer, enter, send_back, set_aside, submit_month, submit_stay
from branchnet.readings.grid import Cell, grid
from branchnet.readings.looking import to_look
from branchnet.readings.rules import Report
from branchnet.readings.schemas import Submission
from branchnet.readings.story import story
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
YEAR = twelve_months(2026, school=False)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


def reported(world: World, month: str, visits: int, based_on: int | None = None) -> int:
    """A month of the first point; the id of its latest revision."""
    with transaction():
        submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=visits), Sent("link", based_on))
    return latest(month)


def latest(month: str) -> int:
    query = select(ReadingRevision.id).join(Reading, Reading.id == ReadingRevision.reading_id)
    return db.session.scalars(query.where(Reading.month == month).order_by(ReadingRevision.id.desc()).limit(1)).one()


def surprising(world: World, month: str) -> int:
    """A month of the first point that came with a warning; the id of its revision."""
    four = Report(in_school_visits=7, in_school_loans=7, community_visits=7, community_loans=7)
    with transaction():
        submit_month(world.act, world.point_ids[0], month, four, Sent("link"))
    return latest(month)


def looked_at(world: World) -> list[tuple[str, str | None]]:
    return [(one.state, one.month) for one in to_look(world.network_id)]


def test_warned_ones_first_until_they_are_accepted(world: World) -> None:
    asked = reported(world, "2026-03", 1)
    answered = reported(world, "2026-04", 2)
    reported(world, "2026-02", 3)
    held = reported(world, "2026-02", 4)
    warned = surprising(world, "2026-05")
    with transaction():
        send_back(world.act, asked, "只有一个人吗？")
        send_back(world.act, answered, "只有两个人吗？")
        answer(world.act, db.session.get_one(ReadingRevision, answered).reading_id, "是的")
    assert looked_at(world) == [
        ("warned", "2026-05"),
        ("held", "2026-02"),
        ("answered", "2026-04"),
        ("question", "2026-03"),
    ]
    assert [one.words for one in to_look(world.network_id)] == [None, None, "是的", "只有一个人吗？"]
    assert to_look(world.network_id)[0].warnings == ["all_equal"]
    with transaction():
        accept(world.act, warned)
        accept(world.act, answered)
        set_aside(world.act, held, "多报了一次")
    assert looked_at(world) == [("question", "2026-03")]
    reported(world, "2026-03", 9, based_on=1)
    assert looked_at(world) == []


def test_only_of_ones_own_network_and_its_points(app: Flask, world: World) -> None:
    other = build_world(app, slug="lianjiang")
    surprising(world, "2026-05")
    assert to_look(other.network_id) == []
    assert to_look(world.network_id, [world.point_ids[1]]) == []


def test_the_grid_shows_months_and_stays(world: World) -> None:
    reported(world, "2026-03", 0)
    surprising(world, "2026-04")
    number = a_stay(world, date(2026, 3, 2), date(2026, 4, 20))
    lines = cells(world)
    first = lines[world.point_ids[0]]
    assert [first[month][0].state for month in YEAR[2:6]] == ["received", "warned", "overdue", "due"]
    assert YEAR[6] not in first
    assert [(one.state, one.stay) for one in lines[world.point_ids[1]]["2026-04"]] == [
        ("overdue", None),
        ("overdue", number),
    ]
    with transaction():
        batch_id = db.session.scalars(select(Batch.id).where(Batch.number == number)).one()
        submit_stay(world.act, batch_id, Report(in_school_loans=44), Sent("staff"))
    assert cells(world)[world.point_ids[1]]["2026-04"][1].state == "received"


def test_as_many_statements_for_one_point_as_for_many(world: World, query_counter: QueryCounter) -> None:
    reported(world, "2026-03", 0)
    counts = []
    for more in (0, 40):
        with transaction():
            for number in range(more):
                open_point(
                    world.act, NewPoint(f"X{number}", f"点{number}", "branch", world.begun_on, opened_on=world.begun_on)
                )
        points = points_on([world.network_id], world.act.today())
        query_counter.reset()
        grid(points, YEAR, world.act.today(), 10, to_look(world.network_id))
        counts.append(query_counter.count)
    assert counts[0] == counts[1]


def test_staff_are_told_what_came_meanwhile_and_nothing_is_held(world: World) -> None:
    reported(world, "2026-03", 3)

    def entered(based_on: int | None) -> None:
        with transaction():
            enter(
                world.act,
                lambda act, report, sent: submit_month(act, world.point_ids[0], "2026-03", report, sent),
                Submission("op-id-1", based_on, Report(in_school_visits=8)),
            )

    with pytest.raises(Conflict, match="came_meanwhile"):
        entered(None)
    entered(1)
    found = story(world.network_id, world.point_ids[0], month="2026-03")
    assert [(one.row.number, one.row.channel, one.holds) for one in found.sendings] == [
        (2, "staff", True),
        (1, "link", False),
    ]
    assert [one.row.number for one in found.since(1)] == [2]


def test_a_story_keeps_everything_that_was_said(world: World) -> None:
    first = reported(world, "2026-03", 3)
    with transaction():
        send_back(world.act, first, "只有三个人吗？")
        answer(world.act, db.session.get_one(ReadingRevision, first).reading_id, "是三十个")
    reported(world, "2026-03", 30, based_on=1)
    found = story(world.network_id, world.point_ids[0], month="2026-03")
    assert [(one.kind, one.words, one.number) for one in found.said] == [
        ("sent_back", "只有三个人吗？", 1),
        ("answered", "是三十个", 1),
    ]
    assert found.latest_said is None
    assert db.session.query(ReadingReview).count() == 2
    assert story(world.network_id, world.point_ids[1], month="2026-03").sendings == []


def cells(world: World) -> dict[int, dict[str, list[Cell]]]:
    points = points_on([world.network_id], world.act.today())
    return {line.point.id: line.cells for line in grid(points, YEAR, world.act.today(), 10, to_look(world.network_id))}


def a_stay(world: World, sent_on: date, fetched_on: date) -> str:
    """A delivery to the second point that is over; its number."""
    with transaction():
        delivery = batches.draft(world.act, batches.NewBatch("delivery", sent_on, world.place_ids[1]))
        batches.add_lines(world.act, delivery.id, [batches.NewLine(world.counted_lot_id, 20)])
        batches.dispatch(world.act, delivery.id, sent_on)
        batches.receive(world.act, delivery.id, sent_on)
        batches.collect(world.act, delivery.id, fetched_on)
    return delivery.number
