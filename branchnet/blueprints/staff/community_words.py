"""What staff call a community's kind and class, where it stands, and what is wrong with a row of a file of places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from branchnet.coverage.files.judging import Judged
from branchnet.coverage.words import unit_kinds
from branchnet.language import _
from branchnet.readings.files.reading import Problem
from branchnet.words import field_words
from branchnet.words.places import MISPLACED, misplaced_words

TWICE = ("code_twice", "name_twice", "community_twice", "point_twice")
"""Problems that name other rows by their numbers."""
FAR_KM = 3.0
"""A position that an update moves farther than that is pointed out."""


def community_kind_words(kind: str) -> str:
    """What a community is."""
    return unit_kinds().get(kind, kind)


def class_words() -> dict[str, str]:
    """The classes of the statistical division into urban and rural."""
    return {
        "111": _("主城区（城）"),
        "112": _("城乡结合区（城）"),
        "121": _("镇中心区（城）"),
        "122": _("镇乡结合区（城）"),
        "123": _("特殊区域（城）"),
        "210": _("乡中心区（乡）"),
        "220": _("村庄（乡）"),
    }


def position_status(quality: str | None) -> tuple[str, str]:
    """How well it is known where something stands, and the shape that says so too."""
    known = {"exact": (_("准确"), "done"), "approximate": (_("大约"), "half")}
    return known.get(quality or "", (_("没有位置"), "ring"))


def source_words(source: str | None) -> str:
    """Whence a position comes."""
    words = {
        "staff": _("馆员填的"),
        "file": _("文件里的"),
        "register": _("登记册里的"),
        "town": _("乡镇的位置"),
        "baidu": _("百度地图答的"),
        "tianditu": _("天地图答的"),
    }
    return words.get(source or "", source or "")


def provider_words(provider: str) -> str:
    """What a geocoder is called."""
    return {"baidu": _("百度地图"), "tianditu": _("天地图")}.get(provider, provider)


def asking_words(result: Mapping[str, Any] | None) -> str:
    """How the last asking of a geocoder ended."""
    asked = _("问了 %(count)s 个地址。", count=f"{int((result or {}).get('asked', 0)):,}")
    words = {
        "key": _("密钥没有通过，停下了。"),
        "quota": _("今天的次数用完了，停下了。"),
        "broken": _("地图服务没有好好回答，停下了。"),
        "off": _("没有设置地图服务。"),
    }
    return asked + words.get(str((result or {}).get("refused", "")), "")


def column_words() -> dict[str, str]:
    """The columns of a file of places, by field."""
    return {
        "code": _("代码"),
        "name": _("名称"),
        "kind": _("类型"),
        "county": _("县区"),
        "town": _("乡镇"),
        "urban_rural": _("城乡"),
        "children": _("孩子"),
        "lat": _("纬度"),
        "lon": _("经度"),
        "datum": _("坐标系"),
        "quality": _("准不准"),
    }


def rows_words(numbers: Sequence[str]) -> str:
    """Other rows of the same file."""
    return _("第 %(rows)s 行", rows=_("、").join(numbers))


def problem_words(problem: Problem, rows: Callable[[Sequence[str]], str] = rows_words) -> str:
    """Why a row of a file of places is refused. ``rows``: what other rows of it are called, by their numbers."""
    facts = rows(problem.facts) if problem.code in TWICE else _("、").join(problem.facts)
    words = {
        "community_kind": _("类型看不懂，请写 县区、乡镇、村、社区 或 学校。"),
        "urban_rural": _("城乡看不懂，请写统计上的三位代码，如 111、220。"),
        "datum": _("坐标系看不懂，请写 WGS84、天地图、高德、腾讯 或 百度。"),
        "position_quality": _("准不准看不懂，请写 准确 或 大约；空着算准确。"),
        "datum_needed": _("有经纬度就要写坐标系：各家地图差几百米。"),
        "code_twice": _("这个代码在%(rows)s也有，请核对。", rows=facts),
        "name_twice": _("%(rows)s也是这个名称，请给每一行写上代码。", rows=facts),
        "community_alike": _("登记册里已有同乡镇、同名的：%(names)s。真是另一个，请写各自的 12 位代码。", names=facts),
        "community_set_aside": _("登记册里这一个已经作废：%(why)s。作废错了，请到它的页上恢复。", why=facts),
        "community_many": _("登记册里有同名的：%(names)s。请写代码。", names=facts),
        "community_twice": _("和%(rows)s说的是同一个。", rows=facts),
        "point_twice": _("和%(rows)s说的是同一个服务点。", rows=facts),
        "point_unknown": _("没有这个服务点。"),
        "point_many": _("有几个点叫这个名字，请写编号。"),
        "point_other_name": _("这个编号是 %(point)s。", point=facts),
    }
    if problem.code in MISPLACED:
        return misplaced_words(problem.code, problem.facts)
    if (problem.field, problem.code) == ("children", "not_a_number"):
        return _("请填整数；不知道有多少就空着，不要写 0。")
    return words.get(problem.code) or field_words(problem.code)


def change_words(one: Judged) -> list[tuple[str, str, str]]:
    """What an update changes: the column, what is written down now, and what will be."""
    heads = {**column_words(), "position": _("位置")}
    return [(heads[field], _said(field, old), _said(field, new)) for field, old, new in one.changes]


def heeded_words(one: Judged) -> list[str]:
    """What to look at twice before an update is entered."""
    changed = {field for field, _old, _new in one.changes}
    words = {"kind": _("类型变了"), "county": _("县区变了")}
    found = [word for field, word in words.items() if field in changed]
    if one.moved_km > FAR_KM:
        found.append(_("移了 %(km)s 公里", km=f"{one.moved_km:,.1f}"))
    return found


def _said(field: str, value: Any) -> str:
    if value is None or (field == "position" and value.lat is None):
        return _("没有")
    if field == "position":
        return f"{value.lat:.5f}, {value.lon:.5f} {position_status(value.quality)[0]}"
    return community_kind_words(value) if field == "kind" else str(value)
