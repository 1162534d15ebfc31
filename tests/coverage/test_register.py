"""The register of communities: kept by hand, found, and candidates for where a point stands, which nobody guesses."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from branchnet.access.acts import Act
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import bounds, month_of, previous_month
from branchnet.calendar.stale import EVER
from branchnet.coverage.covered import coverage_at
from branchnet.coverage.files.reading import rows_of
from branchnet.coverage.gaps import gaps
from branchnet.coverage.queries import communities
from branchnet.coverage.register import register_of
from branchnet.coverage.rules import Outcome, Threshold
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, Community, Network, PointEvent, PointPosition, StaleFact
from branchnet.models.place import cell_at
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from branchnet.points.communities.checks import known_to, wrong_with
from branchnet.points.communities.commands import change, enter, put_many, set_aside, take_back
from branchnet.points.communities.queries import (
    Asked,
    candidates,
    listed,
    own_counties,
    towns_named,
    without_position,
)
from branchnet.points.communities.rules import address, in_own_counties, near_name, whole_code
from branchnet.points.towns import towns
from branchnet.stock.lists import read_table
from tests.pages.desk import Desk, clerk_of, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(1)}`'\""
VILLAGE = Position(21.37, 110.25, "exact")
SCHOOL = Position(21.39, 110.23, "exact")
TWO = (
    NewCommunity("village", "陈铁村", "440823101201", None, "遂溪县", "遂城镇", position=VILLAGE),
    NewCommunity("village", "陈铁村", "440825100202", county="徐闻县", town="徐城街道"),
    NewCommunity("village", "陈铁村", "110114001201", county="昌平区", town="城北街道"),
    NewCommunity("town", "遂城镇", "440823101000", county="遂溪县", position=Position(21.38, 110.24, "approximate")),
    NewCommunity("town", "徐城街道", "440825100000", county="徐闻县"),
    NewCommunity("school", "遂城一小", None, "440823101000", "遂溪县", "遂城镇", position=SCHOOL),
)  # fmt: skip


def told(act: Act, text: str) -> list[tuple[str, str, str | None]]:
    return [(one.name, one.within, one.quality) for one in candidates(act.network_id, text)]


def register(world: World) -> None:
    with transaction():
        register_communities(world.act, TWO)


def test_a_bare_name_is_never_enough(app: Flask, world: World) -> None:
    """陈铁村 is in two of our districts and in one of Beijing's, where we have neither a point nor a town."""
    with app.app_context():
        register(world)
        assert told(world.act, "陈铁村") == [
            ("陈铁村", "遂溪县 遂城镇", "exact"),
            ("陈铁村", "徐闻县 徐城街道", None),
        ]
        assert [name for name, _within, _quality in told(world.act, "ctc")] == ["陈铁村", "陈铁村"]
        assert set(own_counties(world.network_id)) == {"440802", "440823", "440825"}
        # A school is one house: its exact position is the point's own. A village's never is.
        qualities = {one.name: one.position.quality for one in candidates(world.network_id, "遂城")}
        assert qualities == {"遂城一小": "exact", "遂城镇": "approximate"}


@pytest.mark.parametrize(
    ("kind", "code", "parent", "county", "own"),
    [
        ("village", "440823101201", None, None, True),
        ("village", "110114001201", None, "遂溪县", False),
        ("school", "3144001234", "440823101000", None, True),
        ("school", "3144001234", None, "遂溪县", True),
        ("village", None, None, None, False),
    ],
)
def test_whose_county(kind: str, code: str | None, parent: str | None, county: str | None, own: bool) -> None:
    assert in_own_counties(kind, code, parent, county, {"440823": "遂溪县"}) is own


def test_what_can_be_asked_for() -> None:
    assert address("遂溪县", "遂城镇", "陈铁村", "village") == "遂溪县遂城镇陈铁村"
    assert address("遂溪县", None, "遂城镇", "town") == "遂溪县遂城镇"
    assert address(None, None, "遂溪县", "county") == "遂溪县"
    assert address(None, "遂城镇", "陈铁村", "village") is None
    assert near_name("遂溪", ["徐闻县", "遂溪县"]) == "遂溪县"
    assert near_name("西城街道办事处", ["东城街道办事处"]) is None
    assert whole_code("town", "440823101") == "440823101000"
    assert whole_code("school", "440823101") == "440823101"


