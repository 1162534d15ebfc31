"""Errors about where things are: the register of communities, files of places, candidates of a geocoder."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from branchnet.language import _
from branchnet.words.said import Said, Words

MISPLACED = (
    "where_needed",
    "county_not_own",
    "spelt_otherwise",
    "town_unknown",
    "code_digits",
    "code_not_own",
    "code_other_county",
    "position_elsewhere",
    "position_not_own",
)
"""Why a community, or a position, is none of the network's: see points.communities.checks."""


def misplaced_words(code: str, facts: Sequence[str]) -> str:
    """Why, with the names that tell it."""
    first, second = [*facts, "", ""][:2]
    elsewhere = first or _("别处（海上或境外）")
    words = {
        "where_needed": lambda: _("光有名称不知道是哪一个：请写县区、乡镇、12 位代码，或者它的位置。"),
        "county_not_own": lambda: _("%(county)s 不是本网络的县区；真是新来的，请先登记这个县区。", county=first),
        "spelt_otherwise": lambda: _("登记册里写作“%(name)s”，请照写。", name=first),
        "town_unknown": lambda: _(
            "%(county)s的登记册里没有“%(town)s”，请核对，或者先登记这个乡镇。", county=first, town=second
        ),
        "code_digits": lambda: _("统计用区划代码是 12 位数字，请核对；不知道就空着。"),
        "code_not_own": lambda: _("这个代码是 %(county)s 的，不是本网络的县区。", county=first),
        "code_other_county": lambda: _("这个代码是 %(county)s 的，不是 %(other)s 的。", county=first, other=second),
        "position_elsewhere": lambda: _("这个位置在 %(there)s，不在 %(county)s。", there=elsewhere, county=second),
        "position_not_own": lambda: _(
            "这个位置在 %(there)s，不在本网络的县区；真在那里，请先登记那个县区。", there=elsewhere
        ),
    }
    return words[code]()


def _misplaced(code: str, data: dict[str, Any]) -> Said:
    return misplaced_words(code, data["facts"]), _("请核对以后再交。")


PLACES: Words = {
    "community_code_known": lambda data: (
        _("登记册里已有这个代码：%(name)s。", name=data["name"]),
        _("请核对代码，或者去改那一个。"),
    ),
    "community_known": lambda data: (
        _("登记册里已有同乡镇、同名的 %(name)s。", name=data["name"]),
        _("真是另一个，请写上各自的代码。"),
    ),
    "community_set_aside": lambda data: (
        _("%(name)s 已经作废：%(why)s。", name=data["name"], why=data["why"]),
        _("没有作废错，就不用再登记；作废错了，请到它的页上恢复。"),
    ),
    **{code: partial(_misplaced, code) for code in MISPLACED},
    "nothing_public": lambda _data: (
        _("这个馆现在没有公开的数。"),
        _("以前公开过的，可能已经撤回；要看，请问这个馆。"),
    ),
    "move_nowhere": lambda _data: (
        _("没有写搬到哪里，什么都没有记。"),
        _("请从登记册里选一个，或者选乡镇，或者填经纬度；只是位置记错了，请用“改正位置”。"),
    ),
    "nowhere": lambda _data: (
        _("没有写在哪里，什么都没有记。"),
        _("请从登记册里选一个，或者选乡镇，或者填经纬度。"),
    ),
    "places_no_column": lambda data: (
        _("文件里没有“%(column)s”这一栏。", column=_("、").join(data["columns"])),
        _("请照模板加上这一栏再交。"),
    ),
    "places_no_sheet": lambda _data: (
        _("文件里没有一张表有“名称”这一栏。"),
        _("请照模板的栏目名改好再交。"),
    ),
    "places_too_many": lambda data: (
        _("行太多了，一次最多 %(limit)s 行。", limit=f"{data['limit']:,}"),
        _("请拆成几个文件，一个一个交。"),
    ),
    "places_outdated": lambda _data: (_("这一页不完整，什么都没有记。"), _("请把文件再交一次，重新检查。")),
    "nothing_to_place": lambda _data: (
        _("没有一行要记：都和登记册里一样，或者不能收。"),
        _("请把文件再交一次，看每一行的原因。"),
    ),
    "geocoder_off": lambda _data: (_("没有设置地图服务，没有问。"), _("要用，请运维按说明设置。")),
    "nothing_picked": lambda _data: (_("一个也没有勾选。"), _("请勾上认得的位置，再接受。")),
    "candidate_gone": lambda _data: (
        _("有一个已经有位置了，或者不在本网络的县区，什么都没有记。"),
        _("请刷新页面，重新勾选。"),
    ),
}
"""Errors about where things are."""
