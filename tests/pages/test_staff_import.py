"""Readings from a file at the desk: the template, a dry run, entered once, and what is refused in words."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from branchnet.calendar.rules import month_of, previous_month
from branchnet.extensions import db
from branchnet.models import Reading, ReadingRevision
from tests.pages.desk import Desk, words
from tests.support.world import World

PATH = "/work/readings/import"


@pytest.fixture
def month(app: Flask, world: World) -> str:
    """The month that is over."""
    with app.app_context():
        return previous_month(month_of(world.act.today()))


def bring(clerk: Desk, text: str) -> TestResponse:
    return clerk.post(PATH, step="try", file=(BytesIO(text.encode()), "月报.csv"))


def entered(app: Flask) -> list[tuple[str, int | None, str]]:
    with app.app_context():
        rows = select(Reading.window_kind, ReadingRevision.in_school_visits, ReadingRevision.channel)
        return [
            tuple(row)
            for row in db.session.execute(
                rows.join(ReadingRevision, ReadingRevision.reading_id == Reading.id).order_by(ReadingRevision.id)
            )
        ]


def test_the_template_lists_points_and_months(world: World, clerk: Desk, month: str) -> None:
    answer = clerk.get(f"/work/readings/template.xlsx?year={month[:4]}")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    rows = book.get_sheet_by_name("月报").to_python()
    assert [world.point_codes[0], month] in [[row[0], row[2]] for row in rows]
    assert book.sheet_names == ["月报", "旧账"]
    # As it is, nothing in it is a reading.
    tried = clerk.post(PATH, step="try", file=(BytesIO(answer.data), "t.xlsx"))
    assert "新的 0 行" in words(tried)


def test_tried_then_entered_once(app: Flask, world: World, clerk: Desk, month: str) -> None:
    text = (
        "服务点,月份,从,到,校内阅览,校内外借\n"
        f"长岭小学流动服务点,{month},,,210,85\n"
        "雷州分馆,,2020-09-01,2021-01-20,900,\n"
        f"不认识,{month},,,1,1\n"
    )
    tried = bring(clerk, text)
    said = words(tried)
    assert "新的 2 行" in said
    assert "不能收的 1 行" in said
    assert "没有这个服务点" in said
    assert entered(app) == []
    carried = re.search(r'name="rows" value="([^"]+)"', tried.text)
    assert carried is not None
    saved = clerk.post(PATH, step="save", rows=carried[1], op_id="entered-once")
    again = clerk.post(PATH, step="save", rows=carried[1], op_id="entered-once")
    assert "2 份收下了" in words(saved)
    assert words(saved) == words(again)
    assert entered(app) == [("month", 210, "import"), ("term", 900, "import")]
    assert "和现在一样、不用动的 2 行" in words(bring(clerk, text))


def test_an_earlier_term_that_overlaps_is_refused_in_words_and_the_rest_stays(
    world: World, clerk: Desk, month: str
) -> None:
    text = (
        "服务点,月份,从,到,校内阅览\n"
        f"长岭小学流动服务点,{month},,,210\n"
        "雷州分馆,,2020-09-01,2021-01-20,900\n"
        "雷州分馆,,2020-11-01,2021-03-20,900\n"
    )
    said = words(bring(clerk, text))
    assert "新的 2 行" in said
    assert "和已经报的 2020-09-01 — 2021-01-20 重叠。" in said


def test_columns_that_nobody_reads_are_named(world: World, clerk: Desk, month: str) -> None:
    text = (
        f"服务点,月份,校内来看书,看了多少,开放天数,\n长岭小学流动服务点,{month},210,480,20,7\n雷州分馆,{month},,480,,\n"
    )
    said = words(bring(clerk, text))
    assert "没有看懂、不会读的栏：看了多少、F。" in said
    assert "没有读到数的 1 行，没有动。" in said
    assert "校内阅览 210" in said


def test_headings_of_two_rows_are_read(world: World, clerk: Desk, month: str) -> None:
    text = (
        "2026年村小读书点登记册,,,,,,\n"
        "服务点,月份,校内,,校外,,开放天数\n"
        ",,阅览人次,外借册次,阅览人次,外借册次,\n"
        f"长岭小学流动服务点,{month},430,160,30,9,22\n"
    )
    said = words(bring(clerk, text))
    assert "不会读的栏" not in said
    for number in ("校内阅览 430", "校内外借 160", "校外阅览 30", "校外外借 9", "开放天数 22"):
        assert number in said


def test_our_own_excel_comes_back(app: Flask, world: World, clerk: Desk, month: str) -> None:
    carried = re.search(
        r'name="rows" value="([^"]+)"', bring(clerk, f"编号,月份,校内阅览\n{world.point_codes[0]},{month},210\n").text
    )
    assert carried is not None
    clerk.post(PATH, step="save", rows=carried[1], op_id="our-own-excel")
    ours = clerk.get(f"/work/readings.xlsx?from={month}&to={month}")
    said = words(clerk.post(PATH, step="try", file=(BytesIO(ours.data), "月报.xlsx")))
    assert "和现在一样、不用动的 1 行" in said
    assert "不能收的 0 行" in said


def test_what_may_be_a_slip_stands_first_and_can_be_saved(
    app: Flask, world: World, clerk: Desk, ago: Callable[[int], str]
) -> None:
    rows = [(ago(4), 1196), (ago(3), 1196), (ago(2), 1196), (ago(1), 85)]
    text = "编号,月份,校内阅览\n" + "\n".join(f"{world.point_codes[0]},{month},{visits}" for month, visits in rows)
    tried = bring(clerk, text)
    said = words(tried)
    assert "其中 1 行的数有点奇怪" in said
    assert "校内来看书：比平常少很多，平常大约 1,196。" in said
    assert said.index("校内阅览 85") < said.index("校内阅览 1,196")
    assert "存这 4 行" in said


@pytest.mark.parametrize(("text", "said"), [("", "空"), ("书名,条码\na,1\n", "没有找到"), ("%PDF-1.4 x", "PDF")])
def test_another_file_is_refused_in_words(clerk: Desk, text: str, said: str) -> None:
    answer = bring(clerk, text)
    assert answer.status_code == 422
    assert said in words(answer)


def test_no_file_and_a_mangled_page_are_refused(app: Flask, clerk: Desk) -> None:
    assert clerk.post(PATH, step="try").status_code == 422
    assert clerk.post(PATH, step="save", rows="x").status_code == 422
    assert entered(app) == []
