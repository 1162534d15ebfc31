"""Words of the map's layers: what a layer is called, and what each of its marks means."""

from branchnet.coverage.layers import FEW_LOANS, MANY_LOANS, Figure, Overdue, Reports, Turning
from branchnet.language import _


def layer_names() -> dict[str, str]:
    """The layers, in the order in which one chooses."""
    return {
        "books": _("书有多少"),
        "reports": _("报了没有"),
        "loans": _("书转得快不快"),
        "overdue": _("送书过期没收回"),
    }


def mark_words(layer: str) -> list[str]:
    """What the marks of a layer mean, from 0 up. The layer of books has kinds and sizes instead."""
    return {
        "reports": [
            _("没有该报的月份"),
            _("一个月也没报"),
            _("报了不到一半"),
            _("报了一半以上"),
            _("全报了"),
        ],
        "loans": [
            _("没有数"),
            _("一册也没借出"),
            _("不到 %(n)s 册次", n=FEW_LOANS),
            _("%(few)s 到 %(many)s 册次", few=FEW_LOANS, many=MANY_LOANS),
            _("%(n)s 册次以上", n=MANY_LOANS),
        ],
        "overdue": [_("没有过期的"), _("有一批过期"), _("有几批过期")],
    }.get(layer, [])


def layer_note(layer: str) -> str:
    """What is counted in a layer, in one sentence."""
    return {
        "books": _("图形越大，书越多。"),
        "reports": _("过去十二个月里，该报的月份报了几个。"),
        "loans": _("过去十二个月，每一百册书放一个月借出多少册次。只算报了外借的月份。"),
        "overdue": _("过了应还的日子，还放在那里的送书。"),
    }[layer]


def layer_column(layer: str) -> dict[str, object] | None:
    """The table's column of a layer; the layer of books has none of its own."""
    heads = {
        "reports": {"label": _("十二个月里报了")},
        "loans": {"label": _("每百册·月外借"), "unit": _("册次")},
        "overdue": {"label": _("过期的送书"), "unit": _("批")},
    }
    return {**heads[layer], "numeric": True} if layer in heads else None


def figure_words(layer: str, figure: Figure | None) -> str:
    """What the table says of a point."""
    if isinstance(figure, Turning) and figure.order is not None:
        return f"{figure.order:,.1f}"
    if isinstance(figure, Reports) and figure.owed:
        return f"{figure.reported} / {figure.owed}"
    if isinstance(figure, Overdue):
        return str(figure.deliveries)
    return {"overdue": "0", "reports": _("没有该报的月份")}.get(layer, _("没有数"))
