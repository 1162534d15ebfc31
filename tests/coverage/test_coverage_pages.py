"""Coverage as managers see it: both definitions side by side, every number open, and the gaps in their order."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of, previous_month
from branchnet.coverage import facts
from branchnet.coverage.commands import Saying, publish
from branchnet.coverage.received import records_begin
from branchnet.coverage.rules import Outcome, in_operation
from branchnet.errors import Invalid
from branchnet.extensions import transaction
from branchnet.points.commands import NewCommunity, NewPoint, Position, lay_places, open_point, register_communities
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.coverage.conftest import sign_in
from tests.support.queries import QueryCounter
from tests.support.world import World

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(1)}`"
MORE = (
    NewCommunity(
        "village",
        "大村",
        "440802001203",
        town="寸金街道",
        children=80,
        urban_rural="220",
        position=Position(21.5, 110.36, "exact"),
    ),
    NewCommunity("school", "长岭小学", None, parent_code="440802001", position=Position(21.2707, 110.3594, "exact")),
)


@pytest.fixture
def covered(app: Flask, stocked: World) -> World:
    """The stocked network with a village of eighty children out of reach, and the school in which the point is."""
    with app.app_context(), transaction():
        register_communities(stocked.act, MORE)
    return stocked


def said(html: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", html)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_each_definition_stands_for_itself(manager: FlaskClient, covered: World) -> None:
    told = said(page(manager, "/manage/coverage"))
    assert "乡镇、街道0/1个没有开放的服务点1" in told
    assert "学校1/1个全覆盖" in told
    assert "村、社区、学校2/5个身边没有书2没有位置，不能判断1" in told
    assert told.count("全覆盖") == 1


def test_every_number_opens_the_places_behind_it(manager: FlaskClient, covered: World) -> None:
    html = page(manager, "/manage/coverage?by=county")
    hrefs = {one.replace("&amp;", "&") for one in re.findall(r'href="(/manage/coverage/list[^"]*)"', html)}
    assert len(hrefs) > 10
    for href in sorted(hrefs)[:3]:
        page(manager, href)
    gone = said(page(manager, "/manage/coverage/list?definition=reach&of_what=community&outcome=not_covered"))
    assert "大村村赤坎区寸金街道身边没有书80长岭小学流动服务点25." in gone
    assert "近村" not in gone
    stopped = said(page(manager, "/manage/coverage/list?definition=in_operation&of_what=point&outcome=not_covered"))
    assert "长岭小学流动服务点" in stopped
    assert "没报：" in stopped
    rural = said(page(manager, "/manage/coverage/list?by=urban&group=rural"))
    assert "大村" in rural
    assert "近村" not in rural


def test_the_gap_with_children_comes_first(manager: FlaskClient, covered: World) -> None:
    html = page(manager, "/manage/coverage")
    gaps = html[html.index("s-gaps") : html.index("s-said")]
    assert re.findall(r'class="name"[^>]*>([^<]+)<', gaps) == ["大村", "远村"]
    assert re.search(r'href="/manage/map\?network=shiyan&amp;month=[0-9-]+&amp;within=3&amp;community=\d+">大村<', gaps)
    # The manager does not keep the register.
    assert "/work/communities/" not in gaps


def test_gaps_of_equal_rank_stand_farthest_first_and_are_narrowed(
    app: Flask, manager: FlaskClient, covered: World
) -> None:
    with app.app_context(), transaction():
        more = [("近山村", "440802001221", 21.45, "112"), ("远山村", "440802001222", 21.62, "220")]
        register_communities(
            covered.act,
            [
                NewCommunity(
                    "village", name, code, town="寸金街道", urban_rural=urban, position=Position(lat, 110.7, "exact")
                )
                for name, code, lat, urban in more
            ],
        )
    gaps = said(page(manager, "/manage/coverage").split("s-gaps", 1)[1])
    assert gaps.index("1大村") < gaps.index("2并列远山村") < gaps.index("2并列近山村") < gaps.index("2并列远村")
    rural = said(page(manager, "/manage/coverage?urban=rural").split("s-gaps", 1)[1])
    assert "空白点：2个，名次是在全部4个里的" in rural
    assert "远山村" in rural
    assert "近山村" not in rural
    assert "远山村" not in said(page(manager, "/manage/coverage?county=麻章区").split("s-gaps", 1)[1])


def test_a_longer_way_reaches_further(manager: FlaskClient, covered: World) -> None:
    assert "村、社区、学校3/5个" in said(page(manager, "/manage/coverage?way=vehicle"))


def test_before_the_first_books_were_entered_nothing_is_told(app: Flask, manager: FlaskClient, covered: World) -> None:
    """A reading of that time makes a fact, which knows of no books: nought is not what it says."""
    before = previous_month(month_of(covered.begun_on))
    with app.app_context():
        with transaction():
            submit_month(covered.act, covered.point_ids[0], before, Report(in_school_visits=7), Sent("staff"))
        with transaction():
            facts.refresh(covered.act)
        assert records_begin([covered.network_id]) == month_of(covered.begun_on)
        with pytest.raises(Invalid, match="no_records_yet"), transaction():
            publish(covered.act, Saying(before, "foot", "reach", "community", 0, 5))
    for path in ("", "/list", "/publish"):
        answer = manager.get(f"/manage/coverage{path}?month={before}")
        assert answer.status_code == 422
        assert "还没有书账" in answer.text
        assert f"/manage/coverage?month={month_of(covered.begun_on)}" in answer.text
    assert f'value="{before}"' not in page(manager, "/manage/coverage")
    told = app.test_cli_runner().invoke(args=["coverage", "--network", covered.slug, "--month", before])
    assert told.exit_code == 2
    assert "the records begin in" in told.output


def test_what_cannot_be_asked_is_refused(manager: FlaskClient, covered: World) -> None:
    for query, part in (
        ("month=2026-13", "月份"),
        ("way=rocket", "怎么去"),
        ("by=moon", "分开看"),
        ("page=0", "第几页"),
    ):
        answer = manager.get(f"/manage/coverage?{query}")
        assert answer.status_code == 422, query
        assert f"地址里的这一项不对：{part}。" in answer.text
        assert "我们这边出错了" not in answer.text
    assert "已经开始的月份" in manager.get("/manage/coverage?month=2999-01").text


def test_a_hostile_name_stays_text_and_many_points_cost_no_more_statements(
    app: Flask, manager: FlaskClient, covered: World, query_counter: QueryCounter
) -> None:
    def statements() -> int:
        query_counter.reset()
        page(manager, "/manage/coverage")
        return query_counter.count

    few = statements()
    with app.app_context(), transaction():
        here = Position(21.6, 110.36, "exact")
        register_communities(covered.act, [NewCommunity("village", HOSTILE, "440802001299", position=here)])
        for number in range(10):
            point = NewPoint(
                f"N-{number}", f"{HOSTILE}{number}", "branch", covered.begun_on, opened_on=covered.begun_on
            )
            open_point(covered.act, point)
    assert statements() == few <= 32
    for path in (
        "/manage/coverage",
        "/manage/coverage/list",
        "/manage/coverage/list?definition=in_operation&of_what=point",
    ):
        html = page(manager, path)
        assert HOSTILE not in html
        assert "&lt;/script&gt;&lt;img" in html


def test_a_manager_of_several_begins_with_a_row_for_each(app: Flask, client: FlaskClient, covered: World) -> None:
    with app.app_context(), transaction():
        city = access.found_network("shi", "市馆", covered.begun_on - timedelta(days=1))
        lay_places(Act(city.id))
        access.place_under(covered.network_id, city.id, covered.begun_on + timedelta(days=1))
        person = access.add_person(Act(city.id), "赵馆长")
        access.give_account(Act(city.id), person, "shi-manager", covered.password, ["manager"])
    html = page(sign_in(app, client, "shi-manager"), "/manage/coverage")
    assert re.search(
        r'<th scope="row"><a href="/manage/coverage\?network=shiyan&amp;month=[^"]*">试验少年儿童图书馆</a>', html
    )
    assert html.index("?network=shiyan") < html.index("s-gaps")
    assert "村、社区、学校2/5个" in said(html)
    # Who sees it does not speak for it.
    assert "coverage/publish" not in page(client, "/manage/coverage?network=shiyan")
    assert sign_in(app, client, covered.manager_login).get("/manage/coverage?network=shi").status_code == 404


def test_a_month_reported_as_not_open_is_no_month_in_operation(
    app: Flask, manager: FlaskClient, stocked: World
) -> None:
    """All that was due is reported, but of one month the point says itself that it was not open."""
    month = f"{stocked.begun_on:%Y-%m}"
    asked = f"definition=in_operation&of_what=point&month={month}"
    with app.app_context(), transaction():
        submit_month(stocked.act, stocked.point_ids[0], month, Report(in_school_visits=7), Sent("staff"))
        submit_month(stocked.act, stocked.point_ids[1], month, Report(not_open=True), Sent("staff"))
    listed = said(page(manager, f"/manage/coverage/list?{asked}"))
    year, number = month.split("-")
    assert f"没有正常开放{year}年{int(number)}月报的是没有开放" in listed
    assert "服务点1/2个没有正常开放1" in said(page(manager, f"/manage/coverage?month={month}"))
    told = app.test_cli_runner().invoke(args=["coverage", "--network", stocked.slug, "--month", month])
    assert "in operation, points: 1 of 2, 1 not" in told.output
    assert f"not in operation: 雷州分馆; reported as not open: {month}" in told.output


def test_a_school_that_was_closed_in_its_holidays_is_in_operation() -> None:
    """It may say so, and need not: the month was not due."""
    asked = {"due": ["2026-03"], "reported": ["2026-02", "2026-03"]}
    assert in_operation("open", **asked, not_open=["2026-02"]).outcome is Outcome.COVERED
    assert in_operation("open", **asked, not_open=["2026-03"]).not_open == ("2026-03",)


def test_by_town_it_is_told_what_stands_in_no_town(app: Flask, manager: FlaskClient, covered: World) -> None:
    """A point of which only the county is known, and a town of which only a village is in the register."""
    begun = covered.begun_on
    with app.app_context(), transaction():
        new = NewPoint("A-1", "区分馆", "branch", begun, opened_on=begun, area_code="440802000000")
        open_point(covered.act, new)
        register_communities(covered.act, [NewCommunity("village", "坡头村", "440802009201", town="海头街道")])
    told = said(page(manager, "/manage/coverage?by=town"))
    assert "赤坎区（没写乡镇）" in told
    assert "有3个开放的服务点没有登记乡镇、街道" in told
    assert "不在“乡镇、街道”的数里：赤坎区海头街道（1个）" in told
    html = page(manager, "/manage/coverage?by=town")
    (href,) = {
        one
        for one in re.findall(r'href="(/manage/coverage/list[^"]*group=[^"]*)"', html)
        if "outcome" not in one and "in_operation" in one and "group=%E8%B5%A4" in one
    }
    assert "区分馆" in page(manager, href.replace("&amp;", "&"))


def test_the_two_figures_of_points_that_run_lead_to_each_other(manager: FlaskClient, covered: World) -> None:
    assert 'href="/manage/?network=shiyan"' in page(manager, "/manage/coverage")
    assert re.search(r'href="/manage/coverage\?network=shiyan">全年的', page(manager, "/manage/"))
