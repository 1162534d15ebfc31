"""What the parts of coverage are called."""

from collections.abc import Collection

from branchnet.coverage.rules import Outcome
from branchnet.coverage.view import REACHED_KINDS
from branchnet.coverage.words import point_kinds, unit_kinds
from branchnet.language import _, one_after_another


def way_words() -> dict[str, str]:
    """The ways to a point."""
    return {"foot": _("步行"), "bicycle": _("骑车"), "vehicle": _("坐车")}


def dimension_words() -> dict[str, str]:
    """What numbers are broken down by."""
    return {"network": _("服务网络"), "county": _("县区"), "town": _("乡镇、街道"), "urban": _("城镇和乡村")}


def what_words(kinds: Collection[str] = REACHED_KINDS) -> dict[str, str]:
    """What a definition counts. ``kinds``: of the communities those that the register holds; the others go unnamed."""
    units = unit_kinds()
    held = REACHED_KINDS & set(kinds) or REACHED_KINDS
    return {**units, "community": _("、").join(units[one] for one in units if one in held), "point": _("服务点")}


def statement_words(
    definition: str, what: str, way: str | None, within_km: float | None, area: str | None = None
) -> str:
    """What a statement is about: the definition, what it counts (in words), and of reach the way and its km.

    ``area``: the county or town of which alone it is said.
    """
    about = definition_words()[definition] + _("：") + what
    if area:
        about = _("%(area)s，%(about)s", area=area, about=about)
    if within_km is None:
        return about
    if way is None:
        return _("%(about)s，%(km)s 公里以内", about=about, km=f"{within_km:g}")
    return _("%(about)s，%(way)s %(km)s 公里以内", about=about, way=way_words()[way], km=f"{within_km:g}")


def figures_words(definition: str, covered: int, known: int, untold: int) -> str:
    """N of M, and always how many are not: beside it nobody's own words make more of it."""
    told = {"known": f"{known:,}", "covered": f"{covered:,}", "others": f"{known - covered - untold:,}"}
    said = {
        "administrative": _("%(known)s 个里有 %(covered)s 个设了点，还有 %(others)s 个没有。", **told),
        "reach": _("%(known)s 个里有 %(covered)s 个身边有书，还有 %(others)s 个没有。", **told),
        "in_operation": _("%(known)s 个里有 %(covered)s 个正常开放，还有 %(others)s 个不是。", **told),
    }[definition]
    if not untold:
        return said
    why = outcome_words(definition)[Outcome.WITHOUT_POSITION]
    return one_after_another([said, _("另外 %(n)s 个%(why)s。", n=f"{untold:,}", why=why)])


def boxes_words(definition: str, count: int) -> str:
    """Of the covered those that delivery schools alone cover."""
    if definition == "reach":
        return _("其中 %(n)s 个身边只有送书学校的书，收走以后就没有了。", n=f"{count:,}")
    return _("其中 %(n)s 个只是送书学校。", n=f"{count:,}")


def nowhere_words(what: str, count: int) -> str:
    """Open points that no such count has, because they do not say where they are."""
    if what == "town":
        return _("有 %(n)s 个开放的服务点没有登记乡镇、街道，没有算进任何一个乡镇。", n=f"{count:,}")
    return _("有 %(n)s 个开放的服务点没有登记在哪个村、社区，没有算进任何一个村、社区。", n=f"{count:,}")


def kind_words() -> dict[str, str]:
    """Kinds of communities and of points."""
    return {**unit_kinds(), **point_kinds()}


def definition_words() -> dict[str, str]:
    """What is asked, in a few words."""
    return {"administrative": _("设了点"), "reach": _("够得着"), "in_operation": _("正常开放")}


def whole_words(definition: str) -> str:
    """What may be said where it is all of them."""
    return _("全部正常开放") if definition == "in_operation" else _("全覆盖")


def outcome_words(definition: str) -> dict[str, str]:
    """What became of a row, under each definition."""
    said = {
        "administrative": (_("有开放的服务点"), _("没有开放的服务点"), _("没有代码（学校：也没有准确位置），不能判断")),
        "reach": (_("身边有书"), _("身边没有书"), _("没有位置，不能判断")),
        "in_operation": (_("正常开放"), _("没有正常开放"), _("今年还没有该报的月份，不算在里面")),
    }[definition]
    return dict(zip((Outcome.COVERED, Outcome.NOT_COVERED, Outcome.WITHOUT_POSITION), said, strict=True))


def group_words(dimension: str, group: str, networks: dict[str, str]) -> str:
    """What a group of a breakdown is called."""
    if dimension == "network":
        return networks.get(group, group)
    if dimension == "urban":
        return {"urban": _("城镇"), "rural": _("乡村")}.get(group, _("没有登记城乡"))
    county, _space, town = group.partition(" ")
    if dimension == "town" and county and not town:
        return _("%(county)s（没写乡镇）", county=county)
    return group.strip() or _("没有登记")
