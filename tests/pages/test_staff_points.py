"""A service point on the clerk's pages: its life, the forms for each step, and what a merger takes across."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from branchnet.access.queries import teachers
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import month_of, previous_month
from branchnet.extensions import transaction
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, days_ago, sit_down, words
from tests.pages.test_staff import sent_out
from tests.support.world import World

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def change(clerk: Desk, world: World, step: str, **sent: str) -> str:
    """Make a change of the first point; returns what is said then."""
    page = f"/work/points/{world.point_codes[0]}"
    answer = clerk.post(f"{page}/merge" if step == "merge" else f"{page}/change/{step}", **sent)
    return clerk.text(page) if answer.status_code == 303 else words(answer)


def test_renamed_or_misspelt(app: Flask, world: World, clerk: Desk) -> None:
    """Two buttons in plain words; what was typed is text, whatever it is."""
    page = f"/work/points/{world.point_codes[0]}"
    assert "改名：从某天起叫……" in clerk.text(page)
    assert "写错了：一直都该叫……" in clerk.text(page)
    said = change(clerk, world, "rename", name="<b>平乔</b>小学", day=days_ago(app, world, 3))
    assert "原长岭小学流动服务点" in said
    assert "&lt;b&gt;平乔&lt;/b&gt;小学" in clerk.get(page).text
    assert "<b>平乔" not in clerk.get(page).text
    assert "原长岭小学流动服务点" in clerk.text("/work/points")
    found = clerk.text("/work/points?q=长岭")
    assert "服务点，共 1 个" in found, "it is found by the name that it had"
    assert "平乔" in found
    assert "原长岭小学流动服务点" in clerk.text(f"/manage/points/{world.point_codes[0]}")
    said = change(clerk, world, "rename", name="平桥小学", day=days_ago(app, world, 3))
    assert "起已经改叫“" in said
    assert "写错了：一直都该叫……" in said
    said = change(clerk, world, "correct-name", wrong="<b>平乔</b>小学", name="平桥小学")
    assert "叫过的名字" in said
    assert "更正名称" in said
    assert "林管理员" in said


@ON_SQLITE
def test_books_that_are_at_least_so_many_say_so(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context(), transaction():
        lots = [NewLot("旧书", 1400, quality="at_least")]
        batches.take_in(world.act, "opening", lots, world.begun_on, world.place_ids[0])
    code = world.point_codes[0]
    assert "在那里的书 1,400 余 册" in clerk.text(f"/work/points/{code}")
    assert "1,400 余 收书" in clerk.text("/work/points")
    assert "1,400 余 册" in clerk.text(f"/work/exchange?to={code}")


def test_a_point_closes_with_books_there(app: Flask, world: World, clerk: Desk) -> None:
    sent_out(app, world, "allocation", 9, received=True)
    on_its_way = sent_out(app, world, "allocation", 5)
    form = clerk.text(f"/work/points/{world.point_codes[0]}/change/close")
    assert f"批次 {on_its_way}（分配）还在路上，到了照样签收" in form
    assert "那里还有 10 册" in form
    said = change(clerk, world, "close", day=days_ago(app, world, 5), reason="撤点")
    assert "那天以后还往那里送过书" in said
    assert (
        'value="撤点"'
        in clerk.post(f"/work/points/{world.point_codes[0]}/change/close", day="2001-01-01", reason="撤点").text
    )
    said = change(clerk, world, "close", day=days_ago(app, world, 2), reason="撤点", successor=world.point_codes[1])
    assert "接着的是 雷州分馆" in said
    assert "那里还有 10 册" in said
    assert "送到这里的还能签收" in said
    assert "关了，书还没收完" in clerk.text("/work/points")
    assert "关了，书还没收完" in clerk.text("/work/")
    said = change(clerk, world, "close", day=days_ago(app, world, 1), reason="再关")
    assert "已经关闭，不能办这一步" in said
    said = change(clerk, world, "reopen", day=days_ago(app, world), reason="复办")
    assert "重新开放" in said
    assert "关了，书还没收完" not in clerk.text("/work/")


def test_two_points_merge(app: Flask, world: World, clerk: Desk) -> None:
    sent_out(app, world, "allocation", 9, received=True)
    delivery = sent_out(app, world, "delivery", 9, received=True)
    on_its_way = sent_out(app, world, "allocation", 5)
    page = f"/work/points/{world.point_codes[0]}/merge"
    assert f"批次 {delivery} 送来的书留在那里，照旧去收回" in clerk.text(page)
    form = clerk.text(page)
    assert "那里的 10 册由一个轮换批次带走" in form
    assert f"批次 {on_its_way}（分配）撤回来，同一天改送接着的点" in form
    assert "陈老师" in form
    nowhere = clerk.post(page, day=days_ago(app, world, 1), reason="并校")
    assert (nowhere.status_code, 'id="f-successor-error"' in nowhere.text) == (422, True)
    sent = {"day": days_ago(app, world, 1), "reason": "两校合并", "successor": world.point_codes[1], "sent": "1"}
    assert clerk.post(page, **sent, teacher=str(world.teacher_id)).status_code == 303
    [number] = re.findall(r"(\S+) 的 10 册从这里出发，还在路上", clerk.text(page.removesuffix("/merge")))
    assert f'href="/work/batches/{number}">去签收' in clerk.get(page.removesuffix("/merge")).text
    other = clerk.text(f"/work/points/{world.point_codes[1]}")
    assert "轮换 送到这里 在路上 10" in other
    assert "分配 送到这里 在路上 10" in other
    assert "合并" in other
    with app.app_context():
        assert violations(world.network_id) == []
        assert copies_at(world.network_id, world.place_ids[:1]) == {world.place_ids[0]: 10}
        (teacher,) = teachers(world.network_id, world.act.today())
        assert teacher.point_ids == world.point_ids


@ON_SQLITE
def test_shut_for_a_while(app: Flask, world: World, clerk: Desk) -> None:
    said = change(clerk, world, "pause", day=days_ago(app, world, 9), reason="修屋顶")
    assert "临时闭馆" in said
    assert "修屋顶" in said
    assert "临时闭馆" in clerk.text("/work/points")
    said = change(clerk, world, "resume", day=days_ago(app, world, 9))
    assert "再开的日子要晚于关门的那天" in said
    said = change(clerk, world, "resume", day=days_ago(app, world, 2))
    assert "恢复开放" in said
    with app.app_context():
        locked = previous_month(month_of(world.act.today()))
        first = (date.fromisoformat(f"{locked}-15")).isoformat()
        with transaction():
            lock_through(world.act, locked)
    assert "那个月已经封账" in change(clerk, world, "pause", day=first, reason="放假")


@ON_SQLITE
def test_it_moves_and_is_another_kind(app: Flask, world: World, clerk: Desk) -> None:
    day = days_ago(app, world, 2)
    said = change(clerk, world, "move", day=day, lat="110.4", lon="21.2", datum="bd09")
    assert "经纬度好像写反了" in said
    said = change(clerk, world, "move", day=day, lat="21.2", lon="110.4", datum="bd09")
    assert "搬迁" in said
    assert "位置 准确" in said
    assert "21.27070, 110.35940 → 21.19" in said
    assert "没有写搬到哪里" in change(clerk, world, "move", day=days_ago(app, world, 1))
    assert "改了类型" in change(clerk, world, "kind", day=day, kind="branch", host="county_library")
    assert "学生 320 名" in change(clerk, world, "pupils", day=day, pupils="320")
    assert "请填整数" in change(clerk, world, "pupils", day=day, pupils="很多")
    assert "请填写这一项" in change(clerk, world, "pupils", day=day)
    for told, words_then in (("1", "也向校外的人开放"), ("0", "不向校外的人开放")):
        said = change(clerk, world, "community", day=day, community=told)
        assert f"对校外的开放变了 {day} {words_then}" in said
    wrong = clerk.post(f"/work/points/{world.point_codes[0]}/change/kind", day=day, kind="nothing")
    assert wrong.status_code == 422
    assert clerk.get(f"/work/points/{world.point_codes[0]}/change/nothing").status_code == 404


@ON_SQLITE
def test_who_only_reads_changes_nothing(app: Flask, world: World) -> None:
    manager = sit_down(app, world.manager_login, world.password)
    page = f"/work/points/{world.point_codes[0]}"
    assert "写错了" not in manager.text(page)
    assert manager.get(f"{page}/change/close").status_code == 403
    admin = sit_down(app, world.admin_login, world.password)
    assert "并入另一个点" not in admin.text(page)
    tomorrow = (date.fromisoformat(days_ago(app, world)) + timedelta(days=1)).isoformat()
    assert "这一天还没有到" in words(admin.post(f"{page}/change/rename", name="新名", day=tomorrow))


@ON_SQLITE
def test_no_exchange_is_offered_where_a_point_closed(app: Flask, world: World, clerk: Desk) -> None:
    page, form = f"/work/points/{world.point_codes[0]}", f"/work/exchange?to={world.point_codes[0]}"
    assert "记一次换书" in clerk.text(page)
    assert "起关闭" not in clerk.text(form)
    with app.app_context(), transaction():
        batches.close_point(world.act, world.point_ids[0], world.act.today(), "学校撤并")
    said = clerk.text(page)
    assert "记一次换书" not in said
    assert "在这里开始盘点" not in said
    assert f"{days_ago(app, world)} 起关闭：那天以后不能再送书去" in clerk.text(form)
