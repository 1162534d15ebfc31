"""Lists as Excel: text stays text, numbers and days are what they are."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from branchnet.sheets import CELL_LENGTH, Column, Sheet, sheet_name, workbook

COLUMNS = (Column("书名"), Column("数量", "number", "册"), Column("发出", "day"), Column("码洋", "fen", "元"))


def read(made: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


def made(*rows: tuple[object, ...], **more: object) -> bytes:
    return workbook(Sheet("批次", "批次", ("试验馆", "", "2026-03-05"), COLUMNS, rows, **more))  # type: ignore[arg-type]


def test_a_list_says_what_it_is_and_keeps_kinds_apart() -> None:
    rows = read(made(("小人书", 12, date(2026, 3, 5), 1250), ("无价", 3, None, None), total=("合计", 15, None, 1250)))
    assert rows[0][0] == "批次"
    assert rows[1][0] == "试验馆 · 2026-03-05"
    assert rows[2] == ["书名", "数量（册）", "发出", "码洋（元）"]
    assert rows[3] == ["小人书", 12.0, date(2026, 3, 5), 12.5]
    assert rows[4] == ["无价", 3.0, "", ""]
    assert rows[5] == ["合计", 15.0, "", 12.5]


def test_sums_that_do_not_add_up_stand_apart() -> None:
    rows = read(made(("小人书", 3, None, None), totals=[("少了", 2, None, None), ("多了", 1, None, None)]))
    assert [row[:2] for row in rows[4:]] == [["少了", 2.0], ["多了", 1.0]]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "00123", "{=1}"])
def test_cells_that_begin_like_a_formula_stay_text(text: str) -> None:
    book = made((text, 1, None, None))
    assert read(book)[3][0] == text
    sheet = ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_odd_names_and_long_texts_are_cut_not_refused() -> None:
    assert sheet_name("a/b[c]:" + "长" * 40) == ("a b c  " + "长" * 40)[:31]
    assert sheet_name("///") == "1"
    long = read(made(("长" * (CELL_LENGTH + 5), 1, None, None)))[3][0]
    assert isinstance(long, str)
    assert len(long) == CELL_LENGTH
