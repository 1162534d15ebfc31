"""Readings at the desk: a grid of points and months, a window with its story, entering for a teacher, and reviews."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import bounds
from branchnet.errors import SameIdOtherBody
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, ConflictSeen, ReadingRevision
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.queries import points_on
from branchnet.readings.commands import Sent, submit_earlier, submit_month
from branchnet.readings.completeness import months_missing
from branchnet.readings.rules import Report
from tests.pages.desk import Desk, words
from tests.support.queries import QueryCounter
from tests.support.world import World


@pytest.fixture
def report(app: Flask, world: World) -> Callable[..., str]:
    """The teacher of the first point reports a month; gives the receipt."""

    def send(month: str, based_on: int | None = None, **numbers: int | bool) -> str:
        with app.app_context(), transaction():
            teacher = Act(world.network_id, world.teacher_id)
            sent = Sent("link", based_on)
            return submit_month(teacher, world.point_ids[0], month, Report(**numbers), sent).number

    return send


def cell(page: str, code: str, month: str) -> str:
    """The word in a cell of the grid."""
    found = re.search(rf'<a href="/work/readings/{code}/{month}" aria-label="[^"]*?：([^"]+)"', page)
    assert found is not None, (code, month)
    return found[1]


def test_the_grid_tells_the_states_apart(
    clerk: Desk, world: World, ago: Callable[[int], str], report: Callable[..., str]
) -> None:
    report(ago(1), in_school_visits=0)
    report(ago(2), not_open=True)
    report(ago(3), in_school_visits=9)
    report(ago(3), in_school_visits=12)
    first, second = world.point_codes
    pages = [clerk.get(f"/work/readings?year={ago(back)[:4]}").text for back in (0, 1, 2, 3)]
    assert [cell(page, first, ago(back)) for back, page in enumerate(pages)] == ["未报", "已报", "没开放", "待处理"]
    assert cell(pages[1], second, ago(1)) == "过期"
    assert "图例：每个词是什么意思" in pages[0]
    assert "要看的" in pages[0]
    assert "老师填的时候，看到的不是最新的数" in pages[0]


def test_an_earlier_term_is_seen_in_the_months_that_it_tells(app: Flask, clerk: Desk, world: World) -> None:
    """Also from before the point opened: its line is in the grid of that year, its months name the term."""
    first, second = world.point_codes
    days = date(2023, 9, 1), date(2024, 1, 31)
    with app.app_context(), transaction():
        numbers = Report(in_school_visits=2100, in_school_loans=800)
        number = submit_earlier(world.act, world.point_ids[0], "term", *days, numbers, Sent("import")).number
    grid = clerk.get("/work/readings?year=school-2023").text
    assert [cell(grid, first, month) for month in ("2023-09", "2024-01")] == ["整段报了"] * 2
    assert f"/work/readings/{first}/2024-02" not in grid
    assert f"/work/readings/{second}/" not in grid
    page = words(clerk.get(f"/work/readings/{first}/2023-10"))
    assert "2023-09-01 到 2024-01-31 是作为一个整段报的：校内来看书 2,100 人次，校内借出去 800 册次" in page
    assert f"回执 {number}" in page
    assert ("还没有人报过" in page, "替老师填" in page) == (False, False)
    of_point = clerk.get(f"/manage/points/{first}")
    assert "2023-09-01 2024-01-31 校内来看书 2,100 人次，校内借出去 800 册次" in words(of_point)
    assert f"/work/readings/{first}/2023-09" in of_point.text
    assert clerk.get(f"/work/readings/{first}/2024-02").status_code == 404
    assert clerk.get(f"/work/readings/{first}/2023-1x").status_code == 404


def test_months_within_an_earlier_term_are_nobodys_to_chase(
    app: Flask, world: World, ago: Callable[[int], str]
) -> None:
    days = bounds(ago(3))[0], bounds(ago(2))[1]
    with app.app_context(), transaction():
        submit_earlier(world.act, world.point_ids[0], "term", *days, Report(7), Sent("import"))
        points = points_on([world.network_id], world.act.today(), [world.point_ids[0]])
        missing = months_missing(points, ago(3), ago(1), world.act.today())
    assert missing == {world.point_ids[0]: [ago(1)]}
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    assert words(phone.get(f"/my/{world.point_codes[0]}")).count("这个月不用报") == 2


def test_the_grid_is_narrowed_and_the_address_cannot_break_it(clerk: Desk, world: World) -> None:
    first, second = world.point_codes
    assert f"/work/readings/{second}/" not in clerk.get("/work/readings?kind=mobile_point").text
    assert f"/work/readings/{first}/" not in clerk.get("/work/readings?q=雷州").text
    odd = clerk.get("/work/readings?year=x&kind=y&page=z&town=%27&q=")
    assert odd.status_code == 200
    assert "没有这样的服务点" in words(clerk.get("/work/readings?q=没有的点"))
    assert clerk.get("/work/readings?network=elsewhere").status_code == 404


def test_as_many_statements_for_many_points(
    app: Flask,
    clerk: Desk,
    world: World,
    query_counter: QueryCounter,
    report: Callable[..., str],
    ago: Callable[[int], str],
) -> None:
    report(ago(1), in_school_visits=1)
    clerk.get("/work/readings")
    query_counter.reset()
    clerk.get("/work/readings")
    few = query_counter.count
    with app.app_context(), transaction():
        for number in range(130):
            open_point(
                world.act, NewPoint(f"X-{number}", f"点{number}", "branch", world.begun_on, opened_on=world.begun_on)
            )
    query_counter.reset()
    page = clerk.get("/work/readings").text
    assert query_counter.count == few
    assert "第 1 页，共 2 页" in words(clerk.get("/work/readings"))
    assert page.count('<th scope="row"><span class="name">') == 100


def test_a_manager_sees_and_enters_nothing(manager: Desk, world: World, ago: Callable[[int], str]) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    assert "上报" in manager.text("/work/readings")
    assert "替老师填" not in manager.text(path)
    assert manager.post(path, in_school_visits="1").status_code == 403


def test_entered_for_a_teacher_who_phones(app: Flask, clerk: Desk, world: World, ago: Callable[[int], str]) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    assert "还没有人报过" in clerk.text(path)
    wrong = clerk.post(path, in_school_visits="十", in_school_loans="25", days_open="40")
    assert wrong.status_code == 422
    assert "请填整数。" in words(wrong)
    assert "开放天数不能超过这个月的天数。" in words(wrong)
    assert 'value="25"' in wrong.text
    assert clerk.post(path, in_school_visits="310人次", in_school_loans="0册").status_code == 303
    page = clerk.text(path)
    for told in ("310 人次", "0 册次", "馆里代填，林管理员", "校外来看书 没有数"):
        assert told in page, told
    with app.app_context():
        assert [row.channel for row in db.session.query(ReadingRevision)] == ["staff"]


def test_what_may_be_a_slip_is_asked_about_once(clerk: Desk, world: World, ago: Callable[[int], str]) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    same = dict.fromkeys(("in_school_visits", "in_school_loans", "community_visits", "community_loans"), "7")
    asked = clerk.post(path, **same)
    assert asked.status_code == 409
    assert "四个数都一样。" in words(asked)
    assert asked.text.count('value="7"') == 4
    assert "就是这样，记下" in words(asked)
    assert clerk.post(path, **same, confirmed="1").status_code == 303
    assert "要看" in clerk.text("/work/readings")
    page = clerk.get(path).text
    revision = re.findall(r'name="revision" value="(\d+)"', page)[0]
    assert "看过，没有问题" in page
    assert clerk.post(f"{path}/accept", revision=revision).status_code == 303
    assert "馆里看过，没有问题" in clerk.text(path)
    assert "没有要看的。" in clerk.text("/work/readings")


def test_what_is_far_from_usual_says_what_is_usual(
    clerk: Desk, world: World, ago: Callable[[int], str], report: Callable[..., str]
) -> None:
    for back in (4, 3, 2):
        report(ago(back), in_school_visits=1196)
    report(ago(1), in_school_visits=85)
    assert "校内来看书 85：比平常少很多，平常大约 1,196。" in clerk.text("/work/readings")
    page = clerk.text(f"/work/readings/{world.point_codes[0]}/{ago(1)}")
    assert "校内来看书：比平常少很多，平常大约 1,196。" in page


def test_told_what_came_meanwhile(
    clerk: Desk, world: World, ago: Callable[[int], str], report: Callable[..., str]
) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    report(ago(1), in_school_visits=7)
    late = clerk.post(path, in_school_visits="310", based_on="")
    assert late.status_code == 409
    assert "您填的时候新来的" in words(late)
    assert "校内来看书 7 人次" in words(late)
    assert 'name="in_school_visits" type="text" value="310"' in late.text
    assert 'name="based_on" value="1"' in late.text
    assert clerk.post(path, in_school_visits="310", based_on="1").status_code == 303
    assert "没有处理" not in clerk.text(path)


def test_a_closed_month_is_entered_only_by_exception(
    app: Flask, clerk: Desk, world: World, ago: Callable[[int], str]
) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    with app.app_context(), transaction():
        lock_through(world.act, ago(1))
    assert "这个月已经封账，现在只能看" in clerk.text(path)
    refused = clerk.post(path, in_school_visits="3")
    assert refused.status_code == 409
    assert "请有权限的人先在“封账和例外”里批一个例外" in words(refused)
    with app.app_context():
        assert db.session.query(ReadingRevision).count() == 0


def test_what_is_held_is_used_or_set_aside(
    clerk: Desk, world: World, ago: Callable[[int], str], report: Callable[..., str], app: Flask
) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    report(ago(1), in_school_visits=7)
    report(ago(1), in_school_visits=70)
    assert "等馆里处理：第 2 次" in clerk.text(path)
    held = _revision(app, 2)
    empty = clerk.post(f"{path}/set-aside", revision=held, words=" ")
    assert empty.status_code == 422
    assert "请填写这一项。" in words(empty)
    assert clerk.post(f"{path}/apply", revision=held).status_code == 303
    page = clerk.text(path)
    assert "等馆里处理：" not in page
    assert "70 人次" in page
    assert "馆里用上了 老师填的时候" in page
    report(ago(1), in_school_visits=8)
    assert clerk.post(f"{path}/set-aside", revision=_revision(app, 4), words="重复了").status_code == 303
    assert "馆里没有用这一份：重复了" in clerk.text(path)
    assert "没有要看的。" in clerk.text("/work/readings")


def test_what_waits_behind_something_newer_is_seen_and_settled(
    clerk: Desk, world: World, ago: Callable[[int], str], report: Callable[..., str], app: Flask
) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    report(ago(1), in_school_visits=7)
    report(ago(1), in_school_visits=70)
    assert clerk.post(path, in_school_visits="8", based_on="1").status_code == 303
    assert "没有要看的。" not in clerk.text("/work/readings")
    page = clerk.get(path)
    assert "后来又报了，现在算数的是第 3 次" in words(page)
    assert 'name="over" value="3"' in page.text
    unseen = clerk.post(f"{path}/apply", revision=_revision(app, 2), over="1")
    assert unseen.status_code == 409
    assert clerk.post(f"{path}/apply", revision=_revision(app, 2), over="3").status_code == 303
    assert "没有要看的。" in clerk.text("/work/readings")
    assert "校内来看书 70 人次" in clerk.text(path)


def test_a_question_is_asked_and_its_answer_accepted(
    clerk: Desk, world: World, ago: Callable[[int], str], report: Callable[..., str], app: Flask
) -> None:
    path = f"/work/readings/{world.point_codes[0]}/{ago(1)}"
    report(ago(1), in_school_visits=7)
    first = _revision(app, 1)
    private = clerk.post(f"{path}/ask", revision=first, words="请打13800138000")
    assert private.status_code == 422
    assert "请打13800138000</textarea>" in private.text
    assert clerk.post(f"{path}/ask", revision=first, words="只有 7 个人次吗？").status_code == 303
    assert "只有 7 个人次吗？" in clerk.text("/work/readings")
    assert clerk.post(f"{path}/accept", revision=first).status_code == 303
    assert "没有要看的。" in clerk.text("/work/readings")
    other = f"/work/readings/{world.point_codes[1]}/{ago(1)}"
    assert clerk.post(f"{other}/accept", revision=first).status_code == 404


def test_sent_twice_with_other_numbers_is_shown(
    app: Flask, clerk: Desk, world: World, ago: Callable[[int], str]
) -> None:
    teacher, body = Act(world.network_id, world.teacher_id), {"point": world.point_codes[0], "window": ago(1)}
    with app.app_context():
        perform(teacher, "same-id-1", "report", {**body, "in_school_visits": 1}, lambda: {"receipt": "R-1"})
        with pytest.raises(SameIdOtherBody):
            perform(teacher, "same-id-1", "report", {**body, "in_school_visits": 2, "not_open": False}, dict)
    assert "同一次上报又来了一份不一样的，1 份" in clerk.text("/work/readings")
    page = clerk.text(f"/work/readings/{world.point_codes[0]}/{ago(1)}")
    assert "校内来看书 2 人次" in page
    assert "R-1" in page
    assert "还没有看" in page
    assert clerk.post("/work/readings/doubled/1").status_code == 303
    assert clerk.post("/work/readings/doubled/1").status_code == 303
    assert "同一次上报又来了一份不一样的" not in clerk.text("/work/readings")
    assert "林管理员，" in clerk.text(f"/work/readings/{world.point_codes[0]}/{ago(1)}").partition("馆里看过")[2]
    with app.app_context():
        assert db.session.query(ConflictSeen).count() == 1
        assert db.session.query(AuditRecord).filter_by(action="reading.doubled_seen").count() == 1


def _revision(app: Flask, number: int) -> int:
    with app.app_context():
        return db.session.query(ReadingRevision).filter_by(number=number).one().id
