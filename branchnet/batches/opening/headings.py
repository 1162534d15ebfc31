"""The workbook: its sheets, and the headings of their columns. The first heading of each is what the template says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from branchnet.stock.lists import Sheet
from branchnet.stock.lists.headings import Names, plain

POINT: Names = {
    "code": ("编号", "服务点编号", "点编号", "代号", "code"),
    "point": (
        "服务点",
        "名称",
        "服务点名称",
        "点名",
        "分馆",
        "分馆名称",
        "学校",
        "学校名称",
        "所在",
        "所在地点",
        "在哪里",
        "point",
    ),
}
POINTS: Names = {
    **POINT,
    "point": ("名称", *POINT["point"]),
    "kind": ("类型", "服务点类型", "性质", "kind"),
    "host": ("设在", "设在哪里", "依托单位", "单位类型", "host"),
    "town": ("乡镇", "乡镇街道", "所在乡镇", "地址", "town", "address"),
    "lon": ("经度", "东经", "longitude", "lon", "lng"),
    "lat": ("纬度", "北纬", "latitude", "lat"),
    "datum": ("坐标系", "坐标", "坐标来源", "datum"),
    "opened_on": ("开放日期", "建立日期", "挂牌日期", "开馆日期", "成立时间", "opened"),
    "community": ("向校外开放", "对外开放", "是否对外开放", "面向社会开放", "community"),
    "pupils": ("学生人数", "学生数", "在校学生", "在校生数", "pupils"),
    "teacher": ("老师", "联系人", "负责老师", "管理员", "teacher"),
    "phone": ("老师电话", "电话", "联系电话", "手机", "phone"),
}
SHELVES: Names = {
    **POINT,
    "title": ("书名或类别", "书名", "题名", "类别", "图书类别", "名目", "title"),
    "quantity": ("册数", "数量", "在架册数", "现有册数", "本数", "quantity"),
    "quality": ("准不准（余/估）", "怎么来的", "准确度", "余估", "数量性质", "quality"),
    "price": ("单价", "定价", "价格", "price"),
}
DELIVERIES: Names = {
    **POINT,
    "point": ("学校", *POINT["point"]),
    "sent_on": ("送书日期", "送出日期", "发出日期", "送达日期", "sent"),
    "due_back_on": ("应还日期", "归还日期", "到期日期", "收回日期", "due"),
    "quantity": SHELVES["quantity"],
    "quality": SHELVES["quality"],
    "title": SHELVES["title"],
    "price": SHELVES["price"],
}
COPIES: Names = {
    "barcode": ("条码", "条码号", "条形码", "馆藏条码", "图书条码", "barcode"),
    "title": ("书名", "题名", "正题名", "图书名称", "title"),
    "author": ("作者", "责任者", "著者", "author"),
    "publisher": ("出版社", "出版者", "publisher"),
    "isbn": ("ISBN", "标准书号", "书号"),
    "call_number": ("索书号", "索取号", "callnumber"),
    "category": ("分类号", "分类", "category"),
    "year": ("出版年", "出版日期", "year"),
    "price": SHELVES["price"],
    "property_number": ("财产登记号", "财产号", "登记号", "资产编号"),
    "fund": ("经费来源", "经费", "来源", "fund"),
    "code": ("服务点编号", *POINT["code"]),
    "point": ("在哪里", *POINT["point"]),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of sheet: how it is called, its columns, and those without which a row says nothing."""

    word: str
    names: Names
    needs: Sequence[str]
    called: Sequence[str]


PARTS: Mapping[str, Part] = {
    "points": Part("服务点", POINTS, ("point",), ("服务点", "分馆", "服务点名单", "points")),
    "shelves": Part(
        "在架图书", SHELVES, ("point", "title", "quantity"), ("在架图书", "在架", "馆藏", "现有图书", "shelves")
    ),
    "deliveries": Part(
        "未还送书",
        DELIVERIES,
        ("point", "sent_on", "quantity"),
        ("未还送书", "送书", "在外送书", "送书未还", "deliveries"),
    ),
    "copies": Part(
        "带条码图书", COPIES, ("barcode", "title", "point"), ("带条码图书", "条码图书", "图书明细", "copies")
    ),
}
"""By word of the code, in the order in which the books need them."""
SHELF = frozenset(map(plain, ("总馆", "总馆书架", "书架", "本馆", "central", "shelf")))
"""What the central library's own shelf is called where a point is asked for."""


NOTES = frozenset(map(plain, ("说明", "填表说明", "notes", "readme")))
"""Sheets that are for people."""


def part_of(sheet: Sheet) -> str | None:
    """Which part of the ledger a sheet is, by its name."""
    name = plain(sheet.name)
    return next((word for word, part in PARTS.items() if name in {plain(called) for called in part.called}), None)
