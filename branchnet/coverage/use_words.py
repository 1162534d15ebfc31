"""Words of the page of books and their use: its indicators with their units, and what a row is."""

from collections.abc import Callable, Mapping

from branchnet.coverage.areas import county_name, is_county
from branchnet.coverage.compared import Comparison, Key
from branchnet.coverage.words import point_kinds
from branchnet.language import _


def indicator_words() -> dict[str, str]:
    """The indicators, in the order in which they are offered."""
    return {
        "loans": _("外借"),
        "school_loans": _("校内外借"),
        "community_loans": _("校外外借"),
        "visits": _("阅览"),
        "school_visits": _("校内阅览"),
        "community_visits": _("校外阅览"),
        "turnover": _("流通率"),
        "days_since_batch": _("多久没来新书"),
        "copies_per_pupil": _("生均图书"),
        "old_share": _("放了一年以上的书"),
    }


INDICATOR_UNITS: Mapping[str, Callable[[], str]] = {
    "loans": lambda: _("册次/百册·月"),
    "school_loans": lambda: _("册次/百册·月"),
    "community_loans": lambda: _("册次/百册·月"),
    "visits": lambda: _("人次/百册·月"),
    "school_visits": lambda: _("人次/百册·月"),
    "community_visits": lambda: _("人次/百册·月"),
    "turnover": lambda: _("次/册·年"),
    "days_since_batch": lambda: _("天"),
    "copies_per_pupil": lambda: _("册/人"),
    "old_share": lambda: "%",
}
"""By indicator the unit that stands in its column's head."""


def group_words() -> dict[str, str]:
    """What a row may be."""
    return {
        "point": _("每个服务点"),
        "town": _("每个乡镇"),
        "kind": _("每种类型"),
        "network": _("每个馆自己的点"),
        "subtree": _("每个馆连同下级"),
    }


def _area_name(found: Comparison, area: str) -> str:
    """A town by its name; of a county's own code that no town was written down."""
    if area in found.towns:
        return found.towns[area]
    county = county_name(found.towns, area)
    if is_county(area):
        return _("%(county)s（没写乡镇）", county=county)
    return _("%(county)s，登记册里没有的乡镇 %(code)s", county=county, code=area)


def line_name(found: Comparison, key: Key) -> str:
    """What a row is called."""
    if found.by == "point" and isinstance(key, int):
        return found.points[key].name
    if found.by in ("network", "subtree") and isinstance(key, int):
        return found.networks[key].name
    if found.by == "town":
        return _area_name(found, str(key)) if key else _("没有登记乡镇")
    return point_kinds().get(str(key), _("不知道"))
