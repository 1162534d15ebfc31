"""The six figures of the director's page in words: each with its unit, its change and where its records are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import pgettext

from branchnet.coverage.overview import Overview
from branchnet.coverage.rules.periods import Change, Period, change, percent
from branchnet.language import _, month_name


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit. ``value``: None is not known, a text stands in its place; ``of``: the M of N."""

    label: str
    value: int | str | None
    unit: str
    href: str
    of: int | None = None
    quality: str = "exact"
    notes: Sequence[str] = field(default=())


def figures(page: Overview, named: Mapping[str, Any], only: int | None = None) -> list[Figure]:
    """The six, of all networks or of one. ``named``: the parts of an address that say which and when."""
    return [
        _copies(page, named, only),
        _batches(page, named, only),
        _read(page, named, "visits", only),
        _read(page, named, "loans", only),
        _operating(page, only),
        _completeness(page, named, only),
    ]


def period_words(chosen: Period) -> str:
    """The months of a period: one by its name, several by the first and the last."""
    if chosen.first == chosen.last:
        return month_name(chosen.first)
    return _("%(first)s 至 %(last)s", first=month_name(chosen.first), last=month_name(chosen.last))


def shortcut_words(name: str) -> str:
    """What a shortcut to a period is called."""
    words = {
        "month": _("本月"),
        "quarter": _("上季"),
        "half": _("上半年"),
        "year": _("今年"),
        "last_year": _("去年"),
    }
    return words[name]


def _copies(page: Overview, named: Mapping[str, Any], only: int | None) -> Figure:
    now, before = page.stock(page.period.last, only), page.stock(page.period.before.last, only)
    said = _changed(change(now.copies, before.copies), _("册"), month_name(page.period.before.last))
    known = _no_ledger(page, now.copies, only)
    return Figure(_("服务点上的书"), known, _("册"), _records(named, "copies"), quality=now.quality, notes=[said])


def _no_ledger(page: Overview, number: int | None, only: int | None) -> int | str | None:
    """A number of books; before the ledger began, that there was none."""
    return _("还没有书账") if number is None and page.before_ledger(page.period.last, only) else number


def _batches(page: Overview, named: Mapping[str, Any], only: int | None) -> Figure:
    now = page.summed(page.period.months, only)
    stood = [] if now is None or now.batches is None else [_("在架 %(number)s 册·月", number=f"{now.book_months:,.0f}")]
    return Figure(
        _("收到的批次"),
        _no_ledger(page, None if now is None else now.batches, only),
        _("批"),
        _records(named, "batches"),
        notes=[_compared(page, "batches", _("批"), only), *stood],
    )


def _read(page: Overview, named: Mapping[str, Any], what: str, only: int | None) -> Figure:
    now = page.summed(page.period.months, only)
    number: int | None = getattr(now, what, None)
    label, unit = (_("阅览"), _("人次")) if what == "visits" else (_("外借"), _("册次"))
    return Figure(
        label,
        _("没有数") if number is None else number,
        unit,
        _records(named, what),
        quality="estimated" if number is not None and page.rough(page.period.months, only) else "exact",
        notes=[_compared(page, what, unit, only)],
    )


def _operating(page: Overview, only: int | None) -> Figure:
    """Points that were open and reported in the last month that is over and was owed by some: of one month alone, where
    *in operation* (see coverage.rules.operation) asks for every month of the year.
    """
    label, unit = _("开着也报了的服务点"), _("个")
    month = next((one for one in reversed(page.period.over) if page.owed([one], only).open_and_owed), None)
    if month is None:
        return Figure(label, _("没有该报的月份"), unit, _rates(page.period.last))
    now, before = page.owed([month], only), page.owed([_year_before(month)], only)
    rest = page.open_points(month, only) - now.open_and_owed
    notes = [_("%(month)s：开放、该报、报了", month=month_name(month))]
    if before.open_and_owed:
        notes.append(_("去年同月 %(n)s / %(of)s 个", n=f"{before.operating:,}", of=f"{before.open_and_owed:,}"))
    if rest:
        notes.append(_("另有 %(n)s 个开放，这个月不用报", n=f"{rest:,}"))
    return Figure(label, now.operating, unit, _rates(month), of=now.open_and_owed, notes=notes)


def _completeness(page: Overview, named: Mapping[str, Any], only: int | None) -> Figure:
    label, href = _("月报上报率"), url_for("staff.readings", network=named["network"], year=page.period.last[:4])
    now = page.owed(page.period.over, only)
    if not now.owed:
        return Figure(label, _("没有该报的月份"), "%", href)
    before = page.owed([_year_before(month) for month in page.period.over], only)
    rate = percent(now.reported, now.owed)
    notes = [_("该报 %(owed)s 份，报了 %(reported)s 份", owed=f"{now.owed:,}", reported=f"{now.reported:,}")]
    if before.owed:
        notes.append(_("去年同期 %(percent)d%%", percent=percent(before.reported, before.owed)))
    return Figure(label, rate, "%", href, notes=notes)


def _compared(page: Overview, what: str, unit: str, only: int | None) -> str:
    """How the months that are over compare with the same ones a year before."""
    over = page.period.over
    if not over:
        return _("本月还没过完，不比")
    earlier, when = [_year_before(month) for month in over], pgettext("than", "去年同期")
    known, known_then = page.months_known(what, over, only), page.months_known(what, earlier, only)
    if known_then and known != known_then:
        return _("这段有 %(now)s 个月有数，去年同期 %(before)s 个月，不比", now=known, before=known_then)
    now, before = page.summed(over, only), page.summed(earlier, only)
    found = change(getattr(now, what, None), getattr(before, what, None))
    said = _changed(found, unit, when)
    if page.period.runs and found is not None:
        return _("到 %(month)s为止：%(said)s", month=month_name(over[-1]), said=said)
    return said


def _changed(found: Change | None, unit: str, when: str) -> str:
    if found is None:
        return _("%(when)s没有数，不比", when=when)
    if found.more == 0:
        return _("和%(when)s一样", when=when)
    share = "" if found.percent is None else f" ({found.percent:+d}%)"
    number = f"{abs(found.more):,}"
    if found.more > 0:
        return _("比%(when)s多 %(number)s %(unit)s%(share)s", when=when, number=number, unit=unit, share=share)
    return _("比%(when)s少 %(number)s %(unit)s%(share)s", when=when, number=number, unit=unit, share=share)


def _year_before(month: str) -> str:
    return Period(month, month, month).before.first


def _records(named: Mapping[str, Any], sort: str) -> str:
    return url_for("manager.records_page", sort=sort, **named)


def _rates(month: str) -> str:
    return url_for("staff.rates", month=month)
