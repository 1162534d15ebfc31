"""Which months a point owes: by the days it was open, without its pauses and the holidays of its kind of host."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from branchnet import clock
from branchnet.calendar.commands import add_period, add_year
from branchnet.calendar.usual import usual_year
from branchnet.extensions import transaction
from branchnet.points.commands import NewPoint, Position, open_point
from branchnet.points.life import commands as life
from branchnet.points.queries import points_on
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.queries import states_by_month
from branchnet.readings.rules import Report
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
SEPTEMBER = date(2025, 9, 1)
MINIMUM = 10


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


def point(world: World, code: str, opened_on: date = SEPTEMBER, host: str = "primary_school") -> int:
    new = NewPoint(code, f"{code}点", "book_house", SEPTEMBER, host=host, opened_on=opened_on)
    with transaction():
        return open_point(world.act, new)


def states(world: World, point_id: int, first: str = "2025-09", last: str = "2026-05") -> dict[str, str]:
    """By month the state of a point."""
    today = world.act.today()
    found = states_by_month(points_on([world.network_id], today, [point_id]), first, last, today, MINIMUM)
    return {month: state for (_point, month), state in found.items()}


def owed(world: World, point_id: int) -> list[str]:
    return [month for month, state in states(world, point_id).items() if state == "overdue"]


def holiday(world: World, first_on: date, last_on: date, host: str | None = None) -> None:
    with transaction():
        add_period(world.act, "holiday", "寒假", first_on, last_on, host)


def test_opened_on_the_20th(world: World) -> None:
    """Twelve days are left from the 20th of March, nine from the 23rd; what is sent is kept all the same."""
    late, too_late = point(world, "A", date(2026, 3, 20)), point(world, "B", date(2026, 3, 23))
    assert owed(world, late) == ["2026-03", "2026-04", "2026-05"]
    assert owed(world, too_late) == ["2026-04", "2026-05"]
    with transaction():
        submit_month(world.act, too_late, "2026-03", Report(in_school_visits=3), Sent("link"))
    assert states(world, too_late)["2026-03"] == "received"


def test_vacation(world: World) -> None:
    """January is owed by its days before the holiday, February is not; that it was not open is an answer."""
    school, village = point(world, "A"), point(world, "B", host="village")
    with transaction():
        add_year(world.act, usual_year(2025))
    assert owed(world, school) == [
        "2025-09",
        "2025-10",
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-03",
        "2026-04",
        "2026-05",
    ]
    assert states(world, school)["2026-02"] == "not_due"
    assert "2026-02" in owed(world, village)
    with transaction():
        submit_month(world.act, school, "2026-02", Report(not_open=True), Sent("link"))
    assert states(world, school)["2026-02"] == "not_open"


@pytest.mark.parametrize(
    ("host", "of", "due"),
    [
        ("kindergarten", None, False),
        ("special_school", None, False),
        ("township_station", None, True),
        ("residential", None, True),
        ("county_library", "county_library", False),
        ("kindergarten", "primary_school", True),
    ],
)
def test_a_holiday_is_kept_by_its_hosts_alone(world: World, host: str, of: str | None, due: bool) -> None:
    at = point(world, "A", host=host)
    holiday(world, date(2026, 2, 1), date(2026, 2, 28), of)
    assert ("2026-02" in owed(world, at)) is due


def test_days_that_are_left_beside_a_holiday_count(world: World) -> None:
    """Nine days before it are too few, ten are enough."""
    school = point(world, "A")
    holiday(world, date(2026, 3, 10), date(2026, 3, 31))
    assert "2026-03" not in owed(world, school)
    holiday(world, date(2026, 4, 11), date(2026, 4, 30))
    assert "2026-04" in owed(world, school)


def test_what_closed_paused_and_moved_owes_what_it_was_open_for(world: World) -> None:
    """Building works begin before the winter holiday and end in it; a move to another town changes nothing."""
    closed, paused, moved = point(world, "A"), point(world, "B"), point(world, "C")
    with transaction():
        life.close(world.act, closed, date(2025, 11, 11), "撤点")
        life.pause(world.act, paused, date(2026, 1, 8), "修房子", date(2026, 2, 15))
        life.move(world.act, moved, date(2026, 2, 10), Position(None, None, None, None), None)
    holiday(world, date(2026, 1, 25), date(2026, 2, 20))
    assert owed(world, closed) == ["2025-09", "2025-10", "2025-11"]
    assert states(world, closed)["2025-12"] == "not_due"
    # Seven days in January, and eight in February: of those two months neither is owed.
    assert owed(world, paused) == ["2025-09", "2025-10", "2025-11", "2025-12", "2026-03", "2026-04", "2026-05"]
    assert owed(world, moved) == [
        "2025-09",
        "2025-10",
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-03",
        "2026-04",
        "2026-05",
    ]


def test_the_number_of_statements_does_not_follow_points_or_months(world: World, query_counter: QueryCounter) -> None:
    first = point(world, "A")
    with transaction():
        add_year(world.act, usual_year(2025))
    query_counter.reset()
    states(world, first, "2026-05")
    few = query_counter.count
    for code in ("B", "C", "D"):
        point(world, code)
    today = world.act.today()
    query_counter.reset()
    states_by_month(points_on([world.network_id], today), "2024-01", "2026-05", today, MINIMUM)
    assert query_counter.count == few - 1
