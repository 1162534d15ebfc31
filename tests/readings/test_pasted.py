"""A text of a WeChat group: what each line says, which point it means, and what becomes of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet import clock
from branchnet.calendar.commands import lock_through
from branchnet.errors import Invalid
from branchnet.extensions import db, transaction
from branchnet.models import Reading, ReadingRevision
from branchnet.points.life.commands import rename
from branchnet.readings.commands import Entered, Sent, enter_many, submit_month
from branchnet.readings.pasted.looking import look_at
from branchnet.readings.pasted.names import meant
from branchnet.readings.pasted.rules import lines_of
from branchnet.readings.rules import Report
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

MONTH = "2026-05"
NAMES = ("长岭小学", "第3小学")


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in the middle of June 2026 whose books begin in February."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        made = build_world(app)
        with app.app_context():
            yield made


# What a line says.


@pytest.mark.parametrize(
    ("text", "name", "numbers"),
    [
        ("3. 长岭小学 来看书 210 借出 85", "长岭小学", (210, 85, None, None, None)),
        ("5、陈铁学校：阅览320人次，外借46册", "陈铁学校", (320, 46, None, None, None)),
        ("后坡学校 120/30", "后坡学校", (120, 30, None, None, None)),
        ("６．长岭小学　来看书２１０　借出８５", "长岭小学", (210, 85, None, None, None)),
        ("①长岭小学 外借册次85，阅览人次210", "长岭小学", (210, 85, None, None, None)),
        ("长岭小学 210人来看书 85本借走，开放20天", "长岭小学", (210, 85, None, None, 20)),
        ("长岭小学 王老师 借阅 85 册", "长岭小学", (None, 85, None, None, None)),
        ("王老师 后坡学校 210人次 85册", "王老师 后坡学校", (210, 85, None, None, None)),
        ("第3小学120/30", "第3小学", (120, 30, None, None, None)),
        ("长岭小学 校内阅览100外借50，校外阅览20外借5", "长岭小学", (100, 50, 20, 5, None)),
        ("长岭小学 来看书２１０，借85，开20天", "长岭小学", (210, 85, None, None, 20)),
        ("长岭小学 5月 来看书 0", "长岭小学", (0, None, None, None, None)),
        ("长岭小学 阅览人数：1,260人次 外借册数：182册，谢谢老师👍🏻", "长岭小学", (1260, 182, None, None, None)),
        # A rare character of a name is no picture.
        ("𨰻坑小学 1260/182 🙏", "𨰻坑小学", (1260, 182, None, None, None)),
        ("长岭小学（王老师）接待读者210人次，外借数85", "长岭小学", (210, 85, None, None, None)),
        ("长岭小学：校内210/85，校外30/9", "长岭小学", (210, 85, 30, 9, None)),
        ("长岭小学 村民 30/9。", "长岭小学", (None, None, 30, 9, None)),
    ],
)
def test_what_can_be_read(text: str, name: str, numbers: tuple[int | None, ...]) -> None:
    [line] = lines_of(text, MONTH, NAMES)
    report = line.report
    got = (report.in_school_visits, report.in_school_loans, report.community_visits, report.community_loans)
    assert (line.name, line.problem, (*got, report.days_open)) == (name, None, numbers)


@pytest.mark.parametrize(
    "said", ["没开放", "没有开放，谢谢老师！", "没有开放", "这个月放假，没开放", "放暑假了", "未开放。"]
)
def test_not_open_is_neither_empty_nor_zero(said: str) -> None:
    [line] = lines_of(f"2、西厅学校 {said}", MONTH, NAMES)
    assert (line.name, line.report, line.problem) == ("西厅学校", Report(not_open=True), None)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("210", "unlabelled"),
        ("30 人", "unlabelled"),
        ("借阅 210", "unlabelled"),
        ("外借 30 人次", "unlabelled"),
        ("210 85", "unlabelled"),
        ("120/30/20", "unlabelled"),
        ("校内120/30/20", "unlabelled"),
        ("校内120/30，学生20/10", "unlabelled"),
        ("校内120/30，丢了3", "unlabelled"),
        ("人数 210", "unlabelled"),
        ("来看书1，260人次", "number_twice"),
        ("约200人次", "unknown_words"),
        ("200多人次 借出50", "unknown_words"),
        ("来看书 1,200 借出 85", "unknown_words"),
        ("来看书 210 借30人", "unlabelled"),
        ("来看书 210-220", "unknown_words"),
        ("阅览 -5", "unknown_words"),
        ("来看书 1.5", "unknown_words"),
        ("丢失3册", "unknown_words"),
        ("来看书 二百", "unknown_words"),
        ("", "no_numbers"),
        ("阅览 10 人次，来看书 20 人次", "number_twice"),
        ("学生210人次，村民30人次，借出80册", "scope_unclear"),
        ("4月 来看书 210", "other_month"),
        ("放假前来看书210", "not_open_and_more"),
        ("阅览 99999999", "too_large"),
    ],
)
def test_what_cannot_be_read_is_doubtful_and_never_guessed(said: str, problem: str) -> None:
    [line] = lines_of(f"3. 长岭小学 {said}", MONTH, NAMES)
    assert (line.name, line.problem, line.report) == ("长岭小学", problem, Report())


def test_headers_and_examples_are_no_lines() -> None:
    text = "#接龙\n五月的数\n例 某某学校 1/2\n\n1. 长岭小学 3/4"
    assert [line.number for line in lines_of(text, MONTH, NAMES) if line.problem is None] == [5]


def test_another_school_whose_name_begins_alike_is_another_name() -> None:
    assert [line.name for line in lines_of("长岭小学二部 120/30", MONTH, NAMES)] == ["长岭小学二部"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("长岭小学", [1]),
        ("王老师 长岭小学", [1]),
        ("小明 长岭小学", [1]),
        ("长岭小学 丢了", []),
        ("长岭", [1, 3]),
        ("长岭村小", [1]),
        ("cl-01", [1]),
        ("雷州", [2]),
        ("岭", []),
        ("西厅学校", []),
    ],
)
def test_which_point_a_name_means(typed: str, found: list[int]) -> None:
    names = {1: ["长岭小学流动服务点", "长岭村小", "CL-01"], 2: ["雷州分馆", "LZ-01"], 3: ["长岭小学二部"]}
    assert meant(typed, names) == found


# With what the books know.


def test_a_former_name_is_known_and_what_is_there_is_seen(world: World, query_counter: QueryCounter) -> None:
    with transaction():
        rename(world.act, world.point_ids[1], "海康分馆", date(2026, 6, 1))
        submit_month(world.act, world.point_ids[0], MONTH, Report(in_school_visits=7), Sent("link"))
    query_counter.reset()
    found = look_at(world.act, MONTH, "1. 海康分馆 120/30\n2. 长岭小学 来看书 9\n3. 没有的 1/2\n4. 雷州分馆 校外阅览 3")
    assert query_counter.count <= 8
    assert [(len(one.candidates), one.sure, one.line.problem) for one in found.lines] == [
        (1, False, "point_twice"),
        (1, True, None),
        (0, False, None),
        (1, False, "point_twice"),
    ]
    assert [found.seen(point) for point in found.points if point.id == world.point_ids[0]] == [1]
    [line] = look_at(world.act, MONTH, "海康分馆 校外阅览 3").lines
    assert (line.line.problem, line.sure) == ("no_neighbours", False)


def test_what_is_not_said_stays_and_is_whose_it_usually_is(world: World) -> None:
    """A branch that only ever counted its neighbours means them; the days that were reported are not taken away."""
    with transaction():
        for month in ("2026-02", "2026-03", "2026-04", MONTH):
            numbers = Report(community_visits=487, community_loans=199, days_open=21)
            submit_month(world.act, world.point_ids[0], month, numbers, Sent("link"))
    found = look_at(world.act, MONTH, "长岭小学 480/190")
    [one] = found.lines
    (point,) = one.candidates
    assert found.report_of(one.line, point) == Report(community_visits=480, community_loans=190, days_open=21)
    assert found.doubts_of(one.line, point) == []
    found = look_at(world.act, MONTH, "长岭小学 校内看书 5 开放 3 天")
    [one] = found.lines
    assert found.report_of(one.line, point) == Report(5, None, 487, 199, days_open=3)
    found = look_at(world.act, MONTH, "长岭小学 1/1")
    assert [doubt.code for doubt in found.doubts_of(found.lines[0].line, point)] == ["far_below", "far_below"]
    found = look_at(world.act, "2026-06", "长岭小学 学生 30 人次 借出 9")
    assert [doubt.code for doubt in found.doubts_of(found.lines[0].line, point)] == ["school_instead"]
    found = look_at(world.act, MONTH, "长岭小学 没开放")
    assert [doubt.code for doubt in found.doubts_of(found.lines[0].line, point)] == ["over_numbers"]


@pytest.mark.parametrize(("month", "text"), [("2026-07", "a 1/2"), ("2026-13", "a 1/2"), ("2026-05", "#接龙")])
def test_what_is_no_month_and_no_text_is_refused(world: World, month: str, text: str) -> None:
    with pytest.raises(Invalid):
        look_at(world.act, month, text)


def test_each_row_is_kept_held_or_refused_by_itself(world: World) -> None:
    here, there = world.point_ids
    with transaction():
        submit_month(world.act, here, MONTH, Report(in_school_visits=7), Sent("link"))
        lock_through(world.act, "2026-03")
    rows = [
        Entered(here, MONTH, Report(in_school_visits=8), 1),
        Entered(here, MONTH, Report(in_school_visits=9), 1),
        Entered(there, MONTH, Report(in_school_visits=1, days_open=40), None),
        Entered(there, "2026-04", Report(community_visits=1), None),
        Entered(there, "2026-03", Report(in_school_visits=2), None),
        Entered(here, "2026-04", Report(not_open=True), None),
    ]
    with transaction():
        kept = enter_many(world.act, rows)
    assert [(one.get("refused"), one.get("held")) for one in kept] == [
        (None, None),
        ("point_twice", None),
        ("reading", None),
        ("no_neighbours", None),
        (None, "locked"),
        (None, None),
    ]
    # Of what was refused nothing is there, not even an empty window.
    assert db.session.scalar(select(func.count()).select_from(Reading).where(Reading.point_id == there)) == 1
    channels = select(ReadingRevision.channel).where(ReadingRevision.submitted_by == world.act.person_id)
    assert set(db.session.scalars(channels.where(ReadingRevision.number == 2))) == {"import"}


def test_who_reports_meanwhile_is_not_overwritten(world: World) -> None:
    with transaction():
        submit_month(world.act, world.point_ids[0], MONTH, Report(in_school_visits=7), Sent("link"))
        [kept] = enter_many(world.act, [Entered(world.point_ids[0], MONTH, Report(in_school_visits=8), None)])
    assert kept["held"] == "stale"