def test_a_town_in_use_needs_no_row_of_its_own(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction():
            used = NewCommunity("village", "南桥村", "440802002201", county="赤坎区", town="南桥街道")
            register_communities(world.act, [used])
        known = known_to(world.network_id)
        south, north = (replace(used, code=None, town=town) for town in ("南桥街道", "北桥街道"))
        assert wrong_with(south, known) == []
        assert [one.code for one in wrong_with(north, known)] == ["town_unknown"]


def test_by_hand_with_its_cell_its_town_and_its_trail(app: Flask, world: World) -> None:
    with app.app_context():
        register(world)
        with transaction():
            one = NewCommunity("village", "塘口村", None, None, "遂溪县", "遂城镇", children=0)
            made = enter(world.act, one)
            with pytest.raises(Conflict) as known:
                enter(world.act, one)
            assert known.value.reason == "community_known"
            with pytest.raises(Conflict) as taken:
                enter(world.act, NewCommunity("village", "另一村", "440823101201"))
            assert taken.value.reason == "community_code_known"
        row = db.session.get_one(Community, made)
        assert (row.parent_code, row.children, row.cell) == ("440823101000", 0, None)
        with transaction():
            change(world.act, made, NewCommunity("village", "塘口村", position=Position(21.4, 110.3, "exact", "staff")))
        row = db.session.get_one(Community, made, populate_existing=True)
        assert (row.cell, row.children, row.county) == (cell_at(21.4, 110.3), None, None)
        with transaction():
            # What the page shows and takes back is no new position: whence it is stays known.
            change(
                world.act,
                made,
                NewCommunity("village", "塘口村", position=Position(21.4000004, 110.3, "approximate", "file")),
            )
        row = db.session.get_one(Community, made, populate_existing=True)
        assert (row.lat, row.quality, row.source) == (21.4, "approximate", "staff")
        with transaction():
            change(world.act, made, NewCommunity("village", "塘口村", town="遂城镇"))
        assert db.session.get_one(Community, made, populate_existing=True).cell is None
        trail = select(AuditRecord.action).where(AuditRecord.subject_id == made, AuditRecord.subject == "community")
        assert db.session.scalars(trail.order_by(AuditRecord.id)).all()[:2] == [
            "community.entered",
            "community.changed",
        ]
        with pytest.raises(NotFound), transaction():
            change(world.act, 10**6, one)


def test_the_list_is_narrowed(app: Flask, world: World) -> None:
    with app.app_context():
        register(world)

        def names(**asked: object) -> list[str]:
            count, rows = listed(world.network_id, Asked(**asked), 0, 100)  # type: ignore[arg-type]
            assert count == len(rows)
            return [one.name for one in rows]

        assert names(text="440825") == ["陈铁村", "徐城街道"]
        assert names(text="陈铁 110114") == ["陈铁村"]
        assert names(text="%") == names(text="_") == []
        assert names(town="遂溪县/遂城镇") == ["陈铁村", "遂城一小", "遂城镇"]
        assert names(kind="village", placeless=True) == ["陈铁村", "陈铁村"]


def test_set_aside_it_is_nowhere_and_may_come_back(app: Flask, world: World) -> None:
    """A village entered twice counts in no denominator, gap, map, list, search or choice, until it is taken back."""
    july, networks = world.begun_on, [world.network_id]

    def seen() -> tuple[Any, ...]:
        found = gaps(networks, july)
        return (
            sorted(one.name for one in communities(networks)),
            len(register_of(networks)[0]),
            (found.administrative.by_kind, found.towns),
            listed(world.network_id, Asked(), 0, 100)[0],
            [one.name for one in candidates(world.network_id, "陈铁")],
            [one.name for one in without_position(world.network_id)],
            own_counties(world.network_id),
            towns_named(world.network_id),
            len(towns(world.network_id)),
        )

    with app.app_context():
        before = seen()
        register(world)
        after = seen()
        added = db.session.scalars(select(Community.id).where(Community.county.is_not(None))).all()
        for one in added:
            with transaction():
                set_aside(world.act, one, "登记重了")
        assert seen() == before
        with pytest.raises(Conflict) as again, transaction():
            set_aside(world.act, added[0], "又一次")
        assert again.value.reason == "community_set_aside"
        # Its code makes no second one, and it cannot be changed meanwhile.
        with pytest.raises(Conflict) as known, transaction():
            enter(world.act, NewCommunity("village", "陈铁村", "440823101201"))
        assert (known.value.reason, known.value.data["why"]) == ("community_set_aside", "登记重了")
        with pytest.raises(Conflict), transaction():
            change(world.act, added[0], NewCommunity("village", "改名村"))
        for one in added:
            with transaction():
                take_back(world.act, one)
        assert seen() == after
        trail = select(AuditRecord.action).where(AuditRecord.subject_id == added[0]).order_by(AuditRecord.id)
        assert db.session.scalars(trail).all() == ["community.set_aside", "community.taken_back"]


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    return clerk_of(app, world)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_clerk_keeps_the_register(app: Flask, world: World, clerk: Desk, query_counter: QueryCounter) -> None:
    sent = {"kind": "village", "name": HOSTILE, "town": "寸金街道", "county": "赤坎区", "children": "120"}
    made = clerk.post("/work/communities/new", lat="21.281", lon="110.3594", datum="bd09", quality="exact", **sent)
    assert made.status_code == 303, words(made)
    page = clerk.get(str(made.location)).text
    assert HOSTILE not in page
    assert "&lt;img src=x" in page
    with app.app_context():
        row = db.session.scalars(select(Community).where(Community.name == HOSTILE)).one()
        # Baidu's degrees lie more than half a kilometre from where a GPS stands.
        assert row.lat is not None
        assert 0.003 < 21.281 - row.lat < 0.006
        assert (row.source, row.cell) == ("staff", cell_at(row.lat, row.lon or 0))
    wrong = clerk.post(str(made.location), **{**sent, "name": "新村", "lat": "110.3", "lon": "21.2"})
    assert wrong.status_code == 422
    assert "经纬度好像写反了" in words(wrong)
    again = {"op_id": "the-same-press", **sent, "name": "新村"}
    assert [clerk.post(str(made.location), **again).status_code for _ in range(2)] == [303, 303]
    text = clerk.text("/work/communities?q=xc")
    assert "新村" in text
    query_counter.reset()
    clerk.text("/work/communities")
    few = query_counter.count
    with app.app_context(), transaction():
        register_communities(world.act, [NewCommunity("village", f"某村{number}") for number in range(150)])
    query_counter.reset()
    assert "第 1 页，共 2 页" in clerk.text("/work/communities")
    assert query_counter.count == few
    manager = sit_down(app, world.manager_login, world.password)
    assert "改好了，存" not in manager.text(str(made.location))
    assert manager.post(str(made.location), **sent).status_code == 403


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_was_faster_is_told_and_what_is_set_aside_says_so(app: Flask, world: World, clerk: Desk) -> None:
    sent = {"kind": "village", "name": "近村", "code": "440802001201", "town": "寸金街道", "county": "赤坎区"}
    with app.app_context():
        near = db.session.scalars(select(Community.id).where(Community.name == "近村")).one()
    address = f"/work/communities/{near}"

    def mark() -> str:
        return re.findall(r'name="seen" value="(\w+)"', clerk.get(address).text)[0]

    opened = mark()
    assert clerk.post(address, seen=opened, children="111", **sent).status_code == 303
    late = clerk.post(address, seen=opened, children="1200", **sent)
    assert late.status_code == 409
    assert "近村 有人刚改过" in words(late)
    assert "现在记的是" in words(late)
    assert 'value="1200"' in late.text
    with app.app_context():
        assert db.session.get_one(Community, near).children == 111
    assert clerk.post(address, seen=mark(), children="1200", **sent).status_code == 303
    assert "请填写这一项" in words(clerk.post(f"{address}/set-aside", why=""))
    assert clerk.post(f"{address}/set-aside", why="<b>重了</b>").status_code == 303
    page = clerk.get(address)
    assert "作废：<b>重了</b>" in words(page).replace("&lt;", "<").replace("&gt;", ">")
    assert "<b>重了" not in page.text
    assert "近村" not in clerk.text("/work/communities")
    assert "近村" in clerk.text("/work/communities?position=aside")
    manager = sit_down(app, world.manager_login, world.password)
    with app.app_context(), transaction():
        new = NewPoint("NJ-1", "近村点", "book_house", world.begun_on, "village", area_code="440802001201")
        open_point(world.act, new)
    pages = [(clerk, "/work/points/NJ-1"), (manager, "/manage/points/NJ-1")]
    assert all("近村 已经作废，数覆盖时不算这里" in one.text(path) for one, path in pages)
    assert manager.post(f"{address}/take-back").status_code == 403
    assert clerk.post(f"{address}/take-back").status_code == 303
    assert not any("已经作废" in one.text(path) for one, path in pages)
    sheet = read_table("x.xlsx", clerk.get("/work/communities.xlsx?q=近村").data)
    assert [(one.name, one.problems) for one in rows_of(sheet, points=False)] == [("近村", ())]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_another_networks_community_is_not_there(app: Flask, world: World, clerk: Desk) -> None:
    other = build_world(app, "other")
    with app.app_context(), transaction():
        theirs = enter(other.act, NewCommunity("village", "别馆村", county="赤坎区"))
    assert clerk.get(f"/work/communities/{theirs}").status_code == 404
    assert clerk.post(f"/work/communities/{theirs}", kind="village", name="改").status_code == 404
    chosen = {"day": "", "community": str(theirs)}
    assert clerk.post(f"/work/points/{world.point_codes[0]}/change/move", **chosen).status_code == 422


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_where_a_point_stands_is_chosen_in_the_register(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context():
        register(world)
        ids = {(one.name, one.county): one.id for one in db.session.scalars(select(Community))}
        today = world.act.today().isoformat()
    move = f"/work/points/{world.point_codes[0]}/change/move"
    page = clerk.get(f"{move}?find=陈铁村").text
    # One of the two has no position: it is shown, and cannot be chosen; Beijing's is not shown. None is chosen yet.
    assert re.findall(r'type="radio"[^>]*name="community" value="(\d*)"', page) == [str(ids["陈铁村", "遂溪县"]), ""]
    assert "徐闻县 徐城街道" in page
    assert "昌平区" not in page
    for wrong in (ids["陈铁村", "昌平区"], ids["陈铁村", "徐闻县"]):
        refused = clerk.post(f"{move}?find=陈铁村", day=today, community=str(wrong))
        assert refused.status_code == 422
    # A search that nothing was chosen from, and a move without any place, say no place; what was typed stays.
    empty = clerk.post(f"{move}", day=today, find="陈铁村", offered="1", lat="", lon="")
    assert empty.status_code == 422
    assert "请从找到的里面选一个" in words(empty)
    nowhere = clerk.post(move, day="2026-08-03", find="陈铁村", offered="1", community="", lat="", lon="")
    assert nowhere.status_code == 422
    assert "没有写搬到哪里" in words(nowhere)
    assert 'value="2026-08-03"' in nowhere.text
    assert clerk.post(move, day=today, community=str(ids["陈铁村", "遂溪县"])).status_code == 303
    with app.app_context():
        stands = db.session.scalars(
            select(PointPosition)
            .where(PointPosition.point_id == world.point_ids[0])
            .order_by(PointPosition.valid_from.desc())
        ).first()
        assert stands is not None
        assert (stands.lat, stands.quality, stands.area_code) == (21.37, "approximate", "440823101201")
        assert (stands.source, stands.cell) == ("register", cell_at(21.37, 110.25))
    # Looking in the register records nothing, and keeps what was typed.
    found = clerk.post("/work/points/new", step="find", find="陈铁", name="写了一半的点", pupils="77")
    assert found.status_code == 200
    assert 'value="写了一半的点"' in found.text
    assert 'value="77"' in found.text
    assert "选它：记成大约的" in words(found)
    # Of a village without a code nothing would be counted: it is said before it is chosen.
    assert "还没有代码" not in words(found)
    with app.app_context(), transaction():
        stands_at = Position(21.37, 110.25, "exact")
        enter(world.act, NewCommunity("village", "无码村", None, None, "遂溪县", "遂城镇", position=stands_at))
    assert "还没有代码，覆盖里数不到它" in words(clerk.get(f"{move}?find=无码村"))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_position_is_put_right_and_is_no_move(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context():
        register(world)
        ids = {(one.name, one.county): one.id for one in db.session.scalars(select(Community))}
        begun = world.begun_on
    here = f"/work/points/{world.point_codes[0]}"
    assert "县区和乡镇没有登记" in clerk.text(here)
    locate = f"{here}/change/locate"
    assert "没有写在哪里" in words(clerk.post(locate, lat="", lon=""))
    away = clerk.post(locate, lat="39.9", lon="116.4")
    assert away.status_code == 422
    assert re.search("这个位置在 ..区，不在本网络的县区", words(away))
    other = clerk.post(locate, lat="21.2707", lon="110.3594", town="440823101000")
    assert "这个位置在 赤坎区，不在 遂溪县" in words(other)
    both = clerk.post(locate, lat="21.42", lon="110.20", find="陈铁村", community=str(ids["陈铁村", "遂溪县"]))
    assert "隔得太远" in words(both)
    right = {"lat": "21.3700", "lon": "110.2510", "community": str(ids["陈铁村", "遂溪县"])}
    assert clerk.post(locate, pinned="1", quality="exact", **right).status_code == 303
    page = clerk.text(here)
    assert "在哪里： 遂溪县 遂城镇 陈铁村 21.370000, 110.251000" in page
    assert f"改正位置 {begun} 21.27070, 110.35940 → 21.37000, 110.25100 大约 林管理员" in page
    with app.app_context():
        (stands,) = db.session.scalars(select(PointPosition).where(PointPosition.point_id == world.point_ids[0]))
        # A pin is approximate, whatever is chosen beside it.
        assert (stands.quality, stands.area_code, stands.valid_from) == ("approximate", "440823101201", begun)
        assert stands.cell == cell_at(21.37, 110.251)
        today = world.act.today()
    move = {"day": today.isoformat(), "lat": "21.38", "lon": "110.24"}
    assert "请选在哪个乡镇" in words(clerk.post(f"{here}/change/move", **move))
    assert clerk.post(f"{here}/change/move", town="440823101000", **move).status_code == 303
    assert "遂溪县 遂城镇 陈铁村 → 遂溪县 遂城镇" in clerk.text(here)
    assert clerk.post(f"{here}/change/close", day=today.isoformat(), reason="撤并").status_code == 303
    closed = clerk.text(here)
    assert f"{today} 起关闭" in closed
    assert "起开放" not in closed


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_a_point_counts_once_the_village_it_was_placed_in_has_its_code(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context():
        register(world)
        with transaction():
            stands_at = Position(21.37, 110.252, "exact")
            without = NewCommunity("village", "无码村", None, None, "遂溪县", "遂城镇", position=stands_at)
            village = enter(world.act, without)
        begun, month = world.begun_on, month_of(world.begun_on)
    here = f"/work/points/{world.point_codes[0]}"
    assert clerk.post(f"{here}/change/locate", community=str(village)).status_code == 303

    def counted() -> bool:
        found = coverage_at([world.network_id], month, bounds(month)[1], Threshold(3), world.act.today())
        tally = found.tallies["administrative", "village"]
        return "无码村" in [tally.rows[one].name for one in tally.picked([Outcome.COVERED])]

    with app.app_context():
        assert not counted()
        with transaction():
            # Its degrees are put right with its code: it is the community that the point follows, not the place.
            moved = replace(without, code="440823101299", position=Position(21.371, 110.253, "exact"))
            change(world.act, village, moved)
        assert counted()
        stands = select(PointPosition).where(PointPosition.community_id == village)
        assert db.session.scalars(stands).one().area_code == "440823101299"
        trail = select(AuditRecord.detail).where(AuditRecord.action == "point.area")
        told = {"since": begun.isoformat(), "was": "440823101000", "now": "440823101299", "community": village}
        assert db.session.scalars(trail).all() == [told]
        assert db.session.scalars(select(StaleFact.month).where(StaleFact.place_id == world.place_ids[0])).all() == [
            EVER
        ]
    assert f"所在的村、社区改了代码 {begun} 遂溪县 遂城镇 → 遂溪县 遂城镇 无码村" in clerk.text(here)
    with app.app_context():
        with transaction():
            # A file that corrects the code does the same.
            put_many(world.act, [], [(village, replace(moved, code="440823101298"))])
        assert db.session.scalars(stands).one().area_code == "440823101298"


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_a_move_that_never_was_is_taken_back(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context():
        register(world)
        today, begun = world.act.today(), world.begun_on
    here = f"/work/points/{world.point_codes[0]}"
    back = f"{here}/change/take-back-move"
    assert back not in clerk.text(here)
    assert clerk.get(f"{back}?day={begun}").status_code == 404, "where it stood first is no move"
    moved = {"lat": "21.38", "lon": "110.24", "town": "440823101000"}
    for day in (begun + timedelta(days=40), today):
        assert clerk.post(f"{here}/change/move", day=day.isoformat(), **moved).status_code == 303
    day = (begun + timedelta(days=40)).isoformat()
    assert f"{back}?day={day}" in clerk.get(here).text
    form = words(clerk.get(f"{back}?day={day}"))
    assert f"{day} 记的搬迁：21.27070, 110.35940 → 遂溪县 遂城镇" in form
    assert clerk.post(back, day=day).status_code == 422, "why is asked for"
    with app.app_context(), transaction():
        db.session.execute(delete(StaleFact))
        lock_through(world.act, previous_month(month_of(today)))
    assert f"{day} 的月份已经封账" in words(clerk.post(back, day=day, reason="记错了点"))
    with app.app_context(), transaction():
        db.session.execute(update(Network).values(locked_through=None))
    sent = {"day": day, "reason": "记错了点", "op_id": "b" * 32}
    for _twice in range(2):
        assert clerk.post(back, **sent).status_code == 303
    page = clerk.text(here)
    assert f"撤回搬迁 {day} 遂溪县 遂城镇 → 21.27070, 110.35940 · 记错了点" in page
    assert f"搬迁 已撤回 {day}" in page
    assert f"{back}?day={day}" not in clerk.get(here).text
    assert "没有可以撤回的搬迁" in words(clerk.post(back, day=day, reason="再一次"))
    with app.app_context():
        rows = select(PointPosition).where(PointPosition.point_id == world.point_ids[0])
        stands = db.session.scalars(rows.order_by(PointPosition.valid_from)).all()
        assert [one.valid_from for one in stands] == [begun, today]
        steps = select(PointEvent.step).where(PointEvent.point_id == world.point_ids[0]).order_by(PointEvent.id)
        assert list(db.session.scalars(steps))[-3:] == ["moved", "moved", "move_taken_back"]
        stale = select(StaleFact.month).where(StaleFact.place_id == world.place_ids[0])
        assert db.session.scalars(stale).all() == [day[:7]]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_village_that_says_no_town_does_not_leave_the_old_one(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context():
        register(world)
        with transaction():
            stands_at = Position(21.37, 110.252, "exact")
            village = enter(world.act, NewCommunity("village", "无镇村", None, None, "遂溪县", position=stands_at))
    locate = f"/work/points/{world.point_codes[0]}/change/locate"
    assert clerk.post(locate, community=str(village)).status_code == 303, "nothing was known of its area"
    assert clerk.post(locate, town="440823101000").status_code == 303
    assert "请选在哪个乡镇" in words(clerk.post(locate, community=str(village)))
    assert clerk.post(locate, community=str(village), town="440823101000").status_code == 303
    with app.app_context():
        stands = select(PointPosition).where(PointPosition.community_id == village)
        assert db.session.scalars(stands).one().area_code == "440823101000"
