"""Geocoders: off by themselves; asked slowly and once; what they answer is a candidate, whatever they answer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from geopy.distance import geodesic
from sqlalchemy import func, select

from branchnet.config import BadSettings, Settings
from branchnet.errors import Conflict
from branchnet.extensions import db, transaction
from branchnet.jobs.runner import work_all
from branchnet.models import Community, GeocoderAnswer, Job, PointPosition
from branchnet.models.place import cell_at
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from branchnet.points.datum import wgs84_from_bd09
from branchnet.points.geocoding import asking
from branchnet.points.geocoding.commands import Pick, accept, ask_for_positions
from branchnet.points.geocoding.providers import Refused, asker
from branchnet.points.geocoding.queries import answers, sought
from tests.coverage.geocoders import Geocoder, Said, answered, baidu, geocoder, tianditu
from tests.pages.desk import clerk_of, words
from tests.support.world import World

HERE = (21.2707, 110.3594)
"""In 赤坎区, which is the network's own."""
ELSEWHERE = (40.22, 116.23)
"""In 昌平区, which is not."""
KEY = "a-key-of-the-library"


@pytest.fixture(scope="module")
def running() -> Iterator[Geocoder]:
    with geocoder() as found:
        yield found


@pytest.fixture
def server(running: Geocoder, monkeypatch: pytest.MonkeyPatch) -> Geocoder:
    monkeypatch.setattr(asking, "SECONDS_BETWEEN", 0.0)
    running.says, running.otherwise = {}, (200, "{}")
    running.asked.clear()
    running.keys.clear()
    return running


def settings(server: Geocoder, provider: str) -> dict[str, str]:
    return {"geocoder": provider, "geocoder_key": KEY, "geocoder_host": server.url}


def asked(server: Geocoder, provider: str, said: Said) -> Any:
    """What comes of one answer: the candidates, or the code of a refusal."""
    server.otherwise = said
    try:
        return asker(Settings(**settings(server, provider)))("赤坎区近村")
    except Refused as refused:
        return refused.code


def test_baidu_answers_on_its_own_datum(server: Geocoder) -> None:
    (found,) = asked(server, "baidu", baidu(*HERE, precise=1))
    assert (found["lat"], found["lon"]) == tuple(wgs84_from_bd09(*HERE))
    assert geodesic(HERE, (found["lat"], found["lon"])).m > 500
    assert found["exact"] is True
    assert server.asked == [("/geocoding/v3/", "赤坎区近村")]
    assert server.keys == {KEY}


def test_tianditu_answers_as_gps_does(server: Geocoder) -> None:
    (found,) = asked(server, "tianditu", tianditu(*HERE))
    assert (found["lat"], found["lon"], found["exact"]) == (*HERE, False)
    assert server.asked == [("/geocoder", "赤坎区近村")]
    assert asked(server, "tianditu", tianditu(*HERE, level="门址"))[0]["exact"] is True
    # A key that was copied with the end of its line.
    asker(Settings(**settings(server, "tianditu") | {"geocoder_key": f"{KEY}\n"}))("赤坎区近村")
    assert server.keys == {KEY}
    # Up to version 6 of its search degrees were numbers.
    place = {"score": 95, "level": "地名地址", "lon": HERE[1], "lat": HERE[0], "keyWord": "问的"}
    older = answered({"msg": "ok", "location": place, "searchVersion": "6.0.0", "status": "0"})
    assert asked(server, "tianditu", older)[0]["lat"] == HERE[0]


@pytest.mark.parametrize(
    ("provider", "said", "outcome"),
    [
        ("baidu", answered({"status": 1, "msg": "Internal Service Error:无相关结果", "results": []}), []),
        ("baidu", answered({"status": 0, "result": {}}), []),
        ("baidu", baidu(0, 0), []),
        ("baidu", baidu(211.0, 110.0), []),
        ("baidu", baidu(21.2, 470.0), []),
        ("baidu", answered({"status": 240, "message": "APP 服务被禁用"}), "key"),
        ("baidu", answered({"status": 302, "message": "天配额超限，限制访问"}), "quota"),
        ("baidu", answered({"status": 1, "msg": "Internal Service Error"}), "broken"),
        ("baidu", answered({"status": 0, "result": {"level": "村庄"}}), "broken"),
        ("baidu", answered([1, 2]), "broken"),
        ("baidu", (200, "<html>请先登录校园网</html>"), "broken"),
        ("baidu", (502, "Bad Gateway"), "broken"),
        ("tianditu", answered({"msg": "无结果", "status": "101"}), []),
        ("tianditu", answered({"msg": "ok", "status": "0"}), []),
        ("tianditu", tianditu(0, 0), []),
        ("tianditu", answered({"msg": "出错", "status": "404"}), "broken"),
        ("tianditu", answered({"status": "0", "location": {"lon": "东经", "lat": "21", "keyWord": "x"}}), []),
        ("tianditu", answered({"code": 1, "msg": "非法key", "resolve": "请核对"}, 403), "key"),
        ("tianditu", answered({"code": 12, "msg": "权限类型错误", "resolve": "请换一个"}, 403), "key"),
        ("tianditu", (418, ""), "key"),
        ("tianditu", (429, ""), "quota"),
        ("tianditu", answered({"msg": "配额超限"}, 403), "quota"),
        ("tianditu", (200, ""), "broken"),
    ],
)
def test_whatever_it_answers(server: Geocoder, provider: str, said: Said, outcome: Any) -> None:
    assert asked(server, provider, said) == outcome


