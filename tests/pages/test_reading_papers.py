"""Readings to take along: the list as Excel, the blank sheet, the term to be stamped, the principal's summary."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table, _Row
from flask import Flask
from python_calamine import CalamineWorkbook

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.batches.papers.word import MIMETYPE
from branchnet.blueprints.staff import reading_papers
from branchnet.extensions import transaction
from branchnet.points.life import commands as life
from branchnet.readings.commands import Sent, submit_earlier, submit_month, submit_stay
from branchnet.readings.rules import Report
from tests.pages.desk import Desk, clerk_of, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in the middle of June 2026, one month reported."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        made = build_world(app)
        with app.app_context(), transaction():
            numbers = Report(in_school_visits=210, in_school_loans=0, community_visits=3, days_open=20, note="谢谢")
            submit_month(made.act, made.point_ids[0], "2026-03", numbers, Sent("link"))
        yield made


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    """The clerk, at the desk."""
    return clerk_of(app, world)


def rows(desk: Desk, address: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(desk.get(address).data))
    return book.get_sheet_by_index(0).to_python()[2:]


def test_the_list_as_excel(world: World, clerk: Desk) -> None:
    head, row = rows(clerk, "/work/readings.xlsx?from=2026-03&to=2026-03")
    told = dict(zip(head, row, strict=True))
    assert told["编号"] == world.point_codes[0]
    assert (told["校内阅览（人次）"], told["校内外借（册次）"], told["校外外借（册次）"]) == (210.0, 0.0, "")
    assert (told["备注"], told["怎么来的"]) == ("谢谢", "老师自己报的")
    assert len(rows(clerk, "/work/readings.xlsx?from=2026-04&to=2026-05")) == 1
    assert len(rows(clerk, "/work/readings.xlsx?from=x&to=")) == 2


def test_the_blank_sheet_has_the_columns_of_the_form(world: World, clerk: Desk) -> None:
    open_to_all, school_only = (clerk.text(f"/work/readings/sheet/{code}") for code in world.point_codes)
    assert "校外阅览" in open_to_all
    assert "校外阅览" not in school_only
    assert clerk.get("/work/readings/sheet/XX-99").status_code == 404


def test_the_term_to_be_stamped(app: Flask, world: World, clerk: Desk, query_counter: QueryCounter) -> None:
    query_counter.reset()
    one = clerk.text(f"/work/readings/confirmation/{world.point_codes[0]}?term=2026-02-22")
    assert query_counter.count <= 24
    assert "2026年3月 210 0 3 20" in one
    assert "2026年4月 没有报" in one
    assert "2026年6月 还没报 2026年7月 合计" in one, "nothing is said of a month that lies ahead"
    assert one.count("（盖章）") == 2
    every = clerk.text("/work/readings/confirmation")
    assert every.count("（盖章）") == 4
    assert "没有开放的服务点" in clerk.text("/work/readings/confirmation?term=2024-09-01")
    manager = sit_down(app, world.manager_login, world.password)
    assert "雷州分馆" in manager.text("/work/readings/confirmation")


def in_word(desk: Desk, address: str) -> Any:
    answer = desk.get(address)
    assert (answer.status_code, answer.mimetype) == (200, MIMETYPE)
    return Document(BytesIO(answer.data))


def said_in_word(document: Any) -> list[str]:
    """Every paragraph and every row, in the order of the paper."""
    return [
        " ".join(cell.text for cell in piece.cells).strip() if isinstance(piece, _Row) else piece.text
        for block in document.iter_inner_content()
        for piece in (block.rows if isinstance(block, Table) else [block])
    ]


def test_the_term_as_word_says_what_the_page_says(
    app: Flask, world: World, clerk: Desk, query_counter: QueryCounter
) -> None:
    """The same rows in the same order, in a font that has Chinese; a name is text, whatever it looks like."""
    with app.app_context(), transaction():
        life.rename(world.act, world.point_ids[0], "<b>甲&乙</b>{{ 7*7 }}", world.act.today())
        submit_month(world.act, world.point_ids[0], "2026-05", Report(not_open=True), Sent("link"))
    path = f"/work/readings/confirmation/{world.point_codes[0]}"
    page = clerk.text(f"{path}?term=2026-02-22")
    assert f"{path}/paper.docx?term=2026-02-22" in clerk.get(f"{path}?term=2026-02-22").text
    query_counter.reset()
    document = in_word(clerk, f"{path}/paper.docx?term=2026-02-22")
    assert query_counter.count <= 24
    said = said_in_word(document)
    assert "服务点：<b>甲&乙</b>{{ 7*7 }}" in said[2]
    for row in ("2026年3月 210 0 3  20", "2026年4月 没有报", "2026年5月 没有开放", "合计 210 0 3  20"):
        assert row in said
        assert " ".join(row.split()) in page
    assert [line for line in said if line.startswith("这学期")] == ["这学期送到的书 0 册", "这学期取走的书 0 册"]
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "宋体"
    manager = sit_down(app, world.manager_login, world.password)
    assert said_in_word(in_word(manager, f"{path}/paper.docx?term=2026-02-22")) == said
    assert clerk.get("/work/readings/confirmation/XX-99/paper.docx").status_code == 404


def test_all_points_of_a_page_as_word_each_on_its_own(
    world: World, clerk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages_of(document: Any) -> list[bool]:
        """By paper whether it begins a new page."""
        first = (at for at in document.paragraphs if at.text.startswith("试验少年儿童图书馆"))
        return [bool(at.paragraph_format.page_break_before) for at in first]

    assert pages_of(in_word(clerk, "/work/readings/confirmation.docx")) == [False, True]
    monkeypatch.setattr(reading_papers, "PAGE", 1)
    assert (
        "/work/readings/confirmation.docx?term=2026-02-22&amp;page=2"
        in clerk.get("/work/readings/confirmation?term=2026-02-22&page=2").text
    )
    codes = [said_in_word(in_word(clerk, f"/work/readings/confirmation.docx?page={page}"))[0] for page in (1, 2)]
    assert sorted(code.split()[-1] for code in codes) == sorted(world.point_codes)
    assert pages_of(in_word(clerk, "/work/readings/confirmation.docx?term=2024-09-01")) == []
    assert "存为 Word" not in clerk.text("/work/readings/confirmation?term=2024-09-01")


def test_the_summary_for_the_principal(app: Flask, world: World, query_counter: QueryCounter) -> None:
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    code = world.point_codes[0]
    assert f"/my/{code}/summary" in phone.get(f"/my/{code}").text
    query_counter.reset()
    said = words(phone.get(f"/my/{code}/summary"))
    assert query_counter.count <= 36
    assert "来看书 213 人次 借出去 0 册次 开放了 20 天" in said
    assert "没数" in said
    assert "还有 4 个月没有报" in said, "February, April, May and June so far; not July, which lies ahead"
    assert "个月数过" not in said
    with app.app_context(), transaction():
        submit_month(world.act, world.point_ids[0], "2026-04", Report(in_school_visits=1), Sent("link"))
    said = words(phone.get(f"/my/{code}/summary"))
    assert "开放了 20 天 （只有 1 个月数过）" in said
    assert "校内借出去只有 1 个月数过；校外来看书只有 1 个月数过。" in said
    paper = clerk_of(app, world).text(f"/work/readings/confirmation/{code}?term=2026-02-22")
    assert "合计 校内外借只有 1 个月数过；校外阅览只有 1 个月数过；开放天数只有 1 个月数过" in paper
    assert phone.get(f"/my/{world.point_codes[1]}/summary").status_code == 404


def test_days_of_stays_are_in_the_sums_or_told_beside_them(app: Flask, world: World, clerk: Desk) -> None:
    """A stay alone is added; one whose days a month has counted already stands beside the sum, on both papers."""
    phone, code = app.test_client(), world.point_codes[0]
    phone.get(f"/t/{world.token}")
    for first, last, days in ((date(2026, 5, 4), date(2026, 6, 6), 33), (date(2026, 3, 2), date(2026, 3, 20), 15)):
        with app.app_context(), transaction():
            batch = batches.draft(world.act, batches.NewBatch("delivery", first, world.place_ids[0]))
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 20)])
            batches.dispatch(world.act, batch.id, first)
            batches.receive(world.act, batch.id, first)
            batches.collect(world.act, batch.id, last)
            submit_stay(world.act, batch.id, Report(in_school_visits=640, days_open=days), Sent("link"))
    assert "开放了 53 天 现在在这里的书 0 册 送书期间开放的 15 天，没有加。" in words(phone.get(f"/my/{code}/summary"))
    paper = clerk.text(f"/work/readings/confirmation/{code}?term=2026-02-22")
    assert "合计 1,490 0 3 53" in paper
    assert "合计 送书期间开放的 15 天，没有加" in paper


def test_an_earlier_term_is_a_row_of_its_terms_paper(app: Flask, world: World, clerk: Desk) -> None:
    """Of the term in which most of its days are, also before the calendar; a year is told beside the sum of both."""
    windows = [
        ("term", date(2023, 9, 1), date(2024, 1, 31), 2100),
        ("year", date(2022, 1, 1), date(2022, 12, 31), 8000),
    ]
    with app.app_context(), transaction():
        for kind, first, last, visits in windows:
            submit_earlier(
                world.act, world.point_ids[0], kind, first, last, Report(visits, days_open=90), Sent("import")
            )
    path = f"/work/readings/confirmation/{world.point_codes[0]}"
    paper = clerk.text(f"{path}?term=2023-09-01")
    assert "2023年10月 和别的月一起报的，见下面" in paper
    assert "2023-09-01 到 2024-01-31 2,100 90 合计 2,100 90" in paper
    year = clerk.text(f"{path}?term=2022-02-22")
    assert (
        "2022-01-01 到 2022-12-31 和别的学期一起报的，不在合计里：校内来看书 8,000 人次，开放了几天 90 天 合计" in year
    )
    every = clerk.text("/work/readings/confirmation?term=2023-09-01")
    assert "1 个服务点，一点一张" in every
    assert "2,100" in every
