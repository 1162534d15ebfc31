"""What may be a slip in a report, in plain words: as it is asked about, and as it was kept."""

from collections.abc import Mapping

from branchnet.language import _
from branchnet.readings.plausible.rules import Doubt, kept_doubt


def doubt_words(doubt: Doubt, named: bool = True, numbers: Mapping[str, int | None] = {}) -> str:
    """One sentence, with the numbers it was compared with; ``named``: it says which field it is about.

    ``numbers``: what was reported, by field, where it stands nowhere beside the sentence.
    """
    said = _said(doubt.code, doubt.about, {name: f"{value:,}" for name, value in doubt.data.items()})
    if doubt.about is None or not named:
        return said
    value = numbers.get(doubt.about)
    field = number_words(doubt.about) if value is None else f"{number_words(doubt.about)} {value:,}"
    return _("%(field)s：%(said)s", field=field, said=said)


def kept_words(kept: str, numbers: Mapping[str, int | None] = {}) -> str:
    """The same from what was kept with a revision; what was asked then is told now."""
    doubt = kept_doubt(kept)
    if doubt.code == "no_numbers":
        return _("一个数都没有填。")
    if doubt.code == "over_numbers":
        return _("原来有数，改成了没有开放。")
    return doubt_words(doubt, numbers=numbers)


def number_words(name: str) -> str:
    """What a number of a reading is called."""
    return {
        "in_school_visits": _("校内来看书"),
        "in_school_loans": _("校内借出去"),
        "community_visits": _("校外来看书"),
        "community_loans": _("校外借出去"),
        "borrowers": _("借书的人"),
        "days_open": _("开放了几天"),
    }.get(name, name)


def method_words(method: str) -> str:
    """How the numbers were come by."""
    return {"exact": _("一个一个数的"), "sampled": _("抽几天数，再推算"), "estimated": _("估计的")}[method]


def _said(code: str, about: str | None, data: Mapping[str, str]) -> str:
    if code in ("far_above", "far_below"):
        return _usual(code, data)
    if code == "more_than_visits" and about == "borrowers":
        return _("比来看书的人次还多。")
    words = {
        "no_numbers": _("一个数都没有填。真的没有数吗？"),
        "over_numbers": _("这里已经报过数；报没有开放，那些数就不算了。"),
        "by_stay": _("这里按每次送书报，不按月报：同样的数不要报两回。"),
        "all_equal": _("四个数都一样。"),
        "same_as_before": _("和上一次报的数一模一样。"),
        "school_instead": _("这里平常只报校外的数，这次填的是校内。"),
        "neighbours_instead": _("这里平常只报校内的数，这次填的是校外。"),
        "more_than_visits": _("比来看书的人次多了好几倍。"),
        "without_visits": _("有借出去的，没有来看书的。"),
        "more_than_pupils": _("平均每天比学生还多。"),
        "more_than_copies": _("这里没有这么多书可借。"),
        "more_than_loans": _("比借出去的册次还多。"),
        "none_but_used": _("写了 0 天，可是有人来看书、借书。"),
        "more_than_calendar": _("除去假期和停开，没有这么多天。"),
    }
    return words.get(code, code)


def _usual(code: str, data: Mapping[str, str]) -> str:
    above = code == "far_above"
    if "usual" not in data:
        return _("比平常多很多。") if above else _("比平常少很多。")
    if above:
        return _("比平常多很多，平常大约 %(usual)s。", usual=data["usual"])
    return _("比平常少很多，平常大约 %(usual)s。", usual=data["usual"])
