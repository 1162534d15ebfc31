"""Communities and positions of points out of a file: each mistake named, a dry run that changes nothing, no doubles."""

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet.coverage.files.carried import carried, read_carried
from branchnet.coverage.files.entering import enter_places
from branchnet.coverage.files.judging import Judged, judge
from branchnet.coverage.files.reading import not_understood, rows_of
from branchnet.errors import Invalid
from branchnet.extensions import db, transaction
from branchnet.models import Community, PointEvent, PointPosition
from branchnet.models.place import cell_at
from branchnet.points.commands import NewCommunity, register_communities
from branchnet.points.communities.commands import set_aside, take_back
from branchnet.points.datum import wgs84_from_bd09, wgs84_from_gcj02
from branchnet.sheets import Column, workbook
from branchnet.sheets import Sheet as Written
from branchnet.stock.lists import Sheet, Table, read_table
from branchnet.stock.lists.reading import Cell
from tests.pages.desk import clerk_of, words
from tests.support.queries import QueryCounter
from tests.support.world import World

HEAD = ("代码", "名称", "类型", "乡镇", "县", "城乡", "孩子", "经度", "纬度", "坐标系")
FULL = ("440802001203", "塘口村", "村", "寸金街道", "赤坎区", "220", 85, 110.3594, 21.2707, "高德")


def table(*rows: tuple[Cell, ...], head: tuple[str, ...] = HEAD) -> Table:
    return Table([Sheet("", [("登记表",), head, *rows])])


def lay_ground(world: World) -> None:
    """Two more counties and their towns."""
    more = [
        NewCommunity("county", "遂溪县", "440823000000"),
        NewCommunity("town", "遂城镇", "440823101000", county="遂溪县"),
        NewCommunity("county", "徐闻县", "440825000000"),
        NewCommunity("town", "徐城街道", "440825100000", county="徐闻县"),
    ]
    with transaction():
        register_communities(world.act, more)


def tried(world: World, *rows: tuple[Cell, ...]) -> list[Judged]:
    return judge(world.act, rows_of(table(*rows), points=False), points=False)


def told(found: list[Judged]) -> list[tuple[int, str, list[tuple[str, str]]]]:
    return [(one.row.number, one.outcome, [(wrong.field, wrong.code) for wrong in one.problems]) for one in found]


def enter(world: World, *rows: tuple[Cell, ...], points: bool = False) -> dict[str, int]:
    with transaction():
        return enter_places(world.act, table(*rows), points)


def community(name: str) -> Community:
    return db.session.scalars(select(Community).where(Community.name == name)).one()


