"""Errors about the map."""

from branchnet.language import _, month_name
from branchnet.words.said import Words

MAPS: Words = {
    "bad_address": lambda data: (
        _("地址里的「%(names)s」不对。", names=_("、").join(data["names"])),
        _("请退回上一页，从页面上重新选。"),
    ),
    "before_ledger": lambda data: (
        _(
            "%(month)s还没有书账：书账从 %(began)s开始。",
            month=month_name(data["month"]),
            began=month_name(data["began"]),
        ),
        _("请选 %(began)s 或以后的月份。", began=month_name(data["began"])),
    ),
    "too_many_points": lambda _data: (
        _("这里的点太多，不能一次全部取出。"),
        _("请按下级馆一个一个取，或在地图上放大以后看。"),
    ),
}
