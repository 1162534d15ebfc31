"""What staff call the ways and states of a stocktake, and how its differences end."""

from branchnet.language import _


def way_words(way: str) -> str:
    """How stock is taken."""
    return {"count": _("点数"), "scan": _("扫条码")}.get(way, way)


def stocktake_words(state: str) -> str:
    """What a register of stocktakes can be narrowed to."""
    words = {
        "counting": _("正在盘点"),
        "closed": _("盘完了"),
        "cancelled": _("已取消"),
        "differences": _("有未结差异"),
    }
    return words.get(state, state)


def ends_of_case(kind: str, coded: bool, rough: bool) -> list[tuple[str, str]]:
    """How a difference of a stocktake can end, and what follows in the books.

    ``coded``: a copy with a barcode, which is one and cannot be surplus. ``rough``: the books had no exact number.
    """
    if kind == "short":
        miscounted = _("原来的数是约数，账照盘点的数改") if rough else _("这次数错了，书没有少")
        return [
            ("found", _("找到了，书在这里")),
            ("lost", _("丢失，登记在案")),
            ("miscounted", miscounted),
            ("damaged", _("坏了，转待处置")),
            ("worn", _("自然损耗，转待处置")),
        ]
    if coded:
        return [("miscounted", _("弄清了：书已经照实记过，或者不在这里"))]
    surplus = _("账上本来是约数，照盘点的数补记") if rough else _("确实多出来，补记入账")
    return [("surplus", surplus), ("miscounted", _("这次数错了，没有多"))]
