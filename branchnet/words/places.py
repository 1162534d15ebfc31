"""Errors about where things are: the register of communities, files of places, candidates of a geocoder."""

from branchnet.language import _
from branchnet.words.said import Words

PLACES: Words = {
    "community_code_known": lambda data: (
        _("登记册里已有这个代码：%(name)s。", name=data["name"]),
        _("请核对代码，或者去改那一个。"),
    ),
    "community_known": lambda data: (
        _("登记册里已有同乡镇、同名的 %(name)s。", name=data["name"]),
        _("真是另一个，请写上各自的代码。"),
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