def test_each_mistake_by_its_row(app: Flask, world: World, query_counter: QueryCounter) -> None:
    rows: list[tuple[Cell, ...]] = [
        FULL,
        ("", "", "村", "", "", "", "", "", "", ""),
        ("", "甲村", "寺庙", "", "", "", "", "", "", ""),
        ("12345678901234", "乙村", "村", "", "", "", "", "", "", ""),
        ("", "丙村", "村", "", "", "300", "约80", "", "", ""),
        ("", "丁村", "村", "", "", "", "", 110.3, 21.2, ""),
        ("", "戊村", "村", "", "", "", "", 21.2, 110.3, "百度"),
        ("", "己村", "村", "", "", "", "", 110.3, "", "百度"),
        ("", "陈铁村", "村", "遂城镇", "遂溪县", "", "", "", "", ""),
        ("440825100202", "陈铁村", "村", "徐城街道", "徐闻县", "", "", "", "", ""),
        ("440802001299", "庚村", "村", "", "", "", "", "", "", ""),
        (440802001299, "辛村", "村", "", "", "", "", "", "", ""),
        ("", "远村", "村", "别的镇", "", "", "", "", "", ""),
        ("", "甲一村", "村", "", "昌平区", "", "", "", "", ""),
        ("110114001201", "甲二村", "村", "", "", "", "", "", "", ""),
        ("440825100207", "甲三村", "村", "", "遂溪县", "", "", "", "", ""),
        ("", "甲四村", "村", "遂城镇", "遂溪县", "", "", 116.4, 39.9, "WGS84"),
        ("", "甲五村", "村", "遂城镇", "遂溪县", "", "", 110.3594, 21.2707, "WGS84"),
        ("44082510020", "甲六村", "村", "", "", "", "", "", "", ""),
        ("", "甲七村", "村", "遂城", "遂溪县", "", "", "", "", ""),
        ("", "甲八村", "村", "遂城镇", "遂溪", "", "", "", "", ""),
        ("", "甲九村", "村", "不存在的镇", "遂溪县", "", "", "", "", ""),
        ("440802001298", "近村", "村", "寸金街道", "", "", "", "", "", ""),
        ("440882000000", "雷州市", "县区", "", "", "", "", "", "", ""),
        ("440882101201", "雷州的村", "村", "", "雷州市", "", "", "", "", ""),
        ("110114000000", "昌平区", "县区", "", "", "", "", "", "", ""),
    ]
    with app.app_context():
        lay_ground(world)
        query_counter.reset()
        found = tried(world, *rows)
        few = query_counter.count
        assert told(found) == [
            (3, "new", []),
            (4, "refused", [("name", "required")]),
            (5, "refused", [("kind", "community_kind")]),
            (6, "refused", [("code", "community_code")]),
            (7, "refused", [("urban_rural", "urban_rural"), ("children", "not_a_number")]),
            (8, "refused", [("datum", "datum_needed")]),
            (9, "refused", [("lat", "degrees_swapped")]),
            (10, "refused", [("lat", "degrees")]),
            # Its county and town tell it from the one of its name in another county.
            (11, "new", []),
            (12, "new", []),
            (13, "refused", [("code", "code_twice")]),
            (14, "refused", [("code", "code_twice")]),
            (15, "refused", [("code", "community_many")]),
            (16, "refused", [("county", "county_not_own")]),
            (17, "refused", [("code", "code_not_own")]),
            (18, "refused", [("code", "code_other_county")]),
            (19, "refused", [("lat", "position_elsewhere")]),
            (20, "refused", [("lat", "position_elsewhere")]),
            (21, "refused", [("code", "code_digits")]),
            (22, "refused", [("town", "spelt_otherwise")]),
            (23, "refused", [("county", "spelt_otherwise")]),
            (24, "refused", [("town", "town_unknown")]),
            # Another code of all its digits tells two of one name apart.
            (25, "new", []),
            # A county of one's own province is taken in by entering it, and with it what lies in it.
            (26, "new", []),
            (27, "new", []),
            (28, "refused", [("code", "code_not_own")]),
        ]
        query_counter.reset()
        tried(world, FULL)
        assert query_counter.count == few
        assert db.session.scalar(select(func.count()).select_from(Community).where(Community.name == "塘口村")) == 0


def test_once_more_updates_and_never_doubles(app: Flask, world: World) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Community)) or 0
        assert enter(world, FULL, ("", "无码小学", "学校", "寸金街道", "赤坎区", "", 300, "", "", "")) == {
            "new": 2,
            "changed": 0,
            "refused": 0,
        }
        made = community("塘口村")
        stands = wgs84_from_gcj02(21.2707, 110.3594)
        assert (made.lat, made.lon, made.quality, made.source) == (*stands, "exact", "file")
        assert (made.cell, made.parent_code, made.children) == (cell_at(*stands), "440802001000", 85)
        assert made.initials == "tkc"
        # Empty cells leave what is there; a school without a code is known by all that it is called.
        later: tuple[tuple[Cell, ...], ...] = (
            ("440802001203", "塘口村", "村", "", "", "", 90, 110.3594, 21.2707, "百度"),
            ("", "无码小学", "学校", "寸金街道", "赤坎区", "", "", "", "", ""),
        )
        assert [one.outcome for one in tried(world, *later)] == ["changed", "same"]
        assert enter(world, *later) == {"new": 0, "changed": 1, "refused": 0}
        db.session.expire_all()
        made = community("塘口村")
        stands = wgs84_from_bd09(21.2707, 110.3594)
        assert (made.lat, made.lon, made.cell) == (*stands, cell_at(*stands))
        assert (made.children, made.town, made.urban_rural, made.parent_code) == (90, "寸金街道", "220", "440802001000")
        # What had no code gets it, and is the same one.
        assert (
            enter(world, ("3144000001", "无码小学", "学校", "寸金街道", "赤坎区", "", "", "", "", ""))["changed"] == 1
        )
        assert db.session.scalar(select(func.count()).select_from(Community)) == before + 2
        with pytest.raises(Invalid) as nothing:
            enter(world, later[0])
        assert nothing.value.reason == "nothing_to_place"


