"""Readings that came as a text or a file, in words: which number is which, what is doubtful, what became of each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from branchnet.errors import BranchNetError, Conflict
from branchnet.language import _, month_name
from branchnet.readings.files.reading import Problem
from branchnet.words import field_words, say


def number_words() -> dict[str, str]:
    """The numbers of a reading, by field, as columns call them."""
    return {
        "in_school_visits": _("校内阅览"),
        "in_school_loans": _("校内外借"),
        "community_visits": _("校外阅览"),
        "community_loans": _("校外外借"),
        "days_open": _("开放天数"),
    }


def report_words(report: Any) -> str:
    """The numbers of a report, or of a reading that holds, in one line: empty is left out, 0 is said."""
    if report.not_open:
        return _("没有开放")
    told = [
        _("%(label)s %(number)s", label=label, number=f"{value:,}")
        for name, label in number_words().items()
        if (value := getattr(report, name)) is not None
    ]
    return _("，").join(told) or _("没有数")


def doubt_words(problem: str) -> str:
    """Why a line is doubtful."""
    words = {
        "no_numbers": _("没有读到数"),
        "unlabelled": _("有一个数看不出是阅览还是外借"),
        "unknown_words": _("有读不懂的话，或数不是整数"),
        "number_twice": _("同一个数写了两次"),
        "scope_unclear": _("有一个数看不出是校内还是校外"),
        "other_month": _("写的是别的月份"),
        "not_open_and_more": _("又说没开放，又有别的话"),
        "point_twice": _("这个点有不止一行"),
        "no_neighbours": _("这个点那时不对校外开放，不能有校外的数"),
        "too_large": _("数太大了"),
    }
    return words.get(problem, problem)


def column_words() -> dict[str, str]:
    """The columns of a file, by field."""
    return {
        **number_words(),
        "code": _("编号"),
        "point": _("服务点"),
        "month": _("月份"),
        "first": _("从"),
        "last": _("到"),
        "not_open": _("没有开放"),
    }


def problem_words(problem: Problem) -> str:
    """Why a row of a file is refused."""
    facts = _("、").join(problem.facts)
    if problem.code == "month_closed":
        return _("%(month)s已经封账，要先批例外。", month=month_name(facts))
    words = {
        "month_unreadable": _("看不出是哪个月，请写成 2026-03。"),
        "month_or_days": _("月份和起止日期只能写一样。"),
        "no_term": _("一个学期或一年才能这样写：60 到 400 天；几个月的请按月份报。"),
        "point_unknown": _("没有这个服务点：请写编号，或账上的全名。"),
        "point_many": _("有几个点叫这个名字，请写编号。"),
        "point_other_name": _("这个编号是 %(point)s。", point=facts),
        "not_open_then": _("这个点那个月没有开。"),
        "windows_overlap": _("和已经报的 %(windows)s 重叠。", windows=facts),
        "window_twice": _("第 %(rows)s 行也是这个点、这个月或这一段的，请留一行。", rows=facts),
        "no_neighbours": _("这个点那时不对校外开放，不能有校外的数。"),
        "yes_no": _("请写“是”，或者空着。"),
    }
    return words[problem.code] if problem.code in words else field_words(problem.code)


def window_words(window: str | tuple[str, date, date]) -> str:
    """A month by its name, an earlier window by its days."""
    return month_name(window) if isinstance(window, str) else f"{window[1]} — {window[2]}"


def outcome_told(outcome: Mapping[str, Any]) -> tuple[str, str]:
    """What became of one that was entered, and its shape."""
    if "refused" in outcome:
        return _("没有存：%(why)s", why=refused_words(outcome["refused"], outcome["data"])), "look"
    held = {
        "locked": _("等馆里看：那个月已经封账"),
        "stale": _("等馆里看：那里刚刚有了新的数"),
        "overlap": _("等馆里看：和以前报过的一段重叠"),
    }
    return (held[outcome["held"]], "half") if outcome["held"] else (_("存好了"), "done")


def refused_words(code: str, data: Mapping[str, Any]) -> str:
    """Why one was refused, by its code."""
    error: BranchNetError = Conflict(code, **data)
    if fields := data.get("fields"):
        labels = number_words()
        return " ".join(f"{labels.get(name, '')} {field_words(reason)}".strip() for name, reason in fields.items())
    return " ".join(say(error))


def span_words(kind: str) -> str:
    """What kind of period a reading is about."""
    return {"month": _("一个月"), "stay": _("一次送书"), "term": _("一个学期"), "year": _("一年")}.get(kind, kind)
