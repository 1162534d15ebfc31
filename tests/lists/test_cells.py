"""What a cell says. Never a guess: a barcode keeps its digits or is refused."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branchnet.stock.lists.cells import Unreadable, barcode_of, count_of, day_of, fen_of, isbn_of, text_of, year_of

Cell = str | int | float


@pytest.mark.parametrize(
    ("cell", "barcode"),
    [
        (44080000000001.0, "44080000000001"),
        (4408, "4408"),
        ("0044", "0044"),
        (" 44080001\t", "44080001"),
        ("'0044", "0044"),
        ('="0044"', "0044"),
        ("\ufeff4408\u200b", "4408"),
        ("４４０８", "4408"),
        ("44080000000001.0", "44080000000001"),
        ("LZ-0044", "LZ-0044"),
        ("4408000000000000001", "4408000000000000001"),
        ("", ""),
    ],
)
def test_barcodes(cell: Cell, barcode: str) -> None:
    assert barcode_of(cell) == barcode


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (4.408e15, "barcode_rounded"),
        (1e15, "barcode_rounded"),
        (float("inf"), "barcode_rounded"),
        (float("nan"), "barcode_rounded"),
        ("4408000000000000.0", "barcode_rounded"),
        ("4.40800E+12", "barcode_scientific"),
        ("4.408e12", "barcode_scientific"),
        (44.5, "barcode_fraction"),
        (-1.0, "barcode_fraction"),
        ("4408 4409", "barcode_blank"),
        ("4" * 41, "barcode_long"),
    ],
)
def test_barcodes_that_cannot_be_known(cell: Cell, code: str) -> None:
    with pytest.raises(Unreadable) as error:
        barcode_of(cell)
    assert error.value.code == code


@given(st.one_of(st.floats(), st.integers(), st.text(), st.from_regex(r"\A[ '0-9.eE+-]{1,25}\Z")))
def test_reading_a_barcode_never_changes_a_digit(cell: Cell) -> None:
    try:
        barcode = barcode_of(cell)
    except Unreadable:
        return
    if isinstance(cell, int | float):
        assert len(barcode) <= 15
        assert float(barcode) == cell
    else:
        there, kept = digits(cell), digits(barcode)
        assert there.startswith(kept)
        # What is gone is the fraction that a spreadsheet adds to a whole number.
        assert set(there.removeprefix(kept)) <= {"0"}


def digits(text: str) -> str:
    """Its digits, full-width ones as the others."""
    wide = {ord("０") + digit: str(digit) for digit in range(10)}
    return "".join(sign for sign in text.translate(wide) if sign in "0123456789")


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_what_excel_keeps_comes_back_whole(number: int) -> None:
    assert barcode_of(float(number)) == str(number)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (25.0, 2500),
        (25, 2500),
        (25.8, 2580),
        (25.799999999999997, 2580),
        ("¥25.00", 2500),
        ("￥25", 2500),
        ("25元", 2500),
        ("CNY25.00", 2500),
        ("cny 25.5", 2550),
        ("RMB25.00", 2500),
        ("人民币25元", 2500),
        ("1,250.00", 125000),
        ("２５．００", 2500),
        ("25.00元/册", 2500),
        ("25.0000", 2500),
        ("0.00", None),
        ("", None),
        ("-", None),
        ("不详", None),
    ],
)
def test_prices(cell: Cell, fen: int | None) -> None:
    assert fen_of(cell) == fen


@pytest.mark.parametrize("cell", ["USD12.00", "25.00-30.00", "赠送", "-5", "25.005", "9787544253994", 1e300, "NaN"])
def test_prices_that_cannot_be_read(cell: Cell) -> None:
    with pytest.raises(Unreadable, match="price"):
        fen_of(cell)


@given(st.integers(min_value=1, max_value=10**8), st.sampled_from(["", "¥", "￥", "CNY", "CNY "]), st.booleans())
def test_every_price_comes_back_to_the_fen(fen: int, sign: str, marks: bool) -> None:
    written = f"{fen // 100:,}.{fen % 100:02d}" if marks else f"{fen // 100}.{fen % 100:02d}"
    assert fen_of(f"{sign}{written}") == fen
    assert fen_of(fen / 100) == fen


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_no_cell_breaks_a_reader(cell: Cell) -> None:
    for reader in (barcode_of, fen_of, year_of, count_of, isbn_of, day_of, text_of):
        with contextlib.suppress(Unreadable):
            reader(cell)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2019", 2019),
        (2019, 2019),
        (2019.5, 2019),
        ("2019.5", 2019),
        ("2019年", 2019),
        ("2019-05-01", 2019),
        ("201905", 2019),
        ("20190501", 2019),
        ("[2019]", 2019),
        ("c2019", 2019),
        ("二〇一九年五月", 2019),
        ("", None),
    ],
)
def test_years(cell: Cell, year: int | None) -> None:
    assert year_of(cell, 2026) == year


@pytest.mark.parametrize("cell", ["不详", "19", 43586.0, "2091", "12019"])
def test_years_that_are_none(cell: Cell) -> None:
    with pytest.raises(Unreadable, match="year"):
        year_of(cell, 2026)


@pytest.mark.parametrize(("cell", "count"), [("5", 5), (5.0, 5), ("5册", 5), ("1,200", 1200), ("５", 5), ("", None)])
def test_numbers_of_copies(cell: Cell, count: int | None) -> None:
    assert count_of(cell) == count


@pytest.mark.parametrize(
    ("cell", "code"),
    [("五", "not_a_number"), (2.5, "not_a_number"), ("0", "quantity_not_positive"), ("4408000001", "too_large")],
)
def test_numbers_of_copies_that_are_none(cell: Cell, code: str) -> None:
    with pytest.raises(Unreadable, match=code):
        count_of(cell)


@pytest.mark.parametrize(
    "cell", ["978-7-5442-5399-4", "9787544253994", 9787544253994.0, "ISBN 978-7-5442-5399-4", "7544253996"]
)
def test_isbns(cell: Cell) -> None:
    assert isbn_of(cell) == "9787544253994"


def test_an_isbn_with_a_wrong_digit() -> None:
    with pytest.raises(Unreadable, match="isbn"):
        isbn_of("978-7-5442-5399-5")


@pytest.mark.parametrize("cell", ["2019-05-01", "2019/5/1", "2019年5月1日", "2019.5.1", "20190501", 20190501])
def test_days(cell: Cell) -> None:
    assert day_of(cell) == date(2019, 5, 1)


@pytest.mark.parametrize("cell", ["2019-02-30", "5月1日", "1/5/2019"])
def test_days_that_are_none(cell: Cell) -> None:
    with pytest.raises(Unreadable, match="date"):
        day_of(cell)
