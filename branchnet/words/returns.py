"""Errors about books that come back: what is wrong with the book in the hand, and what to do with it."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from branchnet.language import _
from branchnet.stock.queries import Standing
from branchnet.words.copies import place_words, whereabouts_words
from branchnet.words.said import Said, Words


def _copy(data: dict[str, Any]) -> str:
    return _("《%(title)s》%(barcode)s", title=data["title"], barcode=data["barcode"] or "")


def _scanned_already(data: dict[str, Any]) -> Said:
    at = f"{data['at'].astimezone(ZoneInfo(data['zone'])):%Y-%m-%d %H:%M}"
    said = (
        _("%(copy)s 扫过了：%(person)s %(at)s 扫的。", copy=_copy(data), person=data["person"], at=at)
        if data["person"]
        else _("%(copy)s 扫过了，%(at)s 扫的。", copy=_copy(data), at=at)
    )
    return said, _("不用再扫。")


def _of_another_batch(data: dict[str, Any]) -> Said:
    said = (
        _("%(copy)s 不在这批，是 %(number)s 送来的。", copy=_copy(data), number=data["brought"])
        if data["brought"]
        else _("%(copy)s 不在这批，账上在同一个点。", copy=_copy(data))
    )
    return said, _("按“一起收回”，记进这个点的另一批归还。")


def _of_another_point(data: dict[str, Any]) -> Said:
    return (
        _("%(copy)s 账上在%(place)s，不在这个点。", copy=_copy(data), place=data["place"] or place_words("point")),
        _("书在手里，就按“一起收回”，记进那个点的归还。"),
    )


def _not_out(data: dict[str, Any]) -> Said:
    places = data["now"].places
    todo = _NOT_OUT.get(places[0].kind if len(places) == 1 else "")
    return (
        _("%(copy)s 不用收：%(now)s。", copy=_copy(data), now=whereabouts_words(data["now"])),
        todo(places[0]) if todo is not None else _("请先放在一边，查清它从哪里来。"),
    )


_NOT_OUT: dict[str, Callable[[Standing], str]] = {
    "shelf": lambda _now: _("账上它就在架上，放回书架就行。"),
    "workroom": lambda _now: _("已经过了电脑，和整理间的书放在一起，等入库。"),
    "transit": lambda now: _("它还在批次 %(batch)s 的路上，请到那一批里办。", batch=now.batch or ""),
    "lost": lambda _now: _("它登记过丢失，现在找到了：先放在一边，登记找回以后再入库。"),
    "to_be_disposed": lambda _now: _("它在等处置，请放回待处置的书里。"),
    "withdrawn": lambda _now: _("它已经注销，请先放在一边，问过财产管理员再处理。"),
}
"""What to do with a copy that came back though no point has it."""


RETURNS: Words = {
    "nothing_out": lambda _data: (_("选的批次没有书在这个点。"), _("请看下面还在那里的批次，重新勾选。")),
    "nothing_scanned": lambda _data: (_("还没有扫过一本书。"), _("请先扫书；不逐本扫，就回批次页整批过电脑。")),
    "scans_begun": lambda data: (
        _("批次 %(number)s 已经逐本扫了 %(copies)s 册，不能再整批过电脑。", **data),
        _("请到扫书的那一页接着扫，扫完按“过电脑完成”。"),
    ),
    "settles_nothing": lambda data: (
        _("批次 %(number)s 没有从服务点收走未编目的书。", number=data["number"]),
        _("有条码的书各归各的批次，不用改。"),
    ),
    "not_in_the_books": lambda data: (
        _("条码 %(barcode)s 不在账上。", barcode=data["barcode"]),
        _("请再扫一次；是别家的书，就记下来代管。"),
    ),
    "scanned_already": _scanned_already,
    "of_another_batch": _of_another_batch,
    "of_another_point": _of_another_point,
    "not_out": _not_out,
    "not_at_a_point": lambda data: (
        _("%(copy)s 不在哪个服务点：%(place)s。", copy=_copy(data), place=place_words(data["kind"])),
        _("请刷新页面再扫一次，看它现在在哪里。"),
    ),
    "barcode_mistyped": lambda data: (
        _("条码 %(barcode)s 不在账上。", barcode=data["barcode"]),
        _("请照着书上的条码改好再交。"),
    ),
    "fewer_waiting": lambda data: (
        _("整理间里这一批的这种书有 %(there)s 册。", there=f"{data['there']:,}"),
        _("请把册数改少。"),
    ),
    "found_closed": lambda _data: (_("这本书已经有人办完了。"), _("请刷新页面看看结果。")),
    "found_unnamed": lambda _data: (_("书名和条码至少要有一样。"), _("请写上书名，或扫一下书上的条码。")),
}
"""Errors about books that come back."""
