"""Words in the reader's language. Chinese is the text itself; English comes from the catalogue."""

from datetime import date
from functools import reduce

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext, ngettext, pgettext

from branchnet.fields import typed_pattern


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with its values put in."""
    return str(gettext(text, **values))


def month_name(month: str) -> str:
    """A month, "2026-03", as its name and year: 2026年3月, March 2026."""
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale=get_locale() or "zh"))


def day_name(day: date, today: date | None = None) -> str:
    """A day as people say it: 3月5日, March 5; with its year where that is not today's, and always on papers."""
    skeleton = "MMMMd" if today is not None and day.year == today.year else "yMMMMd"
    return str(format_skeleton(skeleton, day, locale=get_locale() or "zh"))


def unit_of(count: int, unit: str) -> str:
    """A unit, already in the reader's language, as it stands after this count: one copy, two copies."""
    return _singulars().get(unit, unit) if count == 1 else unit


def days_long(count: int) -> str:
    """So many days."""
    return str(ngettext("%(num)d 天", "%(num)d 天", count))


def one_after_another(sentences: list[str]) -> str:
    """Sentences as a text: Chinese has no space between them."""
    return reduce(lambda said, more: _("%(said)s%(more)s", said=said, more=more), sentences)


def _singulars() -> dict[str, str]:
    """Every unit that pages count in, with the form it has after one. In Chinese they are the same."""
    return {
        _("册"): pgettext("one", "册"),
        _("册次"): pgettext("one", "册次"),
        _("人次"): pgettext("one", "人次"),
        _("人"): pgettext("one", "人"),
        _("名"): pgettext("one", "名"),
        _("种"): pgettext("one", "种"),
        _("箱"): pgettext("one", "箱"),
        _("批"): pgettext("one", "批"),
        _("个"): pgettext("one", "个"),
        _("天"): pgettext("one", "天"),
        _("次"): pgettext("one", "次"),
        _("辆"): pgettext("one", "辆"),
        pgettext("answers", "条"): pgettext("one answer", "条"),
        pgettext("wishes", "个"): pgettext("one wish", "个"),
        _("张"): pgettext("one", "张"),
        pgettext("differences", "条"): pgettext("one difference", "条"),
        pgettext("places", "处"): pgettext("one place", "处"),
        pgettext("stocktakes", "次"): pgettext("one stocktake", "次"),
    }


IN_TEMPLATES = {
    "day_name": day_name,
    "month_name": month_name,
    "unit_of": unit_of,
    "days_long": days_long,
    "typed_pattern": typed_pattern,
}
"""What templates call by these names, beside gettext."""