def test_positions_of_points(app: Flask, world: World) -> None:
    here, there = world.point_codes
    head = ("编号", "名称", "经度", "纬度", "坐标系")
    rows: tuple[tuple[Cell, ...], ...] = (
        (here.lower(), "", 110.4, 21.3, "WGS84"),
        ("", "雷州分馆", 110.1, 20.9, "天地图"),
        ("ZZ-99", "", 110.1, 20.9, "天地图"),
        (there, "别的分馆", 110.1, 20.9, "天地图"),
        ("", "没有这个点", 110.1, 20.9, "天地图"),
        (here, "", "", "", ""),
    )
    with app.app_context():
        found = judge(world.act, rows_of(table(*rows, head=head), points=True), points=True)
        assert told(found) == [
            (3, "changed", []),
            (4, "changed", []),
            (5, "refused", [("code", "point_unknown")]),
            (6, "refused", [("name", "point_other_name"), ("code", "point_twice")]),
            (7, "refused", [("name", "point_unknown")]),
            (8, "refused", [("lat", "required"), ("code", "point_twice")]),
        ]
        with transaction():
            done = enter_places(world.act, table(*rows, head=head), points=True)
        assert done == {"new": 0, "changed": 2, "refused": 4}
        positions = db.session.scalars(select(PointPosition).order_by(PointPosition.point_id)).all()
        # Nobody moved: it stood there from the start, and its history has no step.
        assert [(one.lat, one.lon, one.quality, one.valid_from) for one in positions] == [
            (21.3, 110.4, "exact", world.begun_on),
            (20.9, 110.1, "exact", world.begun_on),
        ]
        assert [one.cell for one in positions] == [cell_at(21.3, 110.4), cell_at(20.9, 110.1)]
        assert db.session.scalar(select(func.count()).select_from(PointEvent).where(PointEvent.step == "moved")) == 0


@pytest.mark.parametrize("text", ["", "x", "e30=", "!!!!", "eJyLjgUAARUAuQ=="])
def test_what_no_page_of_ours_carries(text: str) -> None:
    with pytest.raises(Invalid) as outdated:
        read_carried(text)
    assert outdated.value.reason == "places_outdated"


