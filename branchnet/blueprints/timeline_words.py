"""A point's life in words: what happened, what was said with it, where its page is; and the same as marks on lanes."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from branchnet.blueprints.staff.point_words import life_note, life_words
from branchnet.blueprints.staff.words import difference_words, ending_words
from branchnet.coverage.rules.lanes import Line, open_runs
from branchnet.coverage.timeline import LANES, Happening
from branchnet.coverage.words import batch_kinds
from branchnet.language import _
from branchnet.points.queries import Point

WIDTH = 860
"""Units that the line is long."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the list: the day, what it was about, what happened, what more there is to say, its page."""

    on: date
    lane: str
    what: str
    detail: str
    href: str | None
    state: str | None = None
    """Of a month: a word of `ui.reading_status`, which has a shape."""


@dataclass(frozen=True, slots=True)
class Mark:
    """On the drawing: where it lies, how long it is (0: a moment), its form, and what it says."""

    x: float
    width: float
    form: str
    said: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the drawing."""

    label: str
    marks: list[Mark]


def lane_words() -> dict[str, str]:
    """What the lanes are called."""
    return {
        "life": _("这个点"),
        "in": _("书来"),
        "out": _("书去"),
        "stocktake": _("盘点"),
        "reading": _("月报"),
        "difference": _("差异"),
    }


def told(one: Happening, code: str, network: str) -> Told:
    """One happening as a line of the list."""
    what, detail, href = {
        "life": _life,
        "in": _batch,
        "out": _batch,
        "stocktake": _stocktake,
        "reading": _reading,
        "difference": _difference,
    }[one.lane](one, code, network)
    state = one.what if one.lane == "reading" and one.month else None
    return Told(one.on, lane_words()[one.lane], what, detail, href, state)


def drawing(point: Point, found: list[Happening], today: date) -> tuple[Line, list[Lane]]:
    """The whole life as lanes over one line of time. ``found``: the newest first."""
    begun = found[-1].on if found else today
    line = Line(min(begun, point.opened_on or begun), max(today, found[0].on if found else today), WIDTH)
    words = lane_words()
    lanes = [Lane(_("开放"), [Mark(x, long, "bar", _("开放")) for x, long in _open(line, point)])]
    lanes += [Lane(words[name], [_mark(line, one) for one in reversed(found) if one.lane == name]) for name in LANES]
    return line, lanes


def _open(line: Line, point: Point) -> list[tuple[float, float]]:
    return open_runs(line, point.opened_on, point.closed_on, point.pauses)


_FORMS = {"life": "diamond", "in": "down", "out": "up", "stocktake": "square", "difference": "span"}
_READING_FORMS = {"overdue": "hollow", "not_open": "dash", "held": "hollow", "question": "hollow"}


def _mark(line: Line, one: Happening) -> Mark:
    said = told(one, "-", "-")
    words = f"{one.on} {said.what} {said.detail}".strip()
    if one.lane == "difference":
        x, long = line.span(one.on, one.until)
        return Mark(x, long, "span", words)
    form = _READING_FORMS.get(one.what, "tick") if one.lane == "reading" else _FORMS[one.lane]
    return Mark(line.at(one.on), 0, form, words)


def _life(one: Happening, _code: str, _network: str) -> tuple[str, str, str | None]:
    what = _("揭牌") if one.what == "unveiled" else life_words(one.what)
    return what, life_note(one.what, one.note), None


def _batch(one: Happening, _code: str, network: str) -> tuple[str, str, str | None]:
    words = {"received": _("签收"), "dispatched": _("发出"), "collected": _("收回")}
    other = one.other or (_("馆外") if one.kind in ("opening", "accession", "withdrawal") else _("总馆"))
    away = one.lane == "out"
    where = _("到%(place)s去", place=other) if away else _("从%(place)s来", place=other)
    what = _(
        "%(kind)s %(number)s %(step)s", kind=batch_kinds()[one.kind or ""], number=one.number, step=words[one.what]
    )
    href = url_for("staff.batch_page", number=one.number, network=network)
    said = _("%(where)s，%(copies)s 册", where=where, copies=f"{one.copies or 0:,}")
    return what, _("%(said)s，收回送书 %(numbers)s", said=said, numbers=one.note) if one.note else said, href


def _stocktake(one: Happening, _code: str, network: str) -> tuple[str, str, str | None]:
    words = {"counting": _("盘点开始，还没完"), "closed": _("盘点完了"), "cancelled": _("盘点取消了")}
    return words[one.what], one.number or "", url_for("staff.stocktake", number=one.number, network=network)


def _reading(one: Happening, code: str, network: str) -> tuple[str, str, str | None]:
    if one.month is not None:
        href = url_for("staff.month_reading", code=code, month=one.month, network=network)
        return _("%(month)s 的月报", month=one.month), "", href
    if one.what == "stay":
        href = url_for("staff.stay_reading", code=code, number=one.number, network=network)
        return _("送书期间的数报了"), one.number or "", href
    return _("一学期的数报了") if one.what == "term" else _("一年的数报了"), "", None


def _difference(one: Happening, _code: str, network: str) -> tuple[str, str, str | None]:
    what = _("%(difference)s %(copies)s 册", difference=difference_words(one.what), copies=f"{one.copies or 0:,}")
    if one.until is None:
        ended = _("还没结")
    else:
        ended = _("%(day)s 结：%(how)s", day=one.until, how=ending_words(one.ended or ""))
    return what, ended, url_for("staff.case", case_id=one.id, network=network)
