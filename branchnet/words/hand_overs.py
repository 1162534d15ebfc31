"""Errors about handing a point over to another network."""

from typing import Any

from branchnet.language import _
from branchnet.words.said import NAMED, Words


def _numbers(data: dict[str, Any]) -> str:
    numbers = data["numbers"]
    return _("、").join(numbers[:NAMED]) + (_("……") if len(numbers) > NAMED else "")


HAND_OVERS: Words = {
    "cannot_hand_over": lambda data: (
        _("服务点 %(code)s 还不能移交，有 %(count)s 件事要先办。", code=data["code"], count=len(data["each"])),
        _("请一件一件办完再移交；现在什么也没有动。"),
    ),
    "same_network": lambda _data: (_("移交给的就是这个馆自己。"), _("请写另一个馆。")),
    "network_unknown": lambda data: (
        _("没有 %(slug)s 这个馆。", slug=data["slug"]),
        _("有哪些馆，用 flask networks 看。"),
    ),
    "batches_under_way": lambda data: (
        _("还有批次没办完：%(numbers)s", numbers=_numbers(data)),
        _("请签收、追回或取消这些批次。"),
    ),
    "deliveries_out": lambda data: (
        _("还有送去的书等着收回：%(numbers)s", numbers=_numbers(data)),
        _("请先收回这些送书。"),
    ),
    "differences_open": lambda data: (
        _("还有 %(count)s 条差异没有结案。", count=data["count"]),
        _("请先结案。"),
    ),
    "locked_there": lambda data: (
        _(
            "%(network)s的那个月已经封账，最早可以填 %(day)s。",
            network=data["network"],
            day=data["earliest"].isoformat(),
        ),
        _("请改日期。"),
    ),
    "point_handed_over": lambda _data: (
        _("已经移交给另一个馆，或从那里移交来，不能单方面撤回。"),
        _("要退回去，请由那个馆再移交回来。"),
    ),
}
"""What stands in the way of handing over, and what follows from having done it."""
