"""What a cell says: barcodes, prices, years, numbers, days. Never a guess: what cannot be read is told with a code."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from stdnum import isbn as isbn_numbers
from stdnum.exceptions import ValidationError

from branchnet.stock.lists.reading import Cell

EXACT_DIGITS = 15
"""Excel keeps so many digits of a number, and writes zeros for the rest."""
LONGEST_BARCODE = 40
DEAREST_FEN = 100_000_000
"""A book above a million yuan is a price in the wrong column."""
MOST_COPIES = 100_000


class Unreadable(Exception):
    """A cell does not say what its column asks for; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_AS_FORMULA = re.compile(r'="(.*)"')


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: a whole number without a fraction, text without blanks around and signs unseen."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    text = " ".join(str(cell).translate(_INVISIBLE).split())
    if (formula := _AS_FORMULA.fullmatch(text)) is not None:
        return formula[1].strip()
    return text


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_WHOLE_WITH_FRACTION = re.compile(r"(\d+)\.0+")


def barcode_of(cell: Cell) -> str:
    """The barcode, digit for digit; "" where the cell is empty.

    A number is taken back only where Excel cannot have lost a digit. Raises Unreadable: ``barcode_rounded`` (more
    digits than Excel keeps), ``barcode_scientific`` (4.408E+12), ``barcode_fraction``, ``barcode_long``,
    ``barcode_blank`` (a blank inside: two codes in one cell).
    """
    if isinstance(cell, int | float):
        return _barcode_of_number(cell)
    text = text_of(cell).translate(_WIDE).strip().lstrip("'").strip()
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("barcode_scientific")
    if (whole := _WHOLE_WITH_FRACTION.fullmatch(text)) is not None:
        if len(whole[1]) > EXACT_DIGITS:
            raise Unreadable("barcode_rounded")
        text = whole[1]
    if " " in text:
        raise Unreadable("barcode_blank")
    if len(text) > LONGEST_BARCODE:
        raise Unreadable("barcode_long")
    return text


def _barcode_of_number(number: float) -> str:
    # abs() < 2**53 first: beyond it, and for infinity, int() would make digits up.
    if not abs(number) < 2**53 or abs(number) >= 10**EXACT_DIGITS:
        raise Unreadable("barcode_rounded")
    if number < 0 or int(number) != number:
        raise Unreadable("barcode_fraction")
    return str(int(number))


_PRICE = re.compile(
    r"(?:cny|rmb|人民币|[¥￥])?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,4}))?\s*(?:cny|rmb|元|圆)?(?:整|/?[册本])?",
    re.IGNORECASE,
)


def fen_of(cell: Cell) -> int | None:
    """A list price in fen: 25, ¥25.00, 25元, CNY25.00, 1,250.00元/册. None where it is empty, or 0, or "-": unknown.

    Raises Unreadable("price"): other money, two prices, a fraction of a fen.
    """
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    if text in ("", "-", "--", "/", "无", "不详", "未知"):
        return None
    if isinstance(cell, float) and not cell.is_integer():
        # 25.799999999999997 is what a sum left of 25.8.
        text = f"{cell:.4f}"
    found = _PRICE.fullmatch(text)
    if found is None:
        raise Unreadable("price")
    try:
        fen = Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}") * 100
    except InvalidOperation as error:
        raise Unreadable("price") from error
    if fen != fen.to_integral_value() or fen > DEAREST_FEN:
        raise Unreadable("price")
    return int(fen) or None


_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_RUN_TOGETHER = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def year_of(cell: Cell, this_year: int = 2099) -> int | None:
    """The year of 2019, 2019.5, 2019年, 2019-05-01, 201905, [2019], 二〇一九年; None where the cell is empty.

    Raises Unreadable("year"): none in it, or one that has not come.
    """
    text = unicodedata.normalize("NFKC", text_of(cell)).translate(_CHINESE_DIGITS).strip()
    if not text:
        return None
    found = _RUN_TOGETHER.fullmatch(text) or _YEAR.search(text)
    if found is None or int(found[1]) > this_year + 1:
        raise Unreadable("year")
    return int(found[1])


_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?\s*(?:册|本|件|部|套)?")


def count_of(cell: Cell) -> int | None:
    """A number of copies: 5, 5.0, 5册, 1,200; None where the cell is empty.

    Raises Unreadable: ``not_a_number``, ``quantity_not_positive``, ``too_large``.
    """
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Unreadable("not_a_number")
    digits = found[1].replace(",", "").lstrip("0")
    if not digits:
        raise Unreadable("quantity_not_positive")
    if len(digits) > len(str(MOST_COPIES)) or int(digits) > MOST_COPIES:
        raise Unreadable("too_large")
    return int(digits)


def isbn_of(cell: Cell) -> str | None:
    """The 13 digits of an ISBN, an old one of 10 made new; None where the cell is empty.

    Raises Unreadable("isbn"): its check digit says that a digit is wrong, or it is no ISBN at all.
    """
    text = unicodedata.normalize("NFKC", text_of(cell)).upper().removeprefix("ISBN").strip(" :：")
    if not text:
        return None
    try:
        return str(isbn_numbers.validate(text, convert=True))
    except ValidationError as error:
        raise Unreadable("isbn") from error


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY_RUN_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)")


def day_of(cell: Cell) -> date | None:
    """The day of 2019-05-01, 2019/5/1, 2019年5月1日, 2019.5.1, 20190501; None where the cell is empty.

    Raises Unreadable("date").
    """
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    if not text:
        return None
    found = _DAY.fullmatch(text) or _DAY_RUN_TOGETHER.fullmatch(text)
    if found is None:
        raise Unreadable("date")
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise Unreadable("date") from error
