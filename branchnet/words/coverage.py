"""Errors about what is published of coverage."""

from math import floor
from typing import Any

from branchnet.language import _, month_name
from branchnet.words.said import Said, Words


def _no_records_yet(data: dict[str, Any]) -> Said:
    begin = data["begin"]
    return (
        _("%(month)s还没有书账，哪里有多少书不知道，所以没有数。", month=month_name(data["month"])),
        _("书账从%(month)s开始，请选那个月或以后的。", month=month_name(begin)) if begin else _("请先把书入账。"),
    )


def _address_wrong(data: dict[str, Any]) -> Said:
    """Which parts of the address mean nothing, as the form calls them."""
    names = {
        "network": _("服务网络"),
        "month": _("月份"),
        "way": _("怎么去"),
        "by": _("分开看"),
        "page": _("第几页"),
        "definition": _("说的是"),
        "of_what": _("地方"),
        "outcome": _("情况"),
        "county": _("县区"),
        "urban": _("城镇和乡村"),
        "area": _("说哪里"),
        "group": _("分开看的哪一行"),
    }
    parts = _("、").join(names.get(part, part) for part in data["parts"])
    return _("地址里的这一项不对：%(parts)s。", parts=parts), _("请回到覆盖那一页，在那里重新选。")


COVERAGE: Words = {
    "no_records_yet": _no_records_yet,
    "address_wrong": _address_wrong,
    "not_whole": lambda data: (
        _(
            "“%(claim)s”说得太满了：%(known)s 个里有 %(covered)s 个。请改一改这句话。",
            claim=data["claim"],
            known=f"{data['known']:,}",
            covered=f"{data['covered']:,}",
        ),
        "",
    ),
    "not_the_figures": lambda data: (
        _(
            "“%(claim)s”不是发布的数：%(known)s 个里有 %(covered)s 个，%(percent)s%%。个数和百分比只能写这几个。",
            claim=data["claim"],
            known=f"{data['known']:,}",
            covered=f"{data['covered']:,}",
            percent=f"{floor(1000 * data['covered'] / data['known']) / 10:g}",
        ),
        "",
    ),
    "coverage_changed": lambda data: (
        _("数变了，现在是 %(covered)s / %(known)s，没有发布。", covered=data["covered"], known=data["known"]),
        _("请看清现在的数，再按一次。"),
    ),
    "none_to_publish": lambda _data: (
        _("一个也没有数到，没有可以发布的数。"),
        _("先登记，或者换一个月份。"),
    ),
    "published_already": lambda _data: (
        _("同样的一句已经发布了。"),
        _("要换，先撤回它，再发布。"),
    ),
    "withdrawn_already": lambda _data: (
        _("这一句已经撤回了。"),
        _("不用再做什么。"),
    ),
}
