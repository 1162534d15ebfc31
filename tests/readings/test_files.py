"""A year's readings out of a file: rows read, each mistake named by row and column, a dry run that changes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet import clock
from branchnet.calendar.commands import lock_through
from branchnet.errors import Invalid
from branchnet.extensions import db, transaction
from branchnet.fields import UNITS
from branchnet.models import Reading
from branchnet.points.queries import points_on
from branchnet.readings.commands import Sent, enter_many, submit_month
from branchnet.readings.files.carried import carried, read_carried
from branchnet.readings.files.judging import Judged, judge
from branchnet.readings.files.reading import month_of_cell, number_of, rows_of
from branchnet.readings.rules import Report
from branchnet.stock.lists import Sheet, Table
from branchnet.stock.lists.cells import Unreadable
from branchnet.stock.lists.reading import Cell
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

HEAD = ("编号", "服务点", "月份", "校内阅览", "校内外借", "校外阅览", "校外外借", "开放天数", "没有开放")
EARLIER = ("服务点", "从", "到", "校内阅览", "校内外借")


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in the middle of June 2026 whose books begin in February."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        made = build_world(app)
        with app.app_context():
            yield made


def table(*rows: tuple[Cell, ...], earlier: tuple[tuple[Cell, ...], ...] = ()) -> Table:
    sheets = [Sheet("月报", [("月报 2026",), (), HEAD, *rows])]
    return Table([*sheets, Sheet("旧账", [EARLIER, *earlier])])


def tried(world: World, *rows: tuple[Cell, ...], earlier: tuple[tuple[Cell, ...], ...] = ()) -> list[Judged]:
    return judge(world.act, rows_of(table(*rows, earlier=earlier))[0])


def told(found: list[Judged]) -> list[tuple[int, str, list[tuple[str, str]]]]:
    return [(one.row.number, one.outcome, [(wrong.field, wrong.code) for wrong in one.problems]) for one in found]


@pytest.mark.parametrize(
    "cell",
    ["2026-03", "2026年3月", "2026/3", 202603, "2026-03-01", "２０２６－０３"],
)
def test_months_as_people_write_them(cell: Cell) -> None:
    assert month_of_cell(cell) == "2026-03"


@pytest.mark.parametrize("cell", [2026.1, "2026-13", "三月", "3月", "2026"])
def test_what_may_be_another_month_is_none(cell: Cell) -> None:
    with pytest.raises(Unreadable):
        month_of_cell(cell)


@pytest.mark.parametrize(("cell", "number"), [("", None), (0, 0), (210.0, 210), ("1,200 人次", 1200), ("８５", 85)])
def test_empty_is_not_zero(cell: Cell, number: int | None) -> None:
    assert number_of(cell, UNITS["in_school_visits"]) == number


@pytest.mark.parametrize("cell", ["约200", -3, 1.5, "12.5", "99999999", "85册", "人次"])
def test_what_is_no_number(cell: Cell) -> None:
    with pytest.raises(Unreadable):
        number_of(cell, UNITS["in_school_visits"])


def test_a_dry_run_says_what_is_new_replaced_and_refused(world: World, query_counter: QueryCounter) -> None:
    here, there = world.point_codes
    with transaction():
        submit_month(world.act, world.point_ids[0], "2026-04", Report(in_school_visits=7), Sent("link"))
        submit_month(world.act, world.point_ids[0], "2026-05", Report(in_school_visits=9), Sent("link"))
    query_counter.reset()
    found = tried(
        world,
        (here, "", "2026-03", 10, "", 2, "", 20, ""),
        (here, "长岭小学流动服务点", "2026-04", 8, "", "", "", "", ""),
        (here, "", "2026-05", 9),
        ("", "雷州分馆", "2026-03", "", "", "", "", "", "是"),
        (there, "", "2026-04", "", "", "", "", "", ""),
        (there, "", "2026-04", "十几", -1, 3, "", 31, ""),
        ("XX-99", "", "2026-04", 1),
        ("", "没有的学校", "2026-04", 1),
        (here, "雷州分馆", "2026-02", 1),
        (here, "", "2026-07", 1),
        (there, "", "2025-12", 1),
        (here, "", "2026-03", 11),
        (there, "", "", 11),
        (there, "", "2026-02", 1, "", "", "", "", "是"),
    )
    assert query_counter.count <= 12
    assert told(found) == [
        # Of two rows for one month nobody can say which is meant.
        (4, "refused", [("month", "window_twice")]),
        (5, "replaces", []),
        (6, "same", []),
        (7, "new", []),
        (
            9,
            "refused",
            [
                ("in_school_visits", "not_a_number"),
                ("in_school_loans", "not_a_number"),
                ("days_open", "days"),
                ("community_visits", "no_neighbours"),
            ],
        ),
        (10, "refused", [("code", "point_unknown")]),
        (11, "refused", [("point", "point_unknown")]),
        (12, "refused", [("point", "point_other_name")]),
        (13, "refused", [("month", "month")]),
        (14, "refused", [("month", "not_open_then")]),
        (15, "refused", [("month", "window_twice")]),
        (16, "refused", [("month", "required")]),
        (17, "refused", [("not_open", "not_open_has_numbers")]),
    ]
    assert db.session.scalar(select(func.count()).select_from(Reading)) == 2


def test_a_sheet_without_a_column_does_not_empty_what_holds(world: World) -> None:
    open_to_all, school_only = world.point_codes
    with transaction():
        numbers = Report(in_school_visits=210, community_visits=30, community_loans=5, days_open=20)
        submit_month(world.act, world.point_ids[0], "2026-03", numbers, Sent("link"))

    def narrow(*row: Cell) -> Judged:
        table = Table([Sheet("月报", [("编号", "月份", "校内阅览", "校内外借", "没有开放"), row])])
        [found] = judge(world.act, rows_of(table)[0])
        return found

    assert narrow(open_to_all, "2026-03", 211, 85, "").row.report == Report(211, 85, 30, 5, days_open=20)
    assert narrow(open_to_all, "2026-03", 210, "", "").outcome == "same"
    assert narrow(open_to_all, "2026-03", "", "", "是").row.report == Report(not_open=True)
    assert narrow(school_only, "2026-03", 7, "", "").row.report == Report(7)
    # Where there is a column, what is left empty in it was not counted.
    [wide] = tried(world, (open_to_all, "", "2026-03", 211, "", "", "", "", ""))
    assert wide.row.report == Report(211)


def test_a_dry_run_says_what_may_be_a_slip(world: World, query_counter: QueryCounter) -> None:
    here = world.point_codes[0]
    with transaction():
        for month in ("2026-02", "2026-03"):
            submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=1200), Sent("link"))
    query_counter.reset()
    found = tried(
        world,
        # What the file itself says of the month before counts, in whatever order its rows stand.
        (here, "", "2026-05", 85, "", "", "", "", ""),
        (here, "", "2026-04", 1196, "", "", "", "", ""),
        ("XX-99", "", "2026-04", 1),
        earlier=(("长岭小学流动服务点", "2025-01-01", "2025-12-31", 5, ""),),
    )
    many = query_counter.count
    assert [[(doubt.key, dict(doubt.data)) for doubt in one.doubts] for one in found] == [
        [("far_below:in_school_visits", {"usual": 1200})],
        [],
        [],
        [],
    ]
    query_counter.reset()
    [not_open] = tried(world, (here, "", "2026-03", "", "", "", "", "", "是"))
    assert query_counter.count == many
    assert [doubt.key for doubt in not_open.doubts] == ["over_numbers"]
    [neighbours] = tried(world, (here, "", "2026-03", "", "", 1200, "", "", ""))
    assert [doubt.key for doubt in neighbours.doubts] == ["neighbours_instead"]


def test_earlier_windows_are_told_apart_and_overlaps_named(world: World) -> None:
    name = "长岭小学流动服务点"
    with transaction():
        submit_month(world.act, world.point_ids[0], "2026-03", Report(in_school_visits=7), Sent("link"))
        lock_through(world.act, "2025-07")
    found = tried(
        world,
        (world.point_codes[0], "", "2026-04", 1),
        earlier=(
            (name, "2025-09-01", "2026-01-20", 500, 90),
            (name, "2025-08-01", "2025-12-31", 500, 90),
            (name, "2026-02-20", "2026-05-31", 500, 90),
            (name, "2024-09-01", "2025-01-20", 500, 90),
            (name, "2025-09-01", "2025-09-20", 500, 90),
            (name, "2026-05-01", "2026-09-20", 500, 90),
            (name, "", "2026-01-20", 500, 90),
        ),
    )
    assert [(one.outcome, [(wrong.code, wrong.facts) for wrong in one.problems]) for one in found] == [
        ("new", []),
        ("new", []),
        ("refused", [("windows_overlap", ("2025-09-01 — 2026-01-20",))]),
        ("refused", [("windows_overlap", ("2026-03", "2026-04"))]),
        ("refused", [("month_closed", ("2025-01",))]),
        ("refused", [("no_term", ())]),
        ("refused", [("in_the_future", ()), ("windows_overlap", ("2026-02-20 — 2026-05-31",))]),
        ("refused", [("required", ())]),
    ]


def test_what_was_tried_is_entered_and_tried_again_is_the_same(world: World) -> None:
    rows: tuple[tuple[Cell, ...], ...] = (
        (world.point_codes[0], "", "2026-03", 10, 0, 2, "", 20, ""),
        (world.point_codes[1], "", "2026-03", "", "", "", "", "", "是"),
    )
    earlier: tuple[tuple[Cell, ...], ...] = (("雷州分馆", "2024-09-01", "2025-01-20", 500, ""),)
    points = {point.code: point for point in points_on([world.network_id], date(2026, 6, 15))}
    entered = read_carried(carried(tried(world, *rows, earlier=earlier)).replace("\n", "\r\n"), points)
    with transaction():
        kept = enter_many(world.act, entered)
    assert [one["held"] for one in kept] == [None, None, None]
    assert [one.outcome for one in tried(world, *rows, earlier=earlier)] == ["same"] * 3


@pytest.mark.parametrize("text", ["", "CL-01", "XX-9 2026-03 1 - - - - 0 -", "CL-01 2026-03 1 - - - 0 -"])
def test_what_is_not_carried_whole_is_refused(world: World, text: str) -> None:
    points = {point.code: point for point in points_on([world.network_id], date(2026, 6, 15))}
    with pytest.raises(Invalid):
        read_carried(text, points)


def test_a_file_that_is_something_else_is_refused() -> None:
    with pytest.raises(Invalid, match="readings_no_sheet"):
        rows_of(Table([Sheet("x", [("书名", "条码"), ("a", "1")])]))
    many: list[tuple[Cell, ...]] = [("CL-01", "", "2026-03", 1)] * 2_401
    with pytest.raises(Invalid, match="readings_too_many"):
        rows_of(table(*many))
