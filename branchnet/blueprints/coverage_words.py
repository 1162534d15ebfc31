"""What the parts of coverage are called."""

from branchnet.coverage.rules import Outcome
from branchnet.coverage.words import point_kinds, unit_kinds
from branchnet.language import _


def way_words() -> dict[str, str]:
    """The ways to a point."""
    return {"foot": _("步行"), "bicycle": _("骑车"), "vehicle": _("坐车")}


def dimension_words() -> dict[str, str]:
    """What numbers are broken down by."""
    return {"network": _("服务网络"), "county": _("县区"), "town": _("乡镇、街道"), "urban": _("城镇和乡村")}


def what_words() -> dict[str, str]:
    """What a definition counts."""
    return {**unit_kinds(), "community": _("村、社区、学校"), "point": _("服务点")}


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
        "administrative": (_("有开放的服务点"), _("没有开放的服务点"), _("没有代码或准确位置，不能判断")),
        "reach": (_("身边有书"), _("身边没有书"), _("没有位置，不能判断")),
        "in_operation": (_("正常开放"), _("没有正常开放"), _("今年还没有该报的月份，不算在里面")),
    }[definition]
    return dict(zip((Outcome.COVERED, Outcome.NOT_COVERED, Outcome.WITHOUT_POSITION), said, strict=True))


def group_words(dimension: str, group: str, networks: dict[str, str]) -> str:
    """What a group of a breakdown is called."""
    if dimension == "network":
        return networks.get(group, group)
    if dimension == "urban":
        return {"urban": _("城镇"), "rural": _("乡村")}.get(group, _("没有登记"))
    return group or _("没有登记")
