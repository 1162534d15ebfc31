"""A month is owed by what the point was at its end: in the grid, on the phone, to whom one chases, in the rates."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from branchnet import clock
from branchnet.access import commands as access
from branchnet.calendar.commands import add_period
from branchnet.errors import Conflict
from branchnet.extensions import transaction
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.life import commands as life
from branchnet.points.queries import points_on
from branchnet.readings.chasing import owing
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.completeness import reported_between
from branchnet.readings.files.judging import judge
from branchnet.readings.files.reading import rows_of
from branchnet.readings.grid import grid
from branchnet.readings.pasted.looking import look_at
from branchnet.readings.rules import Report
from branchnet.stock.lists import Sheet, Table
from tests.pages.desk import Desk
from tests.support.world import World, build_world

BEGUN = date(2025, 9, 1)
MONTHS = [*(f"2025-{month:02}" for month in range(9, 13)), *(f"2026-{month:02}" for month in range(1, 6))]


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        yield build_world(app)


def point(app: Flask, world: World, kind: str, host: str = "primary_school") -> int:
    """One more point of the world's teacher."""
    with app.app_context(), transaction():
        made = open_point(world.act, NewPoint("A", "甲点", kind, BEGUN, host=host, opened_on=BEGUN))
        access.answers_for(world.act, world.teacher_id, made, BEGUN)
    return made


def becomes(app: Flask, world: World, point_id: int, kind: str, host: str, day: date) -> None:
    with app.app_context(), transaction():
        life.change_kind(world.act, point_id, kind, host, day)


def owed(app: Flask, world: World, point_id: int) -> list[str]:
    """The months that are owed: the same, whoever is asked."""
    with app.app_context():
        found = at_the_desk(world, point_id)
    assert on_the_phone(app, world) == found
    return found


def at_the_desk(world: World, point_id: int) -> list[str]:
    today = world.act.today()
    line = grid(points_on([world.network_id], today, [point_id]), MONTHS, today, 10, [])[0]
    in_the_grid = [month for month in MONTHS for cell in line.cells[month] if cell.state == "overdue"]
    chased = [one for one in owing(world.act, MONTHS[-1]) if one.person_id == world.teacher_id]
    in_the_list = [month for one in chased for at, months in one.points if at.id == point_id for month in months]
    rated = reported_between([world.network_id], MONTHS[0], MONTHS[-1])
    in_the_rates = [month for month in MONTHS for one in rated[month] if one.point.id == point_id and one.owed]
    assert in_the_list == in_the_rates == in_the_grid
    return in_the_grid


def on_the_phone(app: Flask, world: World) -> list[str]:
    phone = Desk(app.test_client())
    phone.get(f"/t/{world.token}")
    text = phone.text("/my/A")
    return [month for month in MONTHS if f"{month[:4]}年{int(month[5:])}月 过期还没报" in text]


def test_what_it_has_become_since_makes_no_month_owed_or_forgiven(app: Flask, world: World) -> None:
    """To the school that reports by stay, and back: the month goes by its end."""
    one = point(app, world, "book_house")
    becomes(app, world, one, "delivery_school", "primary_school", date(2025, 12, 31))
    assert owed(app, world, one) == MONTHS[:3]
    becomes(app, world, one, "branch", "primary_school", date(2026, 4, 2))
    assert owed(app, world, one) == [*MONTHS[:3], *MONTHS[-2:]]


def test_a_holiday_is_kept_by_who_was_its_host_then(app: Flask, world: World) -> None:
    """A village's book house that moved into the school in March kept no holiday in February."""
    one = point(app, world, "book_house", "village")
    with app.app_context(), transaction():
        add_period(world.act, "holiday", "寒假", date(2026, 2, 1), date(2026, 2, 28))
        add_period(world.act, "holiday", "假期", date(2026, 4, 1), date(2026, 4, 30))
    assert owed(app, world, one) == MONTHS
    becomes(app, world, one, "book_house", "primary_school", date(2026, 3, 1))
    assert owed(app, world, one) == [month for month in MONTHS if month != "2026-04"]


def test_a_month_of_a_point_that_reports_by_stay_is_asked_about(app: Flask, world: World) -> None:
    """Its stays are in the sums already: the same readers would count twice, whichever way the month comes."""
    one = point(app, world, "delivery_school")
    becomes(app, world, one, "branch", "primary_school", date(2026, 3, 1))
    with app.app_context():
        for month, asked in (("2026-02", ["by_stay"]), ("2026-03", [])):
            text = f"甲点 120/30\n雷州分馆 {month[5:]}月 120/30"
            pasted = look_at(world.act, month, text)
            (line,) = [matched for matched in pasted.lines if matched.candidates[0].id == one]
            assert [doubt.key for doubt in pasted.doubts_of(line.line, line.candidates[0])] == asked
            sheet = Sheet("月报", [("编号", "月份", "校内阅览", "校内外借"), ("A", month, 120, 30)])
            (row,) = judge(world.act, rows_of(Table([sheet]))[0])
            assert [doubt.key for doubt in row.doubts] == asked
        with pytest.raises(Conflict) as error, transaction():
            submit_month(world.act, one, "2026-02", Report(120, 30), Sent("link", confirmed=False))
        assert [doubt.key for doubt in error.value.data["doubts"]] == ["by_stay"]
        with transaction():
            submit_month(world.act, one, "2026-03", Report(120, 30), Sent("link", confirmed=False))


def test_months_by_stay_are_not_listed_unless_something_came(app: Flask, world: World) -> None:
    one, today = point(app, world, "delivery_school"), date(2026, 6, 15)
    becomes(app, world, one, "branch", "primary_school", date(2026, 3, 1))
    with app.app_context(), transaction():
        submit_month(world.act, one, "2025-10", Report(in_school_visits=3), Sent("link"))
    with app.app_context():
        line = grid(points_on([world.network_id], today, [one]), MONTHS, today, 10, [])[0]
    told = [month for month, cells in line.cells.items() if cells]
    assert told == ["2025-10", "2026-03", "2026-04", "2026-05"]
    phone = Desk(app.test_client())
    phone.get(f"/t/{world.token}")
    text = phone.text("/my/A?all=1")
    assert "2025年10月 收到了" in text
    assert "2025年11月" not in text
