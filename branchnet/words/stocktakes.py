"""Errors about stocktakes."""

from typing import Any
from zoneinfo import ZoneInfo

from branchnet.language import _
from branchnet.words.said import Said, Words


def _over(data: dict[str, Any]) -> Said:
    words = {"counting": _("正在盘点"), "closed": _("已经结束"), "cancelled": _("已经取消")}
    state = words.get(data["state"], data["state"])
    return (
        _("盘点 %(number)s %(state)s，不能再做这一步。", number=data["number"], state=state),
        _("可能有人先做了。请刷新页面看看现在的情况。"),
    )


def _counted_before(data: dict[str, Any]) -> Said:
    """Who counted it and when: that is who can say why."""
    copy = (
        _("《%(title)s》%(barcode)s", title=data["title"], barcode=data["barcode"])
        if data["title"]
        else data["barcode"]
    )
    at = data["on"].isoformat()
    if data["at"] is not None:
        at = f"{data['at'].astimezone(ZoneInfo(data['zone'])):%Y-%m-%d %H:%M}"
    if data["person"]:
        return _("%(copy)s 已经点到过了：%(at)s，%(person)s。", copy=copy, at=at, person=data["person"]), _(
            "不用再扫。"
        )
    return _("%(copy)s 已经点到过了：%(at)s。", copy=copy, at=at), _("不用再扫。")


STOCKTAKES: Words = {
    "stocktake_counting": lambda data: (
        _("这里正在盘点：%(number)s。", number=data["number"]),
        _("请接着那一次数；不要了，先把它结束或取消。"),
    ),
    "stocktake_over": _over,
    "stocktake_empty": lambda data: (
        _("盘点 %(number)s 还没有数过一册书。", number=data["number"]),
        _("请先数；不盘了，请取消这次盘点。"),
    ),
    "crossings_unanswered": lambda data: (
        _("还有 %(count)s 条进出没有说清是在数之前还是之后。", count=len(data["entries"])),
        _("请在上面逐条点“数之前”或“数之后”，再结束盘点。"),
    ),
    "stocktake_stands": lambda data: (
        _(
            "盘点 %(number)s 有 %(count)s 条差异结案时书跟着动过，不能直接撤回。",
            number=data["number"],
            count=len(data["cases"]),
        ),
        _("请先逐条撤回它们的结案。"),
    ),
    "counted_before": _counted_before,
    "count_gone": lambda _data: (_("这一条已经不在了。"), _("可能有人先撤销了。请刷新页面看看。")),
    "crossing_gone": lambda _data: (_("这一条现在不用说了。"), _("请刷新页面看看还有哪些要说。")),
    "found_settled": lambda _data: (_("这本书已经办结，不能撤销。"), _("请刷新页面看看现在的情况。")),
    "nothing_counted": lambda _data: (_("一个数也没有填。"), _("请至少填一种书，或填“其余的书一共”。")),
    "cannot_bring": lambda _data: (
        _("这些书不能直接记到这里。"),
        _("请先把它们的去向弄清：在路上的办签收，登记丢失的办找回。"),
    ),
}
"""Errors about stocktakes."""
