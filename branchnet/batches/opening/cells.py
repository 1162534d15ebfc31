"""What the cells of a ledger say beyond books: about so many, yes or no, which kind, on which datum. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from branchnet.points.datum import Datum
from branchnet.stock.lists.cells import Unreadable, count_of, text_of
from branchnet.stock.lists.headings import plain
from branchnet.stock.lists.reading import Cell

T = TypeVar("T")

AT_LEAST = re.compile(r"(.*?)(?:余|多|以上|\+)(册|本)?$")
ESTIMATED = re.compile(r"^(?:约|大约|估计?|近|大概)(.*)$")
QUALITIES: Mapping[str, str] = {
    **dict.fromkeys(("", "exact", "准确", "点过数", "实数", "实"), "exact"),
    **dict.fromkeys(("余", "多", "以上", "至少", "不少于", "atleast"), "at_least"),
    **dict.fromkeys(("估", "约", "估计", "估算", "大约", "大概", "estimated"), "estimated"),
}
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("分馆", "branch"), "branch"),
    **dict.fromkeys(("流动服务点", "服务点", "流动点", "流通点", "mobilepoint"), "mobile_point"),
    **dict.fromkeys(("送书学校", "学校", "送书进校园", "deliveryschool"), "delivery_school"),
    **dict.fromkeys(("流动图书车停靠点", "停靠点", "图书车停靠点", "mobilestop"), "mobile_stop"),
    **dict.fromkeys(("农家书屋", "书屋", "bookhouse"), "book_house"),
}
HOSTS: Mapping[str, str] = {
    **dict.fromkeys(("小学", "完全小学", "教学点", "primaryschool"), "primary_school"),
    **dict.fromkeys(("中学", "初中", "高中", "middleschool"), "middle_school"),
    **dict.fromkeys(("幼儿园", "kindergarten"), "kindergarten"),
    **dict.fromkeys(("特殊教育学校", "特校", "specialschool"), "special_school"),
    **dict.fromkeys(("县级图书馆", "图书馆", "县图书馆", "countylibrary"), "county_library"),
    **dict.fromkeys(("乡镇文化站", "文化站", "townshipstation"), "township_station"),
    **dict.fromkeys(("村", "村委会", "village"), "village"),
    **dict.fromkeys(("社区", "居委会", "residential"), "residential"),
}
DATUMS: Mapping[str, Datum] = {
    **dict.fromkeys(("wgs84", "gps", "wgs", "国际"), Datum.WGS84),
    **dict.fromkeys(("cgcs2000", "天地图", "国家2000"), Datum.CGCS2000),
    **dict.fromkeys(("gcj02", "高德", "腾讯", "火星", "高德地图", "腾讯地图"), Datum.GCJ02),
    **dict.fromkeys(("bd09", "百度", "百度地图"), Datum.BD09),
}
YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("是", "有", "对", "√", "✓", "1", "yes", "y", "true", "开放"), True),
    **dict.fromkeys(("", "否", "无", "不", "×", "0", "no", "n", "false", "不开放"), False),
}


def about(cell: Cell, said: Cell = "") -> tuple[int | None, str]:
    """So many copies and how well they are known: 4,900余册, 约300, or a word (余, 估) in a column of its own.

    Raises Unreadable.
    """
    text = unicodedata.normalize("NFKC", text_of(cell))
    quality = one_of(said, QUALITIES, "quality") or "exact"
    if (found := AT_LEAST.fullmatch(text)) is not None:
        return count_of(found[1]), _worse(quality, "at_least")
    if (found := ESTIMATED.fullmatch(text)) is not None:
        return count_of(found[1]), "estimated"
    return count_of(cell), quality


def _worse(one: str, other: str) -> str:
    return "estimated" if "estimated" in (one, other) else other


def one_of(cell: Cell, words: Mapping[str, T], code: str) -> T | None:
    """What a word stands for; None for an empty cell where nothing stands for it. Raises Unreadable with the code."""
    text = text_of(cell)
    word = plain(cell) or text
    if word in words:
        return words[word]
    if not text:
        return None
    raise Unreadable(code)


def degrees_of(cell: Cell, limit: float) -> float | None:
    """Decimal degrees up to a limit on either side of nought. Raises Unreadable("degrees")."""
    text = unicodedata.normalize("NFKC", text_of(cell)).strip("°NESW东经北纬 ")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError as error:
        raise Unreadable("degrees") from error
    if not -limit <= found <= limit:
        raise Unreadable("degrees")
    return found
