"""What papers say in numbers, without a database."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import segno

from branchnet.batches.papers import rules
from branchnet.batches.papers.labels import QUIET, qr_path
from branchnet.points.agreements import rules as terms


@dataclass(frozen=True)
class Line:
    title: str = "动物的家"
    barcode: str | None = "440800000001"
    call_number: str | None = "Q95-49/1"
    quantity: int = 1
    price_fen: int | None = 1980


@pytest.mark.parametrize(
    ("fen", "figures", "said"),
    [
        (0, "0.00", "零元整"),
        (5, "0.05", "伍分"),
        (50, "0.50", "伍角整"),
        (1_000_000, "10,000.00", "壹万元整"),
        (123_456_789, "1,234,567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        (1_640_902, "16,409.02", "壹万陆仟肆佰零玖元零贰分"),
        (140_950, "1,409.50", "壹仟肆佰零玖元伍角整"),
        (600_714, "6,007.14", "陆仟零柒元壹角肆分"),
        (29, "0.29", "贰角玖分"),
        (10_000_000_000, "100,000,000.00", "壹亿元整"),
    ],
)
def test_money_in_figures_and_in_capitals(fen: int, figures: str, said: str) -> None:
    assert (rules.yuan(fen), rules.capital_yuan(fen)) == (figures, said)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (1, "壹"),
        (10, "壹拾"),
        (3_300, "叁仟叁佰"),
        (21_239, "贰万壹仟贰佰叁拾玖"),
        (100_010, "壹拾万零壹拾"),
    ],
)
def test_numbers_in_capitals(number: int, said: str) -> None:
    assert rules.capitals(number) == said


def test_an_unknown_price_is_not_nothing() -> None:
    found = rules.add_up([Line(quantity=3), Line(price_fen=None, quantity=500), Line(price_fen=1)])
    assert (found.copies, found.fen, found.unpriced, found.priced) == (504, 5941, 500, 4)
    assert rules.add_up([]).priced == 0


@pytest.mark.parametrize(("lines", "pages"), [(0, 0), (1, 1), (40, 1), (41, 2), (80, 2), (81, 3), (3_300, 83)])
def test_a_list_goes_on_so_many_pages(lines: int, pages: int) -> None:
    found = rules.pages_of([Line()] * lines)
    assert len(found) == pages
    assert sum(len(page) for page in found) == lines


def test_a_long_title_takes_the_room_of_several_rows() -> None:
    assert [rules.rows_of(Line("书" * count)) for count in (0, 22, 23, 150)] == [1, 1, 2, 7]
    assert rules.rows_of(Line(barcode="9" * 40)) == 3
    assert [len(page) for page in rules.pages_of([Line("书" * 23)] * 21)] == [20, 1]
    assert [len(page) for page in rules.pages_of([Line("书" * 2_000)] * 3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("asked", "kind", "copies"), [(None, "delivery", 2), (None, "rotation", 3), (3, "delivery", 3), (99, "return", 3)]
)
def test_a_note_is_signed_in_two_or_three_copies(asked: int | None, kind: str, copies: int) -> None:
    assert rules.copies_asked(asked, kind) == copies


def test_words_lose_what_no_document_may_hold() -> None:
    assert rules.plain(" a\x00\x0bb\n\tc\ud800 　日") == "ab c 　日"


def test_a_qr_is_drawn_as_it_is_made() -> None:

    path, modules = qr_path("26-017-3")
    made = segno.make_qr("26-017-3", error="m")
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(made.matrix) for x, one in enumerate(row) if one}
    drawn = set()
    for run in path.split("z")[:-1]:
        start, long = run[1:].split("h")[:2]
        x, y = map(int, start.split())
        drawn |= {(x + step, y) for step in range(int(long.split("v")[0]))}
    assert drawn == dark
    assert modules == made.symbol_size(border=0)[0] + 2 * QUIET


def test_where_an_agreement_stands() -> None:

    day, first = date(2026, 3, 5), date(2026, 1, 1)

    def stands(until: date | None, signed: bool = True, begun: date = first, followed: bool = False) -> str:
        return terms.standing(begun if signed else None, begun, until, day, followed)

    last = day + timedelta(days=terms.SOON_DAYS)
    assert stands(None) == stands(last + timedelta(days=1)) == "in_force"
    assert stands(last) == stands(day) == "running_out"
    assert stands(last, followed=True) == "in_force"
    assert stands(day - timedelta(days=1)) == "ended"
    assert stands(None, begun=day + timedelta(days=1)) == "coming"
    assert stands(day, signed=False) == "unsigned"
