"""The manager's pages as they leave the server: the map's frame and table, and a point's page."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.calendar.rules import month_of, next_month, previous_month
from branchnet.coverage.map import SCRIPTS
from branchnet.extensions import transaction
from branchnet.points.commands import NewPoint, Position, open_point
from branchnet.points.life.commands import close
from tests.coverage.conftest import sign_in
from tests.support.queries import QueryCounter
from tests.support.world import World

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(1)}`"


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_table_says_what_the_map_draws(manager: FlaskClient, stocked: World) -> None:
    html = page(manager, "/manage/map")
    row = re.search(
        r"<tr>\s*<th scope=\"row\"><a href=\"/manage/points/CL-01\?network=shiyan\">.*?</tr>", html, re.DOTALL
    )
    assert row
    said = re.sub(r"<[^>]*>|\s", "", row[0])
    assert said.startswith("长岭小学流动服务点流动服务点100123")
    assert re.search(r'data-point="\d+"', row[0])
    figures = re.sub(r"<[^>]*>|\s", "", html)
    assert "身边有书的村、社区1/3个其中1个没有位置，不能判断" in figures
    assert "乡镇、街道0/1个" in figures
    # Each opens as many as it says; in a box, and at a distance of no way, there is no list of just these.
    found = re.findall(r'<a class="num" href="(/manage/coverage/list[^"]*)">(\d+)<', html)
    assert len(found) == 8
    for address, count in found:
        listed = re.sub(r"<[^>]*>|\s", "", page(manager, address.replace("&amp;", "&")))
        assert re.search(rf"[：]{count}个", listed), address
    assert page(manager, "/manage/map?within=4").count("/manage/coverage/list") == 6
    assert "/manage/coverage/list" not in page(manager, "/manage/map?box=21.2,110.3,21.3,110.4")


def test_the_map_asks_for_the_same_view(manager: FlaskClient, stocked: World, app: Flask) -> None:
    with app.app_context():
        month = month_of(stocked.begun_on)
    html = page(manager, f"/manage/map?month={month}&within=5")
    for name, path in (("points", "/api/v1/map/points"), ("communities", "/api/v1/map/communities")):
        source = re.search(rf'data-{name}="([^"]+)"', html)
        assert source
        assert source[1].replace("&amp;", "&") == f"{path}?network=shiyan&month={month}&within=5"
        assert manager.get(source[1].replace("&amp;", "&")).get_json()[name]["id"]


def test_every_script_carries_the_nonce_and_none_comes_from_elsewhere(manager: FlaskClient, stocked: World) -> None:
    answer = manager.get("/manage/map")
    html = answer.get_data(as_text=True)
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    tags = re.findall(r"<script[^>]*>", html)
    assert len(tags) == len(SCRIPTS) + 4
    assert all(f'nonce="{nonce[1]}"' in tag for tag in tags)
    assert not re.search(r'(src|href)="(https?:)?//', html)
    assert not re.search(r"<[^>]+\sstyle=", html)


def test_a_hostile_name_stays_text_and_out_of_every_script(app: Flask, manager: FlaskClient, world: World) -> None:
    with app.app_context(), transaction():
        here = Position(21.27, 110.36, "exact")
        point = NewPoint("H-1", HOSTILE, "branch", world.begun_on, opened_on=world.begun_on, position=here)
        open_point(world.act, point)
    for path in ("/manage/map", "/manage/points/H-1"):
        html = page(manager, path)
        assert HOSTILE not in html
        assert "&lt;/script&gt;&lt;img" in html
        assert not any("onerror" in script for script in re.findall(r"<script.*?</script>", html, re.DOTALL))


def test_a_point_with_its_months_and_batches(manager: FlaskClient, stocked: World) -> None:
    html = page(manager, "/manage/points/CL-01")
    said = re.sub(r"<[^>]*>|\s", "", html)
    assert "现有图书100册" in said
    assert said.count("没有数") > 0
    assert "从总馆来" in said
    assert html.count("<tbody>") == 4


def test_a_closed_point_says_since_when_and_where_it_stood(app: Flask, manager: FlaskClient, stocked: World) -> None:
    with app.app_context(), transaction():
        day = stocked.begun_on + timedelta(days=9)
        close(stocked.act, stocked.point_ids[1], day, "撤了")
    said = re.sub(r"<[^>]*>|\s", "", page(manager, "/manage/points/LZ-01"))
    assert f"已关闭{day}起关闭" in said
    assert "大约纬度20.91430，经度110.09650" in said


def test_a_point_of_another_network_is_not_there(manager: FlaskClient, stocked: World) -> None:
    assert manager.get("/manage/points/CL-01?network=nobody").status_code == 404
    assert manager.get("/manage/points/NO-99").status_code == 404


def test_a_month_that_cannot_be_is_told_in_words(app: Flask, manager: FlaskClient, world: World) -> None:
    with app.app_context():
        ahead = next_month(month_of(world.act.today()))
    for month in (ahead, "2026-13"):
        for path in (f"map?month={month}", f"use?to={month}", f"?from={month}&to={month}", f"records?to={month}"):
            answer = manager.get(f"/manage/{path}")
            assert answer.status_code == 422, path
            assert answer.get_data(as_text=True).count("请选一个已经开始的月份") == 1
            assert "我们这边出错了" not in answer.get_data(as_text=True)


def test_what_is_wrong_in_an_address_is_named(manager: FlaskClient, world: World) -> None:
    for path, name in (("map?layer=zzz", "layer"), ("sleeping?quiet=0", "quiet"), ("records?sort=zzz", "sort"),
                       ("use?by=zzz", "by"), ("map.png?box=1,2", "box")):  # fmt: skip
        answer = manager.get(f"/manage/{path}")
        assert answer.status_code == 422
        assert f"地址里的「{name}」不对" in answer.get_data(as_text=True)
    assert "一次最多看十年" in manager.get("/manage/?from=1900-01&to=2020-01").get_data(as_text=True)


def test_before_the_ledger_there_is_no_map(app: Flask, manager: FlaskClient, stocked: World) -> None:
    month = previous_month(month_of(stocked.begun_on))
    for path in ("/manage/map", "/manage/map.png", "/api/v1/map", "/api/v1/map/points"):
        assert manager.get(path, query_string={"month": month}).status_code == 422
    assert "还没有书账" in manager.get(f"/manage/map?month={month}").get_data(as_text=True)
    assert f'value="{month}"' not in page(manager, "/manage/map")


def test_of_a_month_that_is_over_nothing_is_now(manager: FlaskClient, stocked: World) -> None:
    html = page(manager, f"/manage/map?month={month_of(stocked.begun_on)}")
    assert "月底图书" in html
    assert "现有图书" not in html
    assert "空心：那时没有书" in html


def test_a_community_of_the_address_is_told_without_a_script(manager: FlaskClient, stocked: World) -> None:
    data = manager.get("/api/v1/map").get_json()["communities"]
    far = dict(zip(data["name"], data["id"], strict=True))["远村"]
    html = page(manager, f"/manage/map?community={far}")
    said = re.sub(r"<[^>]*>|\s", "", html)
    assert "远村村·寸金街道·身边没有书·最近的服务点：长岭小学流动服务点，直线14.3公里" in said
    assert f'href="/work/communities/{far}"' in html
    assert '#s-gaps"' in html
    assert f'data-open-community="{far}"' in html
    assert manager.get("/manage/map?community=99999").status_code == 404


@pytest.mark.parametrize("path", ["/manage/map", "/manage/points/CL-01"])
def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, world: World, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302


def test_a_clerk_sees_the_map_of_their_own_network(app: Flask, client: FlaskClient, stocked: World) -> None:
    assert "长岭小学流动服务点" in page(sign_in(app, client, stocked.clerk_login), "/manage/map")


def test_a_point_page_costs_a_handful_of_statements(
    manager: FlaskClient, stocked: World, query_counter: QueryCounter
) -> None:
    page(manager, "/manage/points/CL-01")
    assert query_counter.count <= 42


def test_a_long_table_comes_in_pages(
    app: Flask, manager: FlaskClient, stocked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("branchnet.blueprints.manager_map.ROWS_A_PAGE", 1)
    first, second = page(manager, "/manage/map"), page(manager, "/manage/map?page=2")
    named = [re.findall(r'<th scope="row"><a [^>]*>([^<]*)<', html) for html in (first, second)]
    assert sorted(name for names in named for name in names) == ["长岭小学流动服务点", "雷州分馆"]
    assert "第 1 页，共 2 页" in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