def test_settings_that_cannot_work() -> None:
    with pytest.raises(BadSettings, match="BRANCHNET_GEOCODER must"):
        Settings(geocoder="google", geocoder_key=KEY).check()
    with pytest.raises(BadSettings, match="BRANCHNET_GEOCODER_KEY"):
        Settings(geocoder="baidu").check()
    assert KEY not in repr(Settings(geocoder="baidu", geocoder_key=KEY))


@pytest.fixture
def placeless(app: Flask, world: World) -> World:
    """A village and a point that can be asked for, and a village of which only the bare name is known."""
    with app.app_context(), transaction():
        more = [
            NewCommunity("village", "海边村", None, None, "赤坎区", "寸金街道"),
            NewCommunity("village", "陈铁村"),
        ]
        register_communities(world.act, more)
        point = NewPoint("Q-1", "海边小学流动服务点", "mobile_point", world.begun_on, opened_on=world.begun_on)
        open_point(world.act, replace(point, area_code="440802001201"))
    return world


def ask(app: Flask, world: World) -> dict[str, Any]:
    """Have the job run; gives its result."""
    with app.app_context():
        with transaction():
            ask_for_positions(world.act)
        work_all()
        last = select(Job.state, Job.result).where(Job.kind == "geocode").order_by(Job.id.desc()).limit(1)
        state, result = db.session.execute(last).one()
        db.session.rollback()
        assert state == "done"
        return dict(result or {})


@pytest.fixture
def with_baidu(app: Flask, server: Geocoder, monkeypatch: pytest.MonkeyPatch) -> Geocoder:
    monkeypatch.setitem(app.config, "BRANCHNET", replace(app.config["BRANCHNET"], **settings(server, "baidu")))
    return server


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_nothing_is_asked_by_default(app: Flask, placeless: World) -> None:
    with app.app_context():
        with pytest.raises(Conflict) as off, transaction():
            ask_for_positions(placeless.act)
        assert off.value.reason == "geocoder_off"
        assert db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "geocode")) == 0


