"""What staff read about lists from files: what they are for, where they stand, what is wrong with a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from branchnet.language import _
from branchnet.words import field_of_list, place_words

Places = Mapping[int, str]
"""Names of places by id."""


def purpose_words(purpose: str) -> str:
    """What a list is for."""
    return {"pick": _("配书"), "accession": _("入藏"), "opening": _("期初")}.get(purpose, purpose)


def list_state_words(state: str) -> str:
    """Where a list stands."""
    words = {
        "uploaded": _("还没检查"),
        "checked": _("检查过，还没加入"),
        "applied": _("加入了"),
        "dropped": _("不要了"),
        "unreadable": _("读不了"),
    }
    return words.get(state, state)


def problem_words(told: Sequence[Any], places: Places) -> str:
    """What is wrong with a row, and what to do; `told` is a problem as it is kept: code, field, value, facts."""
    code, field, value, *facts = told
    if code == "required":
        return _("%(field)s空着。", field=field_of_list(field))
    made = _SAID.get(code)
    if made is not None:
        return made(facts, places)
    return _("%(field)s“%(value)s”有问题。", field=field_of_list(field), value=value)


def places_in(rows: Iterable[Sequence[Any]]) -> set[int]:
    """The places that problems of these rows name."""
    return {told[3] for row in rows for told in row[2] if told[0] == "elsewhere" and len(told) > 3}


def _elsewhere(facts: list[Any], places: Places) -> str:
    if not facts:
        return _("这本书不在任何地方，账上没有它的位置。")
    place_id, kind, since, batch = facts
    where = places.get(place_id) or place_words(kind)
    if batch is None:
        return _("不在这里：从 %(since)s 起在 %(place)s。", since=since, place=where)
    return _("不在这里：从 %(since)s 起在 %(place)s（批次 %(batch)s）。", since=since, place=where, batch=batch)


def _as_text() -> str:
    return _("请在 Excel 里把条码这一栏设成“文本”，从业务系统重新导出。")


def _plain(said: Callable[[], str]) -> Callable[[list[Any], Places], str]:
    return lambda _facts, _places: said()


_SAID: dict[str, Callable[[list[Any], Places], str]] = {
    "elsewhere": _elsewhere,
    "barcode_twice": lambda facts, _places: _("条码和第 %(row)s 行重复，一个条码只能是一册书。", row=facts[0]),
    "barcode_short": lambda facts, _places: _(
        "条码只有 %(short)s 位，别的是 %(usual)s 位，可能丢了开头的 0。%(todo)s",
        short=facts[0],
        usual=facts[1],
        todo=_as_text(),
    ),
    "in_other_batch": lambda facts, _places: _("已经在批次 %(number)s 里，要换批次请先从那里拿掉。", number=facts[0]),
    "barcode_rounded": _plain(
        lambda: _("条码超过 15 位，又被 Excel 当成数，末几位已经丢了。%(todo)s", todo=_as_text())
    ),
    "barcode_scientific": _plain(lambda: _("条码被写成了科学记数，位数已经丢了。%(todo)s", todo=_as_text())),
    "barcode_fraction": _plain(lambda: _("条码不能是小数或负数，请检查是不是选错了栏。")),
    "barcode_long": _plain(lambda: _("条码最多 40 个字符，请检查是不是选错了栏。")),
    "barcode_blank": _plain(lambda: _("条码中间有空格，请检查一格里是不是写了两个条码。")),
    # Lists that were tried before titles were told with it have none.
    "barcode_known": lambda facts, _places: (
        _("条码已经在账上，是《%(title)s》，请查清是不是贴重了。", title=facts[0])
        if facts
        else _("条码已经在账上，请查清是不是贴重了。")
    ),
    "called_otherwise": lambda facts, _places: _(
        "在账上是《%(title)s》，书名按账上的；请看看条码是不是贴错了。", title=facts[0]
    ),
    "barcode_unknown": _plain(lambda: _("条码不在账上，也没有书名，请先登记入藏。")),
    "unknown_titled": _plain(lambda: _("条码不在账上；可以连书名一起登记入藏。")),
    "in_this_batch": _plain(lambda: _("已经在这一批里，不用再加。")),
    "title_long": _plain(lambda: _("书名超过 300 个字，请检查是不是选错了栏。")),
    "quantity_not_positive": _plain(lambda: _("册数要大于 0。")),
    "not_a_number": _plain(lambda: _("册数要填整数。")),
    "too_large": _plain(lambda: _("册数太大了，请检查是不是选错了栏。")),
    "box": _plain(lambda: _("箱号要填 1 到 300 的整数。")),
    "text_long": _plain(lambda: _("有一项太长，没有记。")),
    "isbn": _plain(lambda: _("ISBN 校验不对，没有记。")),
    "price": _plain(lambda: _("价格看不懂，记作未知。")),
    "year": _plain(lambda: _("出版年看不懂，没有记。")),
    "amount_uneven": _plain(lambda: _("码洋合计不能按册数平分，单价记作未知。")),
    "copy_is_one": _plain(lambda: _("有条码的一行按一册记。")),
}
