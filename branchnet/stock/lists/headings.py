"""Which column is which field: headings in Chinese or English, in any order, below any title lines."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from branchnet.stock.lists.cells import Unreadable, barcode_of, text_of
from branchnet.stock.lists.reading import Cell, Sheet

Names = Mapping[str, Sequence[str]]
"""By field the headings that mean it; the first is what a person would call it."""

BOOKS: Names = {
    "barcode": (
        *("条码", "条码号", "条形码", "条形码号", "馆藏条码", "馆藏条码号", "图书条码", "图书条码号", "单册条码"),
        *("册条码", "册条码号", "典藏条码", "馆藏号", "barcode", "barcodeno", "barcodenumber", "itembarcode"),
        "itemid",
    ),
    "title": (
        *("题名", "书名", "正题名", "图书名称", "书刊名", "书刊名称", "题名与责任者", "名称", "题名书名", "书目名称"),
        *("title", "booktitle", "titleproper", "name"),
    ),
    "author": ("责任者", "作者", "著者", "著作者", "第一责任者", "主要责任者", "author", "authors", "creator"),
    "publisher": ("出版社", "出版者", "出版单位", "出版机构", "出版发行者", "publisher", "press"),
    "isbn": ("isbn", "isbn号", "isbnissn", "标准书号", "标准号", "书号", "国际标准书号", "isbn13"),
    "call_number": ("索书号", "索取号", "排架号", "索书号码", "callnumber", "callno", "shelfmark"),
    "category": ("分类号", "中图分类号", "分类", "类别", "类目", "图书分类", "category", "class", "classification"),
    "price": ("价格", "定价", "单价", "书价", "图书价格", "单册价格", "price", "listprice", "unitprice"),
    "amount": ("码洋", "总价", "金额", "总码洋", "合计金额", "amount", "total", "totalprice"),
    "quantity": (
        *("册数", "复本数", "数量", "复本", "复本量", "本数", "册", "馆藏数量", "馆藏复本", "总册数", "copies"),
        *("quantity", "qty", "count", "numberofcopies"),
    ),
    "year": ("出版年", "出版日期", "出版年月", "出版时间", "年份", "year", "pubyear", "publicationyear", "pubdate"),
    "property_number": (
        *("财产号", "财产登记号", "登记号", "财产账号", "资产编号", "资产号", "固定资产编号", "总括号"),
        *("propertynumber", "propertyno", "assetnumber", "assetno", "assetid"),
    ),
    "fund": ("经费", "经费来源", "来源", "资金来源", "采购来源", "馆藏来源", "书目来源", "fund", "source", "funding"),
    "box": ("箱号", "书箱", "箱", "书箱号", "箱次", "box", "boxno", "boxnumber"),
}
_EITHER = {"登录号": ("barcode", "property_number"), "个别登录号": ("barcode", "property_number")}
"""In some systems it is the barcode, in others a number beside it: the barcode only where no column is called so."""

LOOKED_AT = 30
"""Rows among which the headings stand."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Where the headings stand (the row's number as Excel counts, 0: there are none), and by field its column (from 0).

    ``doubled``: fields that more than one column could be, with those columns; the first one is taken.
    ``depth``: of how many rows the headings are, of which that is the last.
    """

    heading_row: int
    columns: Mapping[str, int]
    doubled: Mapping[str, Sequence[int]]
    depth: int = 1


def plain(heading: Cell) -> str:
    """A heading without what does not matter: case, blanks, marks, what stands in brackets, full width."""
    text = unicodedata.normalize("NFKC", text_of(heading)).lower()
    return re.sub(r"[\W_]", "", re.sub(r"[(\[<【〔{].*?[)\]>】〕}]", "", text))


def letter(index: int) -> str:
    """What Excel calls a column: A, B … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def guess(sheet: Sheet, names: Names = BOOKS) -> Guess:
    """The row in which most headings are known, and what its columns are.

    Headings of two rows (校内 over 阅览 and 外借, its cells merged) are known where they say more than one row does.
    One column of barcodes without any heading, as scanners write them, is a list of barcodes.
    """
    best = Guess(0, {}, {})
    rows = sheet.rows[:LOOKED_AT]
    for depth in (1, 2):
        for number in range(depth, len(rows) + 1):
            columns, doubled = _matched(headings(sheet, number, depth), names)
            if len(columns) > len(best.columns):
                best = Guess(number, columns, doubled, depth)
    if not best.columns and _only_barcodes(sheet):
        return Guess(0, {"barcode": 0}, {})
    return best


def headings(sheet: Sheet, number: int, depth: int = 1) -> list[str]:
    """What each column is called by a row, or by it and the one above, whose merged cells reach to the right."""
    below = [text_of(cell) for cell in sheet.rows[number - 1]]
    if depth == 1:
        return below
    above = [text_of(cell) for cell in sheet.rows[number - 2]]
    width, reaches, told = max(len(above), len(below)), "", []
    for column in range(width):
        over, under = (row[column] if column < len(row) else "" for row in (above, below))
        reaches = over or reaches
        # Only what stands below something belongs to what reaches over it.
        told.append(reaches + under if under else over)
    return told


def _matched(row: Sequence[Cell], names: Names) -> tuple[dict[str, int], dict[str, list[int]]]:
    words = {plain(name): field for field, known in names.items() for name in known}
    found: dict[str, list[int]] = {}
    for column, cell in enumerate(row):
        if (field := words.get(plain(cell))) is not None:
            found.setdefault(field, []).append(column)
    for column, cell in enumerate(row):
        free = [field for field in _EITHER.get(plain(cell), ()) if field in names and field not in found]
        if free:
            found[free[0]] = [column]
    doubled = {field: columns for field, columns in found.items() if len(columns) > 1}
    return {field: columns[0] for field, columns in found.items()}, doubled


def _only_barcodes(sheet: Sheet) -> bool:
    rows = [row for row in sheet.rows[:LOOKED_AT] if row]
    return bool(rows) and all(len(row) == 1 and _like_a_barcode(row[0]) for row in rows)


def _like_a_barcode(cell: Cell) -> bool:
    try:
        barcode = barcode_of(cell)
    except Unreadable:
        return isinstance(cell, int | float)
    return barcode.isascii() and any(letter.isdigit() for letter in barcode)
