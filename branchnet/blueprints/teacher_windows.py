"""The windows a teacher reports: a month or a stay, its form, and the receipt for what was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from branchnet.access.acts import Act
from branchnet.access.operations import Outcome
from branchnet.blueprints.teacher_kept import told
from branchnet.blueprints.teacher_tallies import filled, lesson_rows, offered
from branchnet.blueprints.windows import Window, as_of, month_of_point, stay_at_point, stay_words
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.language import _, month_name
from branchnet.models.reading import METHODS
from branchnet.points.queries import Point
from branchnet.readings.commands import Sent, answer
from branchnet.readings.plausible.rules import Doubt
from branchnet.readings.queries import Held
from branchnet.readings.rules import NUMBERS, Report, months_open
from branchnet.readings.schemas import Submission
from branchnet.readings.tallies import lessons
from branchnet.readings.windows import Shown, shown_month, stay
from branchnet.words.plausible import doubt_words, kept_words, method_words

FIELDS = (*NUMBERS, "days_open")


@dataclass(frozen=True, slots=True)
class Asked:
    """A window that a teacher is asked for, and what is known of it."""

    window: Window
    shown: Shown
    time_zone: str


def month_asked(act: Act, point: Point, month: str) -> Asked:
    """A month in which the point was open. Raises NotFound for any other, and for what is no month."""
    if month not in months_open(point.opened_on, point.closed_on, act.today()):
        raise NotFound("month_not_reported", month=month)
    network, shown = act.network, shown_month(point.network_id, point.id, month)
    return Asked(month_of_point(act, point, month, network.locked_through), shown, network.time_zone)


def stay_asked(act: Act, point: Point, number: str) -> Asked:
    """A delivery's stay at the point that is over. Raises NotFound for any other."""
    one = stay(point.network_id, point, number)
    network = act.network
    return Asked(stay_at_point(act, point, one, network.locked_through), one.shown, network.time_zone)


def keep(act: Act, asked: Asked, sent: Submission, how: Sent) -> Outcome:
    """Keep what was sent: the answer to a question, the numbers, or both. The outcome names the receipt.

    Raises Invalid naming "answer" where a question is open and nothing says anything to it; what the commands raise.
    """
    holds = asked.shown.holds
    same = holds is not None and _says_the_same(sent.report, holds)
    if sent.answer is not None:
        if holds is None:
            raise Conflict("not_asked")
        answer(act, holds.reading_id, sent.answer)
        if same:
            return {"receipt": holds.receipt, "revision": holds.number, "held": None}
    elif holds is not None and holds.question and same and asked.shown.waits is None:
        raise Invalid(fields={"answer": "answer_needed"})
    return told(asked.window.submit(act, sent.report, how))


def _says_the_same(report: Report, holds: Held) -> bool:
    """Whether nothing was changed. A form of numbers cannot say *not open*: left empty, it says nothing else."""
    return replace(report, not_open=holds.not_open) == holds.report


def reading_page(
    asked: Asked,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    doubts: Sequence[Doubt] = (),
    fill: bool = False,
    asks: str = "report",
) -> str:
    """The form: with what holds now, or with what was typed and what is wrong or not plausible about it.

    ``asks``: which button is to be pressed again, ``report`` or ``not_open``. ``fill``: where it is empty, with what
    the lessons noted in the window add up to.
    """
    window, shown = asked.window, asked.shown
    code = window.point.code
    noted = lessons(window.point.network_id, window.point.id, window.first, window.last)
    # What was sent last, also where it waits: changed from what holds, the next one would take it back unseen.
    latest = shown.waits or shown.holds
    values = _numbers(latest) if typed is None else typed
    values = filled(noted, values) if fill else values
    based_on = str(latest.number) if latest else ""
    return render_template(
        "teacher/reading.html",
        point={"name": window.point.name, "open_to_community": window.point.open_to_community},
        title=window.title,
        window_kind=window.kind,
        back_href=url_for("teacher.point", code=code),
        values=values,
        lessons=lesson_rows(window.point, noted),
        offered=offered(noted, values),
        filled=fill and bool(noted),
        errors=errors or {},
        last=_numbers(shown.before) if shown.before else None,
        based_on=based_on if typed is None else typed.get("based_on", based_on),
        state=_form_state(asked),
        waits=waits_words(shown.waits, asked.time_zone) if shown.waits else None,
        question=shown.holds.question if shown.holds and not shown.waits else None,
        doubts=[doubt_words(doubt) for doubt in doubts],
        asks=asks if doubts else "",
        doubted={doubt.about: doubt_words(doubt, named=False) for doubt in doubts if doubt.about},
        methods=[(method, method_words(method)) for method in METHODS],
        op_ids={"report": str(uuid4()), "not_open": str(uuid4())},
    )


def waits_words(held: Held, time_zone: str) -> str:
    """When what waits for staff was sent; what the form shows is its numbers."""
    at = f"{held.submitted_at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"
    if held.not_open:
        return _("%(at)s 报的是没有开放，还等馆里看。再改也先交给馆里。", at=at)
    return _("下面是 %(at)s 报的，还等馆里看。再改就在这些数上改，也先交给馆里。", at=at)


def receipt_page(act: Act, point: Point, kept: Held) -> str:
    """What was kept, as it was kept: empty is not counted, 0 is none, and not open is neither."""
    point = as_of(point, kept.last_on)
    arrived = kept.submitted_at.astimezone(ZoneInfo(act.network.time_zone))
    if kept.batch_number is None:
        about = month_name(str(kept.month))
        change = url_for("teacher.report", code=point.code, month=kept.month)
    else:
        about = stay_words(kept.batch_number, kept.first_on, kept.last_on)
        change = url_for("teacher.stay", code=point.code, number=kept.batch_number)
    return render_template(
        "teacher/receipt.html",
        receipt={"number": kept.receipt, "at": f"{arrived:%Y-%m-%d %H:%M}"},
        held=kept.outcome == "held" and kept.review is None,
        applied=kept.review == "applied",
        set_aside=kept.words if kept.review == "set_aside" else None,
        answered=kept.words if kept.review == "answered" else None,
        not_open=kept.not_open,
        about=_("%(point)s，%(window)s", point=point.name, window=about),
        lines=[] if kept.not_open else _lines(point, kept),
        question=None if kept.behind else kept.question,
        # Once staff have asked, or looked at it, nothing is to be expected of it any more.
        warnings=[kept_words(key) for key in kept.warnings or ()] if kept.review is None else [],
        back_href=url_for("teacher.point", code=point.code),
        change_href=change,
    )


def _form_state(asked: Asked) -> str:
    shown = asked.shown
    if shown.waits is not None:
        return "held"
    if asked.window.locked:
        return "locked"
    if shown.holds is None:
        return "due"
    if shown.holds.question:
        return "question"
    return "not_open" if shown.holds.not_open else "received"


def _numbers(held: Held | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {name: getattr(held, name) for name in (*FIELDS, "borrowers", "method", "note")}


def _lines(point: Point, kept: Held) -> list[dict[str, Any]]:
    named = [
        (_("校内来看书"), kept.in_school_visits, _("人次")),
        (_("校内借出去"), kept.in_school_loans, _("册次")),
        (_("校外来看书"), kept.community_visits, _("人次")),
        (_("校外借出去"), kept.community_loans, _("册次")),
        (_("开放了几天"), kept.days_open, _("天")),
    ]
    asked = named if point.open_to_community else [named[0], named[1], named[4]]
    if kept.borrowers is not None:
        asked.append((_("借书的人"), kept.borrowers, _("人")))
    return [{"label": label, "value": value, "unit": unit} for label, value, unit in asked]
