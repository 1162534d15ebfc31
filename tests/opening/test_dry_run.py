"""What a ledger may not say: every problem by sheet and row, and nothing is written."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from branchnet.batches.lists.purposes import Asked
from branchnet.batches.opening.cells import about
from branchnet.batches.opening.headings import PARTS
from branchnet.batches.opening.purpose import OPENING
from branchnet.errors import Invalid
from branchnet.extensions import db, transaction
from branchnet.points.commands import NewCommunity, register_communities
from branchnet.stock.lists import read_table
from branchnet.stock.lists.cells import Unreadable
from tests.opening.ledgers import Ledgers, made
from tests.pages.desk import Desk, sit_down, words
from tests.support.world import World, build_world


@pytest.mark.parametrize(
    ("cell", "word", "means"),
    [
        ("4,900余册", "", (4900, "at_least")),
        ("4900余", "估", (4900, "estimated")),
        ("约300", "", (300, "estimated")),
        ("300多册", "", (300, "at_least")),
        (300, "余", (300, "at_least")),
        ("３００", "", (300, "exact")),
        ("", "", (None, "exact")),
    ],
)
def test_a_number_says_how_well_it_is_known(cell: str | int, word: str, means: tuple[int | None, str]) -> None:
    assert about(cell, word) == means


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(Unreadable):
        about("很多", "")


def test_every_problem_is_told_by_sheet_and_row(app: Flask, world: World, clerk: Desk, ledgers: Ledgers) -> None:
    day = ledgers.day
    page = ledgers.tried(
        made(
            服务点=[
                {"名称": "上村", "类型": "农家书屋"},
                {"名称": "上村", "类型": "农家书屋", "编号": "S-2"},
                {"名称": "下村", "类型": "书吧", "经度": "一百"},
                {"名称": "雷州分馆", "类型": "分馆", "编号": "LZ-09"},
                {"名称": "长岭小学", "编号": "CL-01"},
                {"名称": "新村", "类型": "农家书屋", "开放日期": day + timedelta(days=1)},
                {"名称": "好村", "类型": "农家书屋", "乡镇": "无此镇"},
                {"名称": "反村", "类型": "农家书屋", "纬度": 110.1, "经度": 21.55},
            ],
            在架图书=[
                {"服务点": "无此点", "书名或类别": "绘本", "册数": 5},
                {"服务点": "好村", "书名或类别": "绘本", "册数": "很多"},
                {"服务点": "好村", "书名或类别": "", "册数": 3},
            ],
            未还送书=[
                {"学校": "好村", "送书日期": day + timedelta(days=2), "册数": 3},
                {"学校": "好村", "送书日期": "去年", "册数": 3},
                {"学校": "好村", "送书日期": day, "应还日期": day - timedelta(days=3), "册数": 3},
            ],
            带条码图书=[
                {"条码": world.barcodes[0], "书名": "小人书", "在哪里": "好村"},
                {"条码": "A1", "书名": "甲", "在哪里": "好村"},
                {"条码": "A1", "书名": "乙", "在哪里": "好村"},
            ],
            人员=[{"姓名": "某人"}],
        )
    )
    said = clerk.text(page)
    for sentence in (
        "服务点 4 要改 “上村”写了不止一行",
        "类型“书吧”看不懂",
        "服务点 6 要改 经纬度“一百”看不懂",
        "服务点 7 要改 账上已有同名的服务点，编号 LZ-01。",
        "服务点 8 要改 编号 CL-01 在账上是“长岭小学流动服务点”，这里写的是“长岭小学”",
        "服务点 9 要改 开放日期",
        "在架图书 4 要改 没有“无此点”这个服务点。",
        "在架图书 5 要改 册数要填整数。",
        "在架图书 6 要改 书名空着，请填写。",
        "未还送书 4 要改 送书日期",
        "未还送书 5 要改 日期“去年”看不懂",
        "未还送书 6 要改 应还日期早于送书日期。",
        "带条码图书 4 要改 条码已经在账上",
        "要改 条码和第",
        "人员 — 能入账 “人员”不是台账里的表，没有读。",
        "服务点 11 要改 经纬度好像写反了：110.1 写在纬度里。请对调。",
        "服务点 10 能入账 村镇名录里没有“无此镇”，没有记乡镇。",
    ):
        assert sentence in said, sentence
    assert "签好字了，入账" not in said
    assert clerk.post(f"{page}/apply").status_code == 422
    told = CalamineWorkbook.from_filelike(BytesIO(clerk.get(f"{page}/problems.xlsx").data)).get_sheet_by_index(0)
    assert ["服务点", 6.0] in [row[:2] for row in told.to_python()]
    assert "好村" not in clerk.text("/work/points")
    assert clerk.post(f"{page}/drop").status_code == 303
    assert "不要了" in clerk.text(page)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_point_in_another_county_is_no_row_of_this_network(
    app: Flask, world: World, clerk: Desk, ledgers: Ledgers
) -> None:
    """Degrees typed wrong put a point among strangers, and everything on the map far away from it."""
    with app.app_context(), transaction():
        register_communities(world.act, [NewCommunity("county", "坡头区", "440804000000")])
    bajiao = {"纬度": 21.2446, "经度": 110.4553, "坐标系": "WGS84"}
    page = ledgers.tried(
        made(
            服务点=[
                {"名称": "近村", "类型": "农家书屋", **bajiao},
                {"名称": "远村", "类型": "农家书屋", **bajiao, "纬度": 22.2446},
                {"名称": "海村", "类型": "农家书屋", **bajiao, "经度": 118.4553},
            ]
        )
    )
    said = clerk.text(page)
    assert "服务点 5 要改 这个位置在 北流市，不在本网络的县区；真在那里，请先登记那个县区。" in said
    assert "服务点 6 要改 这个位置在 别处（海上或境外），不在本网络的县区" in said
    assert "服务点 4 要改" not in said


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_no_ledger_gets_one_sentence(clerk: Desk, ledgers: Ledgers) -> None:
    assert "文件里没有一张认得的表。" in ledgers.said(made(名册=[{"姓名": "某人"}]))
    assert "没有认出这几栏：册数" in ledgers.said(made(在架图书=[{"服务点": "雷州分馆", "书名": "绘本"}]))
    assert ledgers.bring(b"%PDF-1.7").status_code == 422
    assert ledgers.bring(made(服务点=[{"名称": "a"}]), day=date(2100, 1, 1)).status_code == 422
    missing = clerk.post("/work/opening", day=ledgers.day.isoformat())
    assert 'id="f-file-error"' in missing.text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_template_is_read_back_as_what_it_is(clerk: Desk, ledgers: Ledgers) -> None:
    template = clerk.get("/work/opening.xlsx").data
    book = CalamineWorkbook.from_filelike(BytesIO(template))
    assert book.sheet_names == [part.word for part in PARTS.values()]
    for part in PARTS.values():
        assert book.get_sheet_by_name(part.word).to_python()[2] == [heads[0] for heads in part.names.values()]
    assert "台账里一行也没有。" in ledgers.said(template)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_ledger_is_the_business_of_its_own_network(app: Flask, world: World, clerk: Desk, ledgers: Ledgers) -> None:
    page = ledgers.tried(made(服务点=[{"名称": "好村", "类型": "农家书屋"}]))
    other = build_world(app, "other")
    stranger = sit_down(app, other.clerk_login, other.password)
    for path in (page, f"{page}/sums", f"{page}/problems.xlsx"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{page}/apply").status_code == 404
    admin = sit_down(app, world.admin_login, world.password)
    assert "签好字了，入账" in admin.text(page)
    assert admin.post(f"{page}/apply").status_code == 303
    ledgers.work()
    assert "好村" in words(clerk.get("/work/points"))
    assert sit_down(app, world.manager_login, world.password).get(page).status_code == 403


def test_of_two_ledgers_judged_in_one_moment_one_comes_in(app: Flask, world: World, ledgers: Ledgers) -> None:
    """Neither knew of the other when it was judged; the later one looks again before it writes."""
    day = ledgers.day
    table = read_table("台账.xlsx", made(在架图书=[{"服务点": world.point_codes[0], "书名": "旧书", "数量": 5}]))
    asked = Asked(1, "opening", None, {}, {"day": day.isoformat(), "note": "期初"})
    with app.app_context():
        parsing = OPENING.parse(world.act, asked, table)
        try:
            while True:
                next(parsing)
        except StopIteration as done:
            ledger = done.value
        first, second = (OPENING.judge(world.act, asked, ledger) for _ in range(2))
        with transaction():
            assert OPENING.write(world.act, asked, first).copies == 5
        with pytest.raises(Invalid, match="opening_not_all_good"), transaction():
            OPENING.write(world.act, asked, second)
        db.session.remove()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_one_bad_point_is_one_mistake_to_mend(ledgers: Ledgers) -> None:
    said = ledgers.said(
        made(
            服务点=[{"编号": "QC04", "名称": "青村", "类型": "书吧", "点号": "4"}],
            在架图书=[
                {"编号": "QC04", "书名或类别": "绘本", "册数": 5},
                {"编号": "青村", "书名或类别": "杂志", "册数": 2},
            ],
            未还送书=[{"学校": "青村", "编号": "QC04", "送书日期": ledgers.day, "册数": 3}],
        )
    )
    assert said.count("在“服务点”表第 4 行，那一行有问题，请先改好它。") == 3
    assert "这个服务点。" not in said
    assert "栏目“点号”没有认出来，没有用。" in said
    assert "检查过，4 行有问题" in said
    unread = ledgers.said(
        made(
            服务点=[{"点号": "QC04", "类型": "农家书屋", "乡镇": "镇"}],
            在架图书=[{"编号": "QC04", "书名": "绘本", "册数": 5}],
        )
    )
    assert "“QC04”还找不到，请先改好那张表。" in unread
    assert "这个服务点。" not in unread


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_word_that_says_nothing_of_a_number_is_one_problem(ledgers: Ledgers) -> None:
    rows = [{"服务点": "雷州分馆", "书名": "绘本", "册数": count, "怎么来的": "数的"} for count in ("4,900余", "约300")]
    said = ledgers.said(made(在架图书=rows))
    assert said.count("“准不准（余/估）”写的“数的”看不懂") == 2
    assert "册数要填整数" not in said


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_sum_sheet_keeps_what_is_not_known(clerk: Desk, ledgers: Ledgers) -> None:
    good = [
        {"学校": "长岭小学流动服务点", "送书日期": ledgers.day, "书名": "童话", "册数": "40余", "单价": None},
        {"学校": "雷州分馆", "送书日期": ledgers.day, "书名": "童话", "册数": 3, "单价": "2"},
    ]
    page = ledgers.tried(made(未还送书=good))
    assert clerk.text(f"{page}/sums").count("40 余") == 2
    assert "经办人" in clerk.text(f"{page}/sums")
    rows = sheet_of(clerk, page)
    at = rows[2].index("余/估")
    told = {row[0]: (row[7], row[at]) for row in rows if row[0]}
    assert told["CL-01"] == ("未知", "未还送书 余")
    assert told["LZ-01"] == (6.0, "")

    bad = ledgers.tried(made(未还送书=[*good, {"学校": "无此点", "送书日期": ledgers.day, "册数": 1}]))
    printed = clerk.text(f"{bad}/sums")
    assert "不全：1 行有问题，不能签字" in printed
    assert "经办人" not in printed
    assert "不能签字" in sheet_of(clerk, bad)[0][0]
    assert "1 行有问题" in clerk.text("/work/opening")


def sheet_of(clerk: Desk, page: str) -> list[list[object]]:
    """The sum sheet as Excel has it."""
    book = CalamineWorkbook.from_filelike(BytesIO(clerk.get(f"{page}/sums.xlsx").data))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_template_says_what_belongs_into_a_column(clerk: Desk) -> None:
    with ZipFile(BytesIO(clerk.get("/work/opening.xlsx").data)) as book:
        notes = [book.read(name).decode() for name in sorted(book.namelist()) if "comments" in name]
    assert len(notes) == len(PARTS)
    for word in ("设在什么单位里", "手机 GPS 写 WGS84", "校外的人能不能来借"):
        assert word in notes[0], word
    assert "在总馆的写“总馆书架”" in notes[3]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_day_leads_to_the_ledger(app: Flask, world: World, clerk: Desk) -> None:
    assert 'href="/work/opening"' in clerk.get("/work/").text
    assert 'href="/work/agreements"' in clerk.get("/work/").text
    assert 'href="/work/opening"' not in sit_down(app, world.manager_login, world.password).get("/work/").text
