"""Errors about the map."""

from branchnet.language import _
from branchnet.words.said import Words

MAPS: Words = {
    "too_many_points": lambda _data: (
        _("这里的点太多，不能一次全部取出。"),
        _("请按下级馆一个一个取，或在地图上放大以后看。"),
    ),
}
