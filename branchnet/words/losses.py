"""Errors about losses, repairs, payments and disposal lists."""

from typing import Any

from branchnet.language import _
from branchnet.words.said import Said, Words


def _more_than_there(data: dict[str, Any]) -> Said:
    there, reported = f"{data['there']:,}", f"{data['reported']:,}"
    todo = _("请把册数改少，或先查清报过的那几册。")
    if not data["title"]:
        if data["reported"]:
            return _("这里有 %(there)s 册，其中 %(reported)s 册已经报过。", there=there, reported=reported), todo
        return _("这里只有 %(there)s 册。", there=there), _("请把册数改少。")
    what = _("《%(title)s》", title=data["title"])
    if data["reported"]:
        said = _(
            "%(what)s在这里有 %(there)s 册，其中 %(reported)s 册已经报过。", what=what, there=there, reported=reported
        )
    else:
        said = _("%(what)s在这里只有 %(there)s 册。", what=what, there=there)
    return said, todo


def _copy(data: dict[str, Any]) -> str:
    if not data["barcode"]:
        return _("《%(title)s》", title=data["title"])
    return _("《%(title)s》%(barcode)s", title=data["title"], barcode=data["barcode"])


def list_state_words(state: str) -> str:
    """The states of a disposal list."""
    return {"draft": _("草稿"), "approved": _("已批准"), "cancelled": _("已作废")}.get(state, state)


LOSSES: Words = {
    "more_than_there": _more_than_there,
    "reported_already": lambda data: (
        _("%(copy)s 已经报过，还没有结案。", copy=_copy(data)),
        _("不用再报；查明了就在那一条上结案。"),
    ),
    "repair_ended": lambda _data: (
        _("这几册的修补已经有了结果。"),
        _("要改，请先到那次修补上撤回结果。"),
    ),
    "paid_already": lambda data: (
        _("赔偿已经在 %(day)s 收到，不能再改。", day=data["day"].isoformat()),
        _("请刷新页面看看记下的数。"),
    ),
    "nothing_waiting": lambda _data: (
        _("没有可以列进处置单的书。"),
        _("丢失、破损的差异结案以后，书才在这里等处置；已经在别的处置单上的不算。"),
    ),
    "nothing_chosen": lambda _data: (
        _("没有选中任何书。"),
        _("请先选要处置的书，或者按“全部列进”。"),
    ),
    "on_other_list": lambda data: (
        _("%(copy)s 已经在处置单 %(number)s 上。", copy=_copy(data), number=data["number"]),
        _("请不要选它，或先从那张单上拿掉。"),
    ),
    "not_waiting": lambda data: (
        _("%(copy)s 没有在等处置。", copy=_copy(data)),
        _("可能有人先办了，请刷新页面看看它现在在哪里。"),
    ),
    "list_ended": lambda data: (
        _("处置单 %(number)s %(state)s，不能再改。", number=data["number"], state=list_state_words(data["state"])),
        _("可能有人先办了。请刷新页面看看现在的情况。"),
    ),
    "disposal_empty": lambda data: (
        _("处置单 %(number)s 上还没有书。", number=data["number"]),
        _("请先加上要处置的书；不要了就作废。"),
    ),
    "not_approved": lambda data: (
        _("处置单 %(number)s 现在没有批准，没有可撤回的。", number=data["number"]),
        _("请刷新页面看看现在的情况。"),
    ),
    "nothing_ticked": lambda _data: (_("没有勾选任何差异。"), _("请先勾选要一起结案的差异。")),
    "wear_changed": lambda _data: (
        _("这一页打开以后，差异又有变动，没有结案。"),
        _("下面是现在的情况，请看清再按一次。"),
    ),
    "nothing_worn": lambda _data: (
        _("没有能按自然损耗结案的差异。"),
        _("只有写明了是哪几册、又在约定限度以内的才算。"),
    ),
}
"""By code."""
