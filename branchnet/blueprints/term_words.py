"""A term in words, for papers at the desk and on the phone."""

from branchnet.calendar.terms import Term
from branchnet.language import _, month_name


def term_words(term: Term) -> str:
    """What the calendar calls it, or its months."""
    first, last = month_name(term.months[0]), month_name(term.months[-1])
    return term.name or _("%(first)s到%(last)s", first=first, last=last)


def state_words(state: str) -> str:
    """Why a month has no numbers, on paper; nothing of one that lies ahead."""
    words = {
        "not_open": _("没有开放"),
        "held": _("馆里还没看"),
        "due": _("还没报"),
        "overdue": _("没有报"),
        "not_due": _("不用报"),
        "whole": _("和别的月一起报的，见下面"),
    }
    return words.get(state, "")
