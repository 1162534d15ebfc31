"""A term in words, for papers at the desk and on the phone."""

from collections.abc import Mapping

from branchnet.calendar.terms import Term
from branchnet.coverage.terms import PointTerm
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


def partly_words(found: PointTerm, labels: Mapping[str, str]) -> list[str]:
    """What the sums leave out, a sentence each: numbers of some months only, by what they are called; days of stays."""
    counted = {label: found.months_counted(name) for name, label in labels.items()}
    said = [_("%(what)s只有 %(count)d 个月数过", what=label, count=count) for label, count in counted.items() if count]
    if found.days_left_out:
        said.append(_("送书期间开放的 %(count)d 天，没有加", count=found.days_left_out))
    return said
