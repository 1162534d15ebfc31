"""A barcode is what stands on the book, however a scanner, a keyboard or a file gave it."""

import pytest

from branchnet.stock.rules import NewLot, barcode_of, lot_problem


@pytest.mark.parametrize(
    ("read", "barcode"),
    [
        ("440800000001", "440800000001"),
        ("  440800000001 \r\n", "440800000001"),
        ("４４０８０００００００１", "440800000001"),
        ("\u3000ＺＪ－０１\u3000", "ZJ-01"),
        ("4408 0000 0001", "440800000001"),
        ("\ufeff440800000001\u200b", "440800000001"),
        ("*ZJ0001*", "ZJ0001"),
        ("＊ZJ0001＊\r", "ZJ0001"),
        ("\t", ""),
        ("**", ""),
    ],
)
def test_what_a_scanner_puts_around_a_barcode_goes(read: str, barcode: str) -> None:
    assert barcode_of(read) == barcode


@pytest.mark.parametrize("read", ["00123", "zj01", "ZJ*01", "4.408E+11", "O0l1", "a.b/c+d$%", "条码"])
def test_nothing_else_of_a_barcode_is_changed(read: str) -> None:
    assert barcode_of(read) == read
    assert barcode_of(barcode_of(read)) == read


def test_a_copy_needs_a_barcode_that_is_one() -> None:
    assert lot_problem(NewLot("书", barcode="**")) == "barcode_missing"
    assert lot_problem(NewLot("书", barcode=" １ ")) is None
