"""Words of the map page: what the kinds are called, and what the browser needs to say."""

from typing import Any

from branchnet.language import _


def point_kinds() -> dict[str, str]:
    """The kinds of service points, in the order the legend lists them."""
    return {
        "branch": _("分馆"),
        "mobile_point": _("流动服务点"),
        "delivery_school": _("送书学校"),
        "mobile_stop": _("流动图书车停靠点"),
        "book_house": _("农家书屋"),
    }


def unit_kinds() -> dict[str, str]:
    """What a community can be."""
    return {
        "county": _("县区"),
        "town": _("乡镇、街道"),
        "village": _("村"),
        "residential": _("社区"),
        "school": _("学校"),
    }


def map_words() -> dict[str, Any]:
    """Every word that ``static/js/map.js`` shows: it has none of its own. ``{…}`` is filled in there, as text."""
    return {
        "kinds": point_kinds(),
        "units": unit_kinds(),
        "qualities": {"exact": "", "at_least": _("余"), "estimated": _("估")},
        "outcomes": {"covered": _("身边有书"), "not_covered": _("身边没有书")},
        "approximate": _("位置是大约的"),
        "closed": _("没有开放"),
        "not_counted": _("没有数"),
        "none_yet": _("还没有"),
        "none_owed": _("没有该报的月份"),
        "card_failed": _("没有取到。请再点一次，或看下面的表。"),
        "uncounted": _("另有 {n} 册到了，没清点"),
        "list": _("、"),
        "and_more": _("等"),
        "nearest": _("最近的服务点：{name}，直线 {km} 公里"),
        "nearest_rough": _("最近的服务点：{name}，直线约 {km} 公里（那个点的位置是大约的）"),
        "no_point": _("还没有一个开放的、有书的服务点"),
        "cluster": _("{n} 个服务点，点开看"),
        "zoom_in": _("放大"),
        "zoom_out": _("缩小"),
        "close": _("关上"),
        "empty": _("还没有一个服务点有位置。给服务点写上位置，图上就有它了。"),
        "failed": _("地图的数没有取到。下面的表里有同样的数；刷新页面可以再试一次。"),
    }


def batch_kinds() -> dict[str, str]:
    """The kinds of batches."""
    return {
        "opening": _("期初"),
        "accession": _("入藏"),
        "allocation": _("分配"),
        "delivery": _("送书"),
        "rotation": _("轮换"),
        "return": _("归还"),
        "withdrawal": _("注销"),
    }