def test_a_page_carries_ten_thousand_rows() -> None:
    """As much as a form may hold: half a megabyte."""
    rows: list[tuple[Cell, ...]] = [
        (f"4408020{number:05}", f"第{number}村", *FULL[2:6], number % 900, 110 + number / 7e4, 21.2707, "高德")
        for number in range(10_000)
    ]
    found = [Judged(row, ()) for row in rows_of(table(*rows), points=False)]
    text = carried(found)
    assert len(text) < 480_000
    assert [row.cells for row in rows_of(read_carried(text), points=False)] == [one.row.cells for one in found]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_through_the_page(app: Flask, world: World) -> None:
    clerk = clerk_of(app, world)
    refused: tuple[Cell, ...] = ("", "陈铁村", "村", "", "", "", "", "", "", "")
    book = workbook(Written("村", "村", [], [Column(head) for head in HEAD], [map(str, FULL), refused, refused]))
    assert clerk.post("/work/communities/import", step="try").status_code == 422
    answer = clerk.post("/work/communities/import", step="try", what="communities", file=(BytesIO(book), "村.xlsx"))
    assert "新的 1 行" in words(answer)
    assert len(set(re.findall(r"第 \d+ 行也是这个名称", words(answer)))) == 2
    with app.app_context():
        assert db.session.scalar(select(Community.id).where(Community.name == "塘口村")) is None
    good, back = (part.split('"')[0] for part in answer.text.split('name="rows" value="')[1:3])
    given = clerk.post("/work/communities/import", step="back", what="communities", rows=back)
    sheet = read_table("x.xlsx", given.data).sheets[0]
    assert [row[1] for row in sheet.rows[3:]] == ["陈铁村", "陈铁村"]
    # They name each other as they stand in the file that is given back.
    assert [re.findall("第 . 行", str(row[-1])) for row in sheet.rows[3:]] == [["第 5 行"], ["第 4 行"]]
    press = {"op_id": "pressed-once-only", "step": "save", "what": "communities", "rows": good}
    assert [words(clerk.post("/work/communities/import", **press)).count("新登记 1 个") for _ in range(2)] == [1, 1]
    template = read_table("x.xlsx", clerk.get("/work/communities/template.xlsx").data)
    assert rows_of(template, points=False) == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_row_that_another_one_refuses_is_given_back(app: Flask, world: World) -> None:
    """The first row of a point is taken: the second comes back, and names it as no row of its file can."""
    clerk = clerk_of(app, world)
    heads = [Column(name) for name in ("编号", "名称", "经度", "纬度", "坐标系")]
    rows = [[world.point_codes[0], "", longitude, "21.27", "WGS84"] for longitude in ("110.36", "110.37")]
    book = workbook(Written("点", "点", [], heads, rows))
    answer = clerk.post("/work/communities/import", step="try", what="points", file=(BytesIO(book), "点.xlsx"))
    assert "和第 4 行说的是同一个服务点" in words(answer)
    back = answer.text.split('name="rows" value="')[2].split('"')[0]
    given = clerk.post("/work/communities/import", step="back", what="points", rows=back)
    returned = read_table("x.xlsx", given.data)
    (row,) = returned.sheets[0].rows[3:]
    assert not_understood(returned, points=True) == [], "columns as in the template"
    assert [str(cell) for cell in row[:5]] == [world.point_codes[0], "", "110.37", "21.27", "WGS84"]
    assert f"和能收的“{world.point_codes[0]}”说的是同一个服务点" in str(row[-1])


def test_what_was_set_aside_is_not_entered_again(app: Flask, world: World) -> None:
    with app.app_context():
        near = community("近村")
        assert near.code is not None
        with transaction():
            set_aside(world.act, near.id, "登记重了")
        rows: tuple[tuple[Cell, ...], ...] = (
            (near.code, "近村", "村", "寸金街道", "", "", "", "", "", ""),
            ("", "近村", "村", "寸金街道", "", "", "", "", "", ""),
        )
        assert [told(tried(world, row))[0][2] for row in rows] == [[("code", "community_set_aside")]] * 2
        with transaction():
            take_back(world.act, near.id)
        assert tried(world, rows[0])[0].there is not None


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_preview_says_what_changes_and_what_is_not_read(app: Flask, world: World) -> None:
    clerk = clerk_of(app, world)

    def preview(head: tuple[str, ...], *rows: tuple[Cell, ...], what: str = "communities") -> str:
        book = workbook(Written("村", "村", [], [Column(one) for one in head], [map(str, row) for row in rows]))
        sent = {"step": "try", "what": what, "file": (BytesIO(book), "村.xlsx")}
        return words(clerk.post("/work/communities/import", **sent))

    text = preview(
        ("代码", "名称", "类型", "X坐标", "孩子", "经度", "纬度", "坐标系"),
        ("440802001208", "新村", "村", "1", "", "", "", ""),
        ("440802001201", "近村", "社区", "1", "120", "110.3594", "21.24", "WGS84"),
    )
    assert "没有看懂、不会读的栏：X坐标" in text
    assert "类型：村 → 社区" in text
    assert "孩子：没有 → 120" in text
    assert "位置：21.28000, 110.35940 准确 → 21.24000, 110.35940 准确" in text
    assert "类型变了" in text
    assert "移了 4.4 公里" in text
    assert text.index("会更新的") < text.index("新登记的，")
    assert "文件里没有“类型”这一栏" in preview(("代码", "名称"), ("", "甲村"), ("", "乙村"))
    text = preview(("编号", "类型", "经度", "纬度", "坐标系"), ("CL-01", "x", "110.36", "21.28", "GPS"), what="points")
    assert "不会读的栏：类型" in text
    assert "移了" not in text
    points = read_table("x.xlsx", clerk.get("/work/communities/template.xlsx?what=points").data)
    assert not_understood(points, points=True) == rows_of(points, points=True) == []
