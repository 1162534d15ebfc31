"""The text of a WeChat group (微信群接龙) as readings: looked at line by line, then entered on behalf of the points."""

from dataclasses import asdict
from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.entered_words import doubt_words, number_words, outcome_told, report_words
from branchnet.blueprints.staff.matching import names_apart
from branchnet.blueprints.staff.root import blueprint
from branchnet.calendar.rules import month_of, previous_month
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import month_name
from branchnet.points.queries import Point
from branchnet.readings.commands import Entered, enter_many
from branchnet.readings.pasted.looking import Matched, Pasted, look_at
from branchnet.readings.pasted.schema import PasteForm
from branchnet.words.plausible import doubt_words as doubt_said

CHOSEN_FREELY = 30
"""Lines without a candidate that offer every point: the others are mended in the text."""
Answer = str | tuple[str, int]


@blueprint.get("/readings/paste")
@require("reading.write")
def paste() -> str:
    """A month and an empty field for the text."""
    return _page(Refusal(), None)


@blueprint.post("/readings/paste")
@require("reading.write")
def pasted() -> Answer:
    """Look at a text, or (``step=save``) enter the lines of which the point is chosen."""
    found = None
    try:
        sent = read(PasteForm(), request.form)
        found = look_at(staff().act, sent["month"], sent["text"])
        if request.form.get("step") == "save":
            return _save(found)
    except BranchNetError as error:
        refusal = refused(error, "paste")
        return _page(refusal, found), refusal.status
    return _page(Refusal("paste", sent=dict(request.form.items())), found)


def _save(found: Pasted) -> str:
    chosen = [(one, *picked) for one in found.lines if (picked := _chosen(found, one)) is not None]
    if not chosen:
        raise Invalid("nothing_to_enter")
    rows = [Entered(point.id, found.month, found.report_of(one.line, point), seen) for one, point, seen in chosen]
    # What was sent, not what it comes to: sent again it is the same, whatever has been reported there since.
    said = [[point.id, seen, asdict(one.line.report)] for one, point, seen in chosen]
    body = {"month": found.month, "rows": said}
    act = staff().act
    kept = perform(act, op_id(), "enter_pasted", body, lambda: {"rows": enter_many(act, rows)})["rows"]
    apart, taken = names_apart(found.points), {one.line.number for one, _point, _seen in chosen}
    return render_template(
        "staff/readings/entered.html",
        month=found.month,
        left=[one.line.text for one in found.lines if one.line.number not in taken],
        rows=[
            (apart[point.code], month_name(found.month), report_words(row.report), outcome_told(outcome), outcome)
            for (_one, point, _seen), row, outcome in zip(chosen, rows, kept, strict=True)
        ],
        saved=sum("receipt" in outcome for outcome in kept),
        again=url_for("staff.paste"),
    )


def _chosen(found: Pasted, one: Matched) -> tuple[Point, int | None] | None:
    """The point that is chosen for a line, and the revision that was shown with it; None: the line is left out."""
    code, _colon, seen = request.form.get(f"line-{one.line.number}", "").partition(":")
    if not code or not _can_be_entered(one):
        return None
    for point in found.points:
        if point.code == code:
            return point, int(seen) if seen.isdecimal() and seen.isascii() else None
    return None


def _can_be_entered(one: Matched) -> bool:
    return one.line.problem in (None, "point_twice")


def _page(refusal: Refusal, found: Pasted | None) -> str:
    month = refusal.typed("paste", "month", previous_month(month_of(staff().act.today())))
    return render_template(
        "staff/readings/paste.html",
        month=month,
        latest=month_of(staff().act.today()),
        refusal=refusal,
        labels=number_words(),
        lines=_lines(found) if found else [],
        language_next=url_for("staff.paste"),
    )


def _lines(found: Pasted) -> list[dict[str, Any]]:
    apart, freely = names_apart(found.points), CHOSEN_FREELY
    rows = []
    for one in found.lines:
        offered = list(one.candidates)
        if not offered and _can_be_entered(one) and freely:
            freely, offered = freely - 1, list(found.points)
        rows.append(
            {
                "line": one.line,
                "report": found.report_of(one.line, one.candidates[0])
                if len(one.candidates) == 1 and _can_be_entered(one)
                else one.line.report,
                "unusual": [doubt_said(doubt) for doubt in found.doubts_of(one.line, one.candidates[0])]
                if one.sure
                else [],
                "sure": one.sure,
                "several": len(one.candidates) > 1,
                "doubt": doubt_words(one.line.problem) if one.line.problem else "",
                "choices": [(_value(found, point), _offer(found, point, apart)) for point in offered]
                if _can_be_entered(one)
                else [],
                "chosen": request.form.get(
                    f"line-{one.line.number}", _value(found, one.candidates[0]) if one.sure else ""
                ),
                "named": [apart[point.code] for point in one.candidates[:1]] if len(one.candidates) == 1 else [],
                "there": _there(found, one.candidates[0]) if len(one.candidates) == 1 else "",
            }
        )
    return rows


def _value(found: Pasted, point: Point) -> str:
    seen = found.seen(point)
    return f"{point.code}:{'' if seen is None else seen}"


def _offer(found: Pasted, point: Point, apart: dict[str, str]) -> str:
    there = _there(found, point)
    return f"{apart[point.code]} · {there}" if there else apart[point.code]


def _there(found: Pasted, point: Point) -> str:
    held = found.holds.get(point.id)
    return report_words(held) if held else ""