def test_asked_once_and_accepted_by_staff_alone(app: Flask, placeless: World, with_baidu: Geocoder) -> None:
    with_baidu.otherwise = baidu(*HERE)
    with_baidu.says["赤坎区寸金街道海边村"] = baidu(*ELSEWHERE)
    assert ask(app, placeless) == {"asked": 4}
    # A bare village name is no address; what stands round the school's name is not part of it.
    assert [address for _path, address in with_baidu.asked] == [
        "赤坎区",
        "赤坎区寸金街道海边村",
        "赤坎区寸金街道无位社区",
        "赤坎区寸金街道海边小学",
    ]
    assert ask(app, placeless) == {"asked": 0}
    assert len(with_baidu.asked) == 4
    with app.app_context():
        assert len(answers(placeless.network_id, "baidu")) == 4
        assert answers(placeless.network_id, "tianditu") == {}
        ids = {one.name: one for one in sought(placeless.act)}
        assert ids["陈铁村"].query is None
        sea, home, school = (ids[name] for name in ("海边村", "无位社区", "海边小学流动服务点"))
        with pytest.raises(Conflict) as outside, transaction():
            accept(placeless.act, [Pick("community", home.id, 0), Pick("community", sea.id, 0)])
        assert outside.value.reason == "candidate_gone"
        db.session.rollback()
        assert db.session.get_one(Community, home.id).lat is None
        with transaction():
            assert accept(placeless.act, [Pick("community", home.id, 0), Pick("point", school.id, 0)]) == 2
        stands = wgs84_from_bd09(*HERE)
        placed = (
            db.session.get_one(Community, home.id, populate_existing=True),
            db.session.scalars(select(PointPosition).where(PointPosition.point_id == school.id)).one(),
        )
        for one in placed:
            assert (one.lat, one.lon, one.quality, one.source) == (*stands, "approximate", "baidu")
            assert one.cell == cell_at(*stands)
        with pytest.raises(Conflict), transaction():
            accept(placeless.act, [Pick("community", home.id, 0)])


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_spent_key_stops_it_and_no_answer_is_not_kept(app: Flask, placeless: World, with_baidu: Geocoder) -> None:
    with_baidu.otherwise = answered({"status": 302, "message": "天配额超限，限制访问"})
    assert ask(app, placeless) == {"asked": 0, "refused": "quota"}
    assert len(with_baidu.asked) == 1
    with_baidu.otherwise = (200, "<html>")
    assert ask(app, placeless) == {"asked": 0, "refused": "broken"}
    assert len(with_baidu.asked) == 1 + asking.BROKEN_AT_MOST
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(GeocoderAnswer)) == 0
    with_baidu.otherwise = answered({"status": 0, "result": {}})
    assert ask(app, placeless) == {"asked": 4}
    with app.app_context():
        assert set(map(str, db.session.scalars(select(GeocoderAnswer.found)))) == {"[]"}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_long_list_is_asked_job_by_job(
    app: Flask, placeless: World, with_baidu: Geocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    with_baidu.otherwise = baidu(*HERE)
    assert ask(app, placeless) == {"asked": 2}
    assert len(with_baidu.asked) == len(set(with_baidu.asked)) == 4


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_writer_need_not_wait_for_the_geocoder(
    app: Flask, placeless: World, with_baidu: Geocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While an address is asked for, no transaction of the job is open: on SQLite it would keep all writers out."""
    open_then: list[bool] = []
    monkeypatch.setattr(asking, "_answer", lambda _ask, _query: open_then.append(db.session().in_transaction()) or [])
    assert ask(app, placeless) == {"asked": 4}
    assert open_then == [False] * 4


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_pages_of_it(app: Flask, placeless: World, server: Geocoder, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = clerk_of(app, placeless)
    path = "/work/communities/positions"
    assert "没有设置地图服务" in clerk.text(path)
    assert clerk.post(path, step="ask").status_code == 409
    monkeypatch.setitem(app.config, "BRANCHNET", replace(app.config["BRANCHNET"], **settings(server, "tianditu")))
    server.otherwise = tianditu(*HERE)
    server.says["赤坎区寸金街道海边村"] = tianditu(*ELSEWHERE)
    assert "4 个地址还没问过" in clerk.text(path)
    assert clerk.post(path, step="ask").status_code == 303
    with app.app_context():
        work_all()
    page = clerk.get(path)
    assert "在昌平区，不是本网络的县区" in page.text
    assert "问了 4 个地址" in words(page)
    boxes = [part.split('"')[0] for part in page.text.split('name="accept" value="')[1:]]
    assert len(boxes) == 3
    # A village of another county of ours may be told to be here: that is said, and staff judge.
    assert "登记的是" not in page.text
    with app.app_context(), transaction():
        own_too = NewCommunity("county", "遂溪县", "440823000000", position=Position(21.38, 110.25, "exact"))
        register_communities(placeless.act, [own_too])
        db.session.scalars(select(Community).where(Community.name == "陈铁村")).one().county = "遂溪县"
        asking._keep(placeless.act, "tianditu", "遂溪县陈铁村", [{"name": "", "lat": 21.2707, "lon": 110.3594}])
    assert "登记的是遂溪县" in clerk.text(path)
    assert 'name="accept" checked' not in page.text
    assert clerk.post(path, step="accept").status_code == 422
    assert clerk.post(path, step="accept", accept=["community:x:0"]).status_code == 422
    assert clerk.post(path, step="accept", accept=boxes).status_code == 303
    assert "没有位置的 2 个" in clerk.text(path)
    with app.app_context():
        assert db.session.scalars(select(Community.source).where(Community.name == "无位社区")).one() == "tianditu"
    assert "天地图答的" in clerk.text(f"/work/communities/{boxes[0].split(':')[1]}")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_has_a_position_is_not_asked_for(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction():
            register_communities(
                world.act, [NewCommunity("village", "已知村", county="赤坎区", position=Position(*HERE, "exact"))]
            )
        assert "已知村" not in {one.name for one in sought(world.act)}
