"""A term's use in the words of its paper, for the page that is printed and for Word."""

from collections.abc import Iterable
from dataclasses import asdict

from branchnet.blueprints.staff.entered_words import number_words
from branchnet.blueprints.staff.reading_words import told as told_words
from branchnet.blueprints.term_words import partly_words, state_words, term_words
from branchnet.coverage.term_word import TermPaper
from branchnet.coverage.terms import PointTerm
from branchnet.language import _, month_name
from branchnet.readings.earlier import KINDS
from branchnet.readings.queries import Held, months_within


def term_paper(one: PointTerm, library: str, *, running: bool) -> TermPaper:
    """The paper of a point; ``running``: the term is not over, and its books are those of today."""
    words = number_words()
    within = months_within(held for held in [*one.whole, *one.beside] if held.window_kind in KINDS)
    monthly = [
        (month_name(month), _numbers(held, "whole" if (one.point.id, month) in within else state))
        for month, state, held in one.months
    ]
    whole = [
        (_("%(first)s 到 %(last)s", first=held.first_on, last=held.last_on), _numbers(held, "")) for held in one.whole
    ]
    beside = [
        (_("%(first)s 到 %(last)s", first=held.first_on, last=held.last_on), _beside(held)) for held in one.beside
    ]
    partly = partly_words(one, words)
    return TermPaper(
        library=library,
        code=one.point.code,
        point=one.point.name,
        term=term_words(one.term),
        heads=[_("月份"), *(label + _unit(name) for name, label in words.items())],
        rows=[*monthly, *whole, *beside],
        sums=_told(one.sums[name] for name in words),
        books=[*([(_("合计"), _("；").join(partly))] if partly else []), *_books(one, running=running)],
    )


def _numbers(held: Held | None, state: str) -> list[str] | str:
    if held is None:
        return state_words(state)
    return _("没有开放") if held.not_open else _told(getattr(held, name) for name in number_words())


def _beside(held: Held) -> str:
    return _("和别的学期一起报的，不在合计里：%(numbers)s", numbers=told_words(asdict(held)))


def _told(numbers: Iterable[int | None]) -> list[str]:
    return ["" if number is None else f"{number:,}" for number in numbers]


def _unit(name: str) -> str:
    if name == "days_open":
        return _("（天）")
    return _("（人次）") if "visits" in name else _("（册次）")


def _books(one: PointTerm, *, running: bool) -> list[tuple[str, str]]:
    def copies(number: int) -> str:
        return _("%(copies)s 册", copies=f"{number:,}")

    about = "" if one.books.quality == "exact" else _("（约数）")
    return [
        (_("这学期送到的书"), copies(one.books.came)),
        (_("这学期取走的书"), copies(one.books.left)),
        (_("现在在点上的书") if running else _("学期末在点上的书"), copies(one.books.on_site) + about),
    ]
