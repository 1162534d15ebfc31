"""How readings are called at the desk: their states in one word, their warnings, channels and reasons."""

from collections.abc import Mapping
from typing import Any

from flask_babel import pgettext

from branchnet.language import _, month_name
from branchnet.readings.rules import COMMUNITY
from branchnet.words.plausible import number_words

STATES = (
    "received",
    "warned",
    "held",
    "answered",
    "question",
    "not_open",
    "due",
    "overdue",
    "not_due",
    "whole",
)


def cell_words(state: str) -> tuple[str, str]:
    """A window's state in a word that fits a cell, and its shape."""
    words = {
        "received": (pgettext("reading", "已报"), "done"),
        "warned": (pgettext("reading", "要看"), "look"),
        "held": (pgettext("reading", "待处理"), "half"),
        "answered": (pgettext("reading", "回了话"), "full"),
        "question": (pgettext("reading", "问了"), "way"),
        "not_open": (pgettext("reading", "没开放"), "dash"),
        "due": (pgettext("reading", "未报"), "ring"),
        "overdue": (pgettext("reading", "过期"), "look"),
        "not_due": (pgettext("reading", "不用报"), "dash"),
        "whole": (pgettext("reading", "整段报了"), "done"),
    }
    return words[state]


def state_explained(state: str) -> str:
    """The same at length, for the legend."""
    words = {
        "received": _("报了，没有要看的"),
        "warned": _("报了，但数有点奇怪，还没有人看过"),
        "held": _("收下了，还没有算进去，等馆里处理"),
        "answered": _("馆里问过，老师回了话"),
        "question": _("馆里问了，等老师回话"),
        "not_open": _("老师报的是没有开放"),
        "due": _("这个月还没有过完，还没报"),
        "overdue": _("月份过完了，还没报"),
        "not_due": _("开放的日子太少，或放假，不用报"),
        "whole": _("和别的月一起，作为以前的一个学期或一年报的"),
    }
    return words[state]


def window_words(month: str | None, batch_number: str | None) -> str:
    """A month by its name, a stay by its delivery."""
    if batch_number is not None:
        return _("送书 %(number)s", number=batch_number)
    return month_name(str(month)) if month else "—"


def channel_words(channel: str) -> str:
    """By which way a report came."""
    words = {"link": _("老师自己报的"), "staff": _("馆里代填"), "import": _("馆里整批读入"), "demo": _("示例")}
    return words.get(channel, channel)


def held_words(reason: str | None) -> str:
    """Why a report was not applied."""
    words = {
        "stale": _("老师填的时候，看到的不是最新的数"),
        "locked": _("那个月已经封账"),
        "revoked_link": _("用的是已经停用的链接"),
        "overlap": _("和别的期间重叠"),
    }
    return words.get(reason or "", reason or "")


def review_words(kind: str) -> str:
    """A word of the conversation, by what it does."""
    words = {
        "accepted": _("馆里看过，没有问题"),
        "sent_back": _("馆里问"),
        "answered": _("老师答"),
        "applied": _("馆里用上了这一份"),
        "set_aside": _("馆里没有用这一份"),
    }
    return words.get(kind, kind)


UNITS = {
    "in_school_visits": "人次",
    "in_school_loans": "册次",
    "community_visits": "人次",
    "community_loans": "册次",
    "days_open": "天",
    "borrowers": "人",
}


def number_labels(community: bool) -> list[tuple[str, str, str]]:
    """The numbers of a report: field, label and unit; those of the neighbours where the point is open to them."""
    return [(name, number_words(name), _(unit)) for name, unit in UNITS.items() if community or name not in COMMUNITY]


def told(report: Mapping[str, Any]) -> str:
    """A report in one line: what it has numbers for; empty is not counted, 0 is none."""
    if report.get("not_open"):
        return _("没有开放")
    parts = [
        f"{label} {report[name]:,} {unit}" for name, label, unit in number_labels(True) if report.get(name) is not None
    ]
    return _("，").join(parts) or _("都没有数")
