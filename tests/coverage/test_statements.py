"""What is published stays as it was that day, and public until it is taken back; nothing else is ever public."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet.coverage import commands
from branchnet.coverage.commands import Saying
from branchnet.coverage.rules import Share, claimed
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import CoverageStatement, Network
from branchnet.points.commands import NewCommunity, NewPoint, open_point, register_communities
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.coverage.conftest import sign_in
from tests.support.world import World


def reach_now(world: World, covered: int = 1, known: int = 3, words: str | None = None) -> Saying:
    return Saying(f"{world.act.today():%Y-%m}", "foot", "reach", "community", covered, known, words)


def test_a_statement_keeps_its_figures_and_the_names_of_the_others(app: Flask, stocked: World) -> None:
    with app.app_context():
        with transaction():
            statement = commands.publish(stocked.act, reach_now(stocked, words="还在往村里走。"))
        with transaction():
            register_communities(stocked.act, [NewCommunity("village", "新村", "440802001209", town="寸金街道")])
        row = db.session.get_one(CoverageStatement, statement)
        assert (row.covered, row.known, row.without_position) == (1, 3, 1)
        assert sorted(row.others) == ["寸金街道 无位社区", "寸金街道 远村"]
        assert (row.within_km, row.detour_percent, row.way) == (3, 100, "foot")
        for refused, code in (
            (reach_now(stocked), "coverage_changed"),
            (reach_now(stocked, known=4), "published_already"),
        ):
            with pytest.raises(Conflict, match=code), transaction():
                commands.publish(stocked.act, refused)
        with transaction():
            commands.withdraw(stocked.act, statement)
        with pytest.raises(Conflict, match="withdrawn_already"), transaction():
            commands.withdraw(stocked.act, statement)
        with pytest.raises(NotFound), transaction():
            commands.withdraw(stocked.act, statement + 1)


def test_nought_of_nought_is_no_figure(app: Flask, stocked: World) -> None:
    with app.app_context():
        saying = Saying(f"{stocked.act.today():%Y-%m}", "foot", "administrative", "school", 0, 0)
        with pytest.raises(Conflict, match="none_to_publish"), transaction():
            commands.publish(stocked.act, saying)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *(
            (words, "not_whole")
            for words in (
                "全 覆 盖",
                "全·覆盖",
                "全\n覆盖",
                "100 %",
                "1 0 0 %",
                "１００％",
                "实现了全覆蓋",
                "实现了全域覆盖",
                "覆盖全市",
                "农村已实现应覆尽覆",
                "一个村也没有落下",
                "无空白点",
                "Ｆull coverage",
            )
        ),
        *(
            (words, "not_the_figures")
            for words in (
                "覆盖率九成以上",
                "318 个里有 200 个身边有书",
                "覆盖率 99.6%",
                "覆盖率百分之九十",
                "三分之二有书",
                "1,318个",
                "目标达到了。已有 200 个",
            )
        ),
        *(
            (words, None)
            for words in (
                "318 个里有 100 个身边有书，还有 218 个没有，其中 6 个没有位置。",
                "覆盖率 31.4%（约 31％），三成以上，不到三分之二。",
                "百分之三十一的村有书",
                "离全\u3000覆盖还很远，明年争取达到 200 个（九成）。",
                "每月去，3 个月一轮；应该尽快。服务安全，覆盖 100 个。10.0",
                None,
            )
        ),
    ],
)
def test_words_are_looked_at_as_they_are_read(words: str | None, code: str | None) -> None:
    found = claimed(words or "", Share(100, 318, 6))
    assert (found and found.code) == code


def test_of_all_everything_may_be_said() -> None:
    assert claimed("全覆盖，100%，318 个都有书", Share(318, 318)) is None


def test_nobody_claims_more_than_the_figures_or_names_a_phone(app: Flask, stocked: World) -> None:
    with app.app_context():
        for words in (
            "已经全覆盖！",
            "基本实现了农村全覆盖。",
            "所有服务点均正常开放，无一关闭。",
            "村村都有图书服务点",
            "农村孩子身边都有书。",
            "实现百分之百",
            "不落一村，村村有书",
            "Full coverage",
            "Every village has books.",
        ):
            with pytest.raises(Invalid, match="not_whole"), transaction():
                commands.publish(stocked.act, reach_now(stocked, words=words))
        with pytest.raises(Invalid), transaction():
            commands.publish(stocked.act, reach_now(stocked, words="问13812345678"))
        assert db.session.scalars(select(CoverageStatement)).all() == []
        with transaction():
            honest = "离全覆盖还很远；明年争取村村有书。"
            assert commands.publish(stocked.act, reach_now(stocked, words=honest))


def test_published_seen_by_all_and_withdrawn(app: Flask, client: FlaskClient, stocked: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in(app, client, stocked.manager_login)
    visitor = app.test_client()
    assert visitor.get(f"/coverage/{stocked.slug}").status_code == 404
    assert f"/coverage/{stocked.slug}" not in client.get("/manage/coverage").text
    form = client.get("/manage/coverage/publish?definition=reach&of_what=community")
    action = re.search(r'<form method="post" action="(/manage/coverage/publish[^"]*)"', form.text)
    assert action
    sent = {"op_id": uuid.uuid4().hex, "covered": 1, "known": 3, "words": "<b>慢慢来</b>"}
    refused = client.post(action[1].replace("&amp;", "&"), data={**sent, "words": "全覆盖"})
    assert refused.status_code == 422
    assert "“全覆盖”说得太满了：3 个里有 1 个。请改一改这句话。" in refused.text
    refused = client.post(action[1].replace("&amp;", "&"), data={**sent, "words": "已有 5 个"})
    assert "“5个”不是发布的数：3 个里有 1 个，33.3%。个数和百分比只能写这几个。" in refused.text
    # Sent twice, it is said once.
    for _ in range(2):
        assert client.post(action[1].replace("&amp;", "&"), data=sent).status_code == 303
    told = visitor.get(f"/coverage/{stocked.slug}").text
    said = re.sub(r"<[^>]*>|\s", "", told)
    assert (
        said.count("够得着：村、社区，步行3公里以内3个里有1个身边有书，还有1个没有。另外1个没有位置，不能判断。") == 1
    )
    assert said.index("还有1个没有") < said.index("慢慢来")
    assert "步行3公里以内" in re.sub(r"<[^>]*>|\s", "", client.get("/manage/coverage").text)
    assert "&lt;b&gt;慢慢来&lt;/b&gt;" in told
    assert "全覆盖" not in told
    # Nothing internal: no place that is out of reach, nobody's name.
    assert not any(name in told for name in ("远村", "无位社区", "长岭小学", "周馆长"))
    with app.app_context():
        statement = db.session.scalars(select(CoverageStatement)).one()
    kept = client.get(f"/manage/coverage/statements/{statement.id}").text
    assert "远村" in kept
    assert "步行 3 公里以内" in kept
    assert f"/statements/{statement.id}/withdraw" in client.get("/manage/coverage").text
    gone = client.post(f"/manage/coverage/statements/{statement.id}/withdraw", data={"op_id": uuid.uuid4().hex})
    assert gone.status_code == 303
    assert visitor.get(f"/coverage/{stocked.slug}").status_code == 404


def test_how_far_is_within_reach_is_chosen_once(app: Flask, client: FlaskClient, stocked: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in(app, client, stocked.manager_login)
    asked = {"reach_km": "2", "cycling_km": "6", "vehicle_km": "20", "detour_percent": "130"}
    wrong = client.post(
        "/manage/coverage/thresholds", data={**asked, "detour_percent": "99", "op_id": uuid.uuid4().hex}
    )
    assert wrong.status_code == 422
    assert "100 到 300" in wrong.text
    nearer = client.post("/manage/coverage/thresholds", data={**asked, "cycling_km": "1", "op_id": uuid.uuid4().hex})
    assert nearer.status_code == 422
    assert "要一个不比一个近" in nearer.text
    assert client.post("/manage/coverage/thresholds", data={**asked, "op_id": uuid.uuid4().hex}).status_code == 303
    with app.app_context():
        network = db.session.get_one(Network, stocked.network_id)
        assert {name: str(getattr(network, name)) for name in asked} == asked


def test_delivery_schools_are_told_beside_what_is_in_operation(app: Flask, stocked: World) -> None:
    month = f"{stocked.begun_on:%Y-%m}"
    with app.app_context(), transaction():
        school = NewPoint("SS-1", "岑擎小学", "delivery_school", stocked.begun_on, opened_on=stocked.begun_on)
        open_point(stocked.act, school)
        submit_month(stocked.act, stocked.point_ids[0], month, Report(in_school_visits=1), Sent("staff"))
        commands.publish(stocked.act, Saying(month, "foot", "in_operation", "point", 1, 2, "欢迎来看书。"))
    told = re.sub(r"<[^>]*>|\s", "", app.test_client().get(f"/coverage/{stocked.slug}").text)
    assert "2个里有1个正常开放，还有1个不是。" in told
    assert "1个送书学校按批次上报，不在里面。" in told


def test_one_town_is_said_below_the_whole_with_what_no_count_has(
    app: Flask, client: FlaskClient, stocked: World
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction():
        month = f"{stocked.act.today():%Y-%m}"
        begun = {"valid_from": stocked.begun_on, "opened_on": stocked.begun_on}
        school = NewPoint("SS-1", "远村小学", "delivery_school", area_code="440802001202", **begun)
        open_point(stocked.act, school)
        more = (
            NewCommunity("town", "中华街道", "440802002000"),
            NewCommunity("village", "他村", "440802002201", town="中华街道"),
        )
        register_communities(stocked.act, more)
    sign_in(app, client, stocked.manager_login)
    about = "definition=administrative&of_what=village"
    page = client.get(f"/manage/coverage/publish?{about}").text
    assert 'value="town:赤坎区 寸金街道"' in page
    page = client.get(f"/manage/coverage/publish?{about}&area=town:赤坎区 寸金街道").text
    action = re.search(r'<form method="post" action="(/manage/coverage/publish[^"]*)"', page)
    assert action
    sent = {"op_id": uuid.uuid4().hex, "covered": 1, "known": 2, "words": "村村有书"}
    address = action[1].replace("&amp;", "&")
    assert client.post(address, data=sent).status_code == 422, "of the town's own figures, too, nobody claims more"
    with app.app_context(), transaction():
        commands.publish(stocked.act, Saying(month, "foot", "administrative", "village", 1, 3))
    assert client.post(address, data={**sent, "words": ""}).status_code == 303
    with app.app_context(), transaction():
        again = Saying(month, "foot", "administrative", "village", 1, 2, by="town", group="赤坎区 寸金街道")
        with pytest.raises(Conflict, match="published_already"):
            commands.publish(stocked.act, again)
        # A later whole stands first, too.
        commands.publish(stocked.act, Saying(month, "foot", "administrative", "town", 1, 2))
    told = re.sub(r"<[^>]*>|\s", "", client.get(f"/coverage/{stocked.slug}").text)
    whole, part = told.index("，设了点：村3个里有1个"), told.index("，赤坎区寸金街道，设了点：村2个里有1个")
    assert told.index("设了点：乡镇、街道2个里有1个") < whole < part
    assert told.count("其中1个只是送书学校。") == 3
    assert "个开放的服务点没有登记乡镇、街道，没有算进任何一个乡镇。" in told
    assert told.count("个开放的服务点没有登记在哪个村、社区") == 2
    with app.app_context():
        row = db.session.scalars(select(CoverageStatement).where(CoverageStatement.area.is_not(None))).one()
        assert (row.others, row.deliveries) == (["寸金街道 近村"], 1)
    listed = client.get(f"/manage/coverage/list?{about}&outcome=covered&boxes=1").text
    assert "远村" in listed
    assert "只是送书学校" in listed
    assert "其中只是送书学校1" in re.sub(r"<[^>]*>|\s", "", client.get("/manage/coverage").text)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_area_that_is_none_is_told(manager: FlaskClient, stocked: World) -> None:
    about = "definition=administrative&of_what=village"
    for path in ("publish?area=urban:rural", "publish?area=county:无此县"):
        assert "地址里的这一项不对：说哪里。" in manager.get(f"/manage/coverage/{path}&{about}").text
    nowhere = manager.get(f"/manage/coverage/list?{about}&by=county&group=无此县")
    assert (nowhere.status_code, "地址里的这一项不对：分开看的哪一行。" in nowhere.text) == (422, True)
    assert manager.get(f"/manage/coverage/list?{about}&by=county&group=赤坎区").status_code == 200
