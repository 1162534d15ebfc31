"""Errors about batches, their steps and differences, and about points."""

from typing import Any

from branchnet.language import _
from branchnet.words.said import Said, Words


def _state(data: dict[str, Any]) -> Said:
    return (
        _(
            "批次 %(number)s 现在是“%(state)s”，不能再做这一步。",
            number=data["number"],
            state=state_words(data["state"]),
        ),
        _("可能有人先做了。请刷新页面看看现在的情况。"),
    )


def state_words(state: str) -> str:
    """The states of a batch, as people say them."""
    words = {
        "draft": _("正在配书"),
        "packed": _("已打包"),
        "dispatched": _("在路上"),
        "received": _("已签收"),
        "closed": _("已办结"),
        "cancelled": _("已取消"),
    }
    return words.get(state, state)


def _point_stage(stage: str) -> str:
    words = {
        "unopened": _("还没开放"),
        "open": _("正开放着"),
        "paused": _("临时闭馆"),
        "closed": _("已经关闭"),
    }
    return words.get(stage, stage)


def _listed_names(data: dict[str, Any]) -> str:
    return _("、").join(data["names"]) + (_("……") if data["more"] else "")


BATCHES: Words = {
    "several_like": lambda data: (
        _("“%(typed)s”有好几个：%(names)s", typed=data["typed"], names=_listed_names(data)),
        _("请写全名，或写编号。"),
    ),
    "nothing_like": lambda data: (
        _("没有叫“%(typed)s”的。有的是：%(names)s", typed=data["typed"], names=_listed_names(data))
        if data["names"]
        else _("没有叫“%(typed)s”的。", typed=data["typed"]),
        _("请从列表里选，或打拼音首字母。"),
    ),
    "no_lot_there": lambda _data: (
        _("出发的地方没有未编目的书，请写明是哪些书。"),
        _("从来没有入过账的，请勾上“这些书从来没有入过账”；不然先登记入藏。"),
    ),
    "nothing_taken": lambda _data: (
        _("没有填换回的书。"),
        _("请填换回了多少；只送不收的，请新建批次或补录。"),
    ),
    "nothing_to_move": lambda _data: (_("这一批里还没有书。"), _("请先扫条码，或添加一批未编目的书。")),
    "box_unknown": lambda data: (
        _("第 %(box)s 箱不在这一批里，或者已经清点过。", box=data["box"]),
        _("请看清箱号再填。"),
    ),
    "box_label": lambda data: (
        _("%(label)s 是批次 %(number)s 的箱签，不是书的条码。", label=data["label"], number=data["number"]),
        _("请扫书上的条码；要换箱，请扫这一批的箱签。"),
    ),
    "line_gone": lambda _data: (_("这一行已经不在清单里。"), _("可能有人先拿掉了。请看一看清单。")),
    "later_moves": lambda data: (
        _("这一步之后书又动过 %(count)s 次，不能直接撤回。", count=len(data["entries"])),
        _("请从最近的一步开始，一步一步撤回。"),
    ),
    "not_from_here": _state,
    "received_in_part": lambda data: (
        _("批次 %(number)s 已经有一部分签收，不能整批取消。", number=data["number"]),
        _("请把还在路上的部分追回。"),
    ),
    "nothing_received": lambda data: (
        _("批次 %(number)s 还没有签收过任何书，不用追回。", number=data["number"]),
        _("请直接取消这一批；有丢在路上的，请写明丢了哪些。"),
    ),
    "collected_already": lambda data: (
        _("批次 %(number)s 的书已经取回了。", number=data["number"]),
        _("请到批次列表里看取回的那一批。"),
    ),
    "counted_already": lambda data: (
        _("批次 %(number)s 已经有书箱清点上架，不能再整批过电脑。", number=data["number"]),
        _("请把其余的书箱也清点上架。"),
    ),
    "code_known": lambda data: (
        _("编号 %(code)s 已经是另一个服务点的。", code=data["code"]),
        _("请换一个编号。"),
    ),
    "is_reversal": lambda _data: (_("这一步本身就是撤回，不能再撤回。"), _("请重新做一次原来的那一步。")),
    "reversed_already": lambda _data: (_("这一步已经撤回过了。"), _("请刷新页面看看现在的情况。")),
    "box_not_counted": lambda data: (
        _("第 %(box)s 箱现在没有清点的记录。", box=data["box"]),
        _("可能有人先撤回了。请看看这一批的书箱。"),
    ),
    "step_of_a_batch": lambda _data: (_("这是批次里的一步。"), _("请到那一批的“经过”里撤回。")),
    "not_reversible": lambda _data: (
        _("这一步不能撤回。"),
        _("没有动书的步骤不用撤回；差异已经结案的，请先撤回那条“差异结案”。"),
    ),
    "ended_with_step": lambda data: (
        _("这条差异是和批次 %(number)s 的另一步一起结的，不能单独撤回。", number=data["number"]),
        _("请打开这个批次，撤回那一步（比如召回）。"),
    ),
    "locked_already": lambda data: (
        _("%(month)s 及以前的月份已经封账。", month=data["month"]),
        _("请选更晚的月份。"),
    ),
    "stay_running": lambda _data: (_("这批书还没有取回，还不能报。"), _("请在书取回以后再报。")),
    "not_settled": lambda data: (
        _("还不能办结：路上还有 %(road)s 册，未结的差异有 %(differences)s 条。", **data),
        _("请先处理完差异。"),
    ),
    "not_a_delivery": lambda data: (
        _("批次 %(number)s 不是送书，没有要收回的书。", number=data["number"]),
        _("请回到批次列表，找到送书的那一批。"),
    ),
    "not_a_return": lambda data: (
        _("批次 %(number)s 不是归还，不能清点入库。", number=data["number"]),
        _("请回到批次列表，找到归还的那一批。"),
    ),
    "delivery_not_out": lambda data: (
        _("批次 %(number)s 没有在外面等着收回的书。", number=data["number"]),
        _("请刷新页面看看现在的情况。"),
    ),
    "decided_already": lambda data: (
        _("批次 %(number)s 的这句回复已经有人答过了。", number=data["number"]),
        _("请刷新页面看看结果。"),
    ),
    "answered_anew": lambda data: (
        _("批次 %(number)s 的老师后来又回了话。", number=data["number"]),
        _("请看最新的一句再答。"),
    ),
    "day_gone": lambda data: (
        _("老师要的 %(day)s 已经过了，不能改到那天。", day=data["day"]),
        _("请回话不同意，或打电话另约。"),
    ),
    "wish_closed": lambda _data: (_("这个心愿馆里已经在办，不能再改。"), _("还想要别的，请另写一个。")),
    "exchanged_already": lambda data: (
        _("批次 %(number)s 已经记在一次换书里。", number=data["number"]),
        _("请另选一批，或打开那次换书看看。"),
    ),
    "closed_already": lambda _data: (_("这条差异已经有人结案了。"), _("请刷新页面看看结果。")),
    "point_closed": lambda data: (
        _("服务点 %(code)s 已经关闭，不能再往那里送书。", code=data["code"]),
        _("请另选一个服务点。"),
    ),
    "point_step": lambda data: (
        _("服务点 %(code)s 那天%(stage)s，不能办这一步。", code=data["code"], stage=_point_stage(data["stage"])),
        _("请核对日期，或看看“变动”里已经记了什么。"),
    ),
    "no_move_then": lambda data: (
        _("%(day)s 没有可以撤回的搬迁。", day=data["day"].isoformat()),
        _("请看看“变动”，也许已经撤回了。"),
    ),
    "move_locked": lambda data: (
        _("%(day)s 的月份已经封账，那次搬迁不能撤回。", day=data["day"].isoformat()),
        _("请有权限的人先在“封账和例外”里批一个例外，再撤回。"),
    ),
    "named_that_day": lambda data: (
        _("从 %(day)s 起已经改叫“%(name)s”。", day=data["day"].isoformat(), name=data["name"]),
        _("名字写错了，请用“写错了：一直都该叫……”。"),
    ),
    "pause_overlaps": lambda _data: (
        _("那些天里已经有一次临时闭馆，或者已经关闭。"),
        _("请核对“变动”里的日期。"),
    ),
}
"""Errors about batches and points."""
