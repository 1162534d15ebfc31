"""Columns by their headings, in any order and in two languages; rows by their columns."""

from typing import Any

import pytest

from branchnet.stock.lists import Sheet
from branchnet.stock.lists.headings import BOOKS, Guess, guess
from branchnet.stock.lists.rows import Columns, Row, read_rows, together

VARIANTS = [(field, heading) for field, names in BOOKS.items() for heading in names]


def sheet(*rows: list[Any]) -> Sheet:
    return Sheet("", rows)


@pytest.mark.parametrize(("field", "heading"), VARIANTS)
def test_every_heading_is_known(field: str, heading: str) -> None:
    assert guess(sheet([heading.upper()])).columns == {field: 0}


def test_headings_are_told_one_from_another() -> None:
    names = [heading for _field, heading in VARIANTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "heading", [" 条 码 号 ", "条码号*", "条码号（必填）", "【条码号】条码", "Barcode No.", "条码：", "ＢＡＲＣＯＤＥ"]
)
def test_what_does_not_matter_in_a_heading(heading: str) -> None:
    assert guess(sheet([heading])).columns == {"barcode": 0}


def test_headings_below_title_lines_in_any_order() -> None:
    rows = [
        ["湛江市少年儿童图书馆"],
        [],
        ["序号", "定价", "题名", "馆藏条码", "出版年"],
        ["1", "25", "x", "4408", "2019"],
    ]
    assert guess(sheet(*rows)) == Guess(3, {"price": 1, "title": 2, "barcode": 3, "year": 4}, {})


def test_two_columns_for_one_field_are_told() -> None:
    found = guess(sheet(["条码", "书名", "题名"]))
    assert found.columns == {"barcode": 0, "title": 1}
    assert found.doubled == {"title": [1, 2]}


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["登录号", "题名"], {"barcode": 0, "title": 1}),
        (["登录号", "题名", "条码号"], {"property_number": 0, "title": 1, "barcode": 2}),
    ],
)
def test_a_register_number_is_the_barcode_only_where_there_is_no_other(
    headings: list[str], columns: dict[str, int]
) -> None:
    assert guess(sheet(headings)).columns == columns


def test_barcodes_without_any_heading() -> None:
    assert guess(sheet(["4408001"], ["4408002"])) == Guess(0, {"barcode": 0}, {})
    assert guess(sheet(["红楼梦"], ["西游记"])).columns == {}


def rows_of(headings: list[str], *rows: list[Any], needs: tuple[str, ...] = ()) -> list[Row]:
    made = sheet(headings, *rows)
    columns = Columns(1, guess(made).columns)
    return together(made, columns, list(read_rows(made, columns, needs, 2026)))


def codes(row: Row) -> list[str]:
    return [problem.code for problem in row.problems]


def test_what_is_strange_leaves_a_field_empty_and_the_copy_in() -> None:
    (row,) = rows_of(
        ["条码", "题名", "ISBN", "价格", "出版年", "册数"], ["4408", "x", "978-7-5442-5399-5", "USD3", "不详", "3"]
    )
    assert row.good
    assert (row.lot.isbn, row.lot.price_fen, row.lot.year, row.lot.quantity) == (None, None, None, 1)
    assert [warning.code for warning in row.warnings] == ["isbn", "price", "year", "copy_is_one"]


def test_a_field_that_is_needed() -> None:
    rows = rows_of(["条码", "题名"], ["4408", ""], ["", "x"], needs=("title",))
    assert [codes(row) for row in rows] == [["required"], []]


def test_a_sum_of_prices_is_shared_out_where_it_can_be() -> None:
    rows = rows_of(["题名", "册数", "码洋"], ["a", 4, 100], ["b", 3, 100], ["c", "", "12.5"])
    assert [row.lot.price_fen for row in rows] == [2500, None, 1250]
    assert [warning.code for warning in rows[1].warnings] == ["amount_uneven"]


def test_sums_and_repeated_headings_are_no_books() -> None:
    rows = rows_of(["条码", "题名"], ["1", "x"], ["条码", "题名"], ["2", "合计"], ["合计", "2 册"])
    assert [row.is_book for row in rows] == [True, False, True, False]


def test_a_barcode_that_stands_twice_names_the_first() -> None:
    rows = rows_of(["条码"], ["1"], ["2"], [1.0])
    assert [row.good for row in rows] == [True, True, False]
    assert rows[2].problems[0].facts == (2,)


def test_a_number_that_lost_its_leading_zeros_is_refused_by_its_length() -> None:
    rows = rows_of(["条码"], ["0440800001"], ["0440800002"], [440800003.0], ["LZ1"])
    assert [codes(row) for row in rows] == [[], [], ["barcode_short"], []]
    assert rows[2].problems[0].facts == (9, 10)


def test_a_text_that_is_shorter_than_nearly_all_others_is_refused_too() -> None:
    rows = rows_of(["条码"], *([f"04408{number:05d}"] for number in range(20)), ["440899999"])
    assert [row.good for row in rows] == [True] * 20 + [False]


def test_a_box_is_a_small_number() -> None:
    rows = rows_of(["条码", "箱号"], ["1", "第3箱"], ["2", 4.0], ["3", "散放"], ["4", "A"], ["5", 44080001.0])
    assert [row.box for row in rows] == [3, 4, None, None, None]
    assert [codes(row) for row in rows] == [[], [], [], ["box"], ["box"]]


def test_a_long_title_is_refused_and_a_long_author_left_out() -> None:
    rows = rows_of(["题名", "责任者"], ["长" * 301, ""], ["x", "长" * 201])
    assert codes(rows[0]) == ["title_long"]
    assert rows[1].good
    assert rows[1].lot.author is None
