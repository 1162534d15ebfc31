"""What the teacher's pages are filled with."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from branchnet.batches.incoming import Incoming
from branchnet.calendar.rules import bounds, month_of, months_before
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.readings.rules import NUMBERS, month_to_report, months_open
from branchnet.readings.windows import Stay
from branchnet.words import field_words

LISTED = 18
"""Months, and stays, that a list goes back."""
ON_THE_FORM = (*NUMBERS, "days_open", "borrowers", "method", "note", "answer", "word", "visits", "loans", "form")


def latest_months(today: date) -> tuple[str, str]:
    """The first and the last of the months that lists show."""
    last = month_of(today)
    return months_before(last, LISTED), last


def goes_back(point: Point, today: date) -> bool:
    """Whether the point was open before the months that lists show."""
    return point.opened_on is not None and month_of(point.opened_on) < latest_months(today)[0]


def in_words(problems: Mapping[str, str]) -> dict[str, str]:
    """Codes by field as words by field; what has no field of its own stands above the form."""
    found: dict[str, str] = {}
    for name, code in problems.items():
        if name in ON_THE_FORM or name.startswith(("box-", "broken-", "copies")):
            found[name] = _("请至少写一箱的册数。") if code == "nothing_counted" else _field_words(name, code)
        else:
            found["form"] = _("这个页面不完整，没有记下任何东西。请检查后再交一次。")
    return found


def _field_words(name: str, code: str) -> str:
    """What is wrong with a field; with a number, what an empty one of its kind says."""
    if code != "not_a_number":
        return field_words(code)
    if name.startswith("broken-"):
        return _("请填整数；没有破的就空着。")
    if name.startswith("box-"):
        return _("请填整数；没到的箱子空着。")
    return _("请填整数；没到就空着。") if name == "copies" else _("请填整数，没有统计就留空。")


def months(point: Point, states: Mapping[str, str], wanted: str | None = None) -> dict[str, Any]:
    """The point's part of its page that is about months: the one to report, and the others, newest first.

    ``wanted``: the month that the sender of the link meant.
    """
    there = _months_with_state(point, states)
    asked = wanted if wanted in there else month_to_report(there, states)
    questions = [month for month in there if states[month] == "question" and month != asked]
    return {
        "point": {"name": point.name},
        "questions": [_month_row(point, month, states) for month in questions],
        "month": asked,
        "month_state": states.get(asked or ""),
        "month_href": asked and url_for("teacher.report", code=point.code, month=asked),
        "earlier": [_month_row(point, month, states) for month in there if month != asked and month not in questions],
    }


def _month_row(point: Point, month: str, states: Mapping[str, str]) -> dict[str, str]:
    return {
        "month": month,
        "state": states[month],
        "href": url_for("teacher.report", code=point.code, month=month),
    }


def point_row(
    point: Point,
    states: Mapping[str, str],
    coming: Sequence[Incoming],
    owed: Sequence[Stay],
    wanted: str | None = None,
) -> dict[str, Any]:
    """A point in the list of all: its boxes, its month, its stays that nobody has reported."""
    here = url_for("teacher.point", code=point.code)
    mine = [batch for batch in coming if batch.place_id == point.place_id]
    stays = [stay_row(point, one) for one in owed if one.point_id == point.id]
    row = months(point, states, wanted)
    late = [one for one in row.pop("earlier") if one["state"] == "overdue"]
    del row["point"]
    boxes_href = url_for("teacher.receive", code=point.code, number=mine[0].number) if len(mine) == 1 else here
    return {
        "name": point.name,
        "href": here,
        "batches": len(mine),
        "boxes_href": boxes_href,
        "stays": stays,
        "late": late,
        **row,
    }


def stay_row(point: Point, one: Stay) -> dict[str, Any]:
    """A delivery's stay that is over."""
    return {
        "number": one.number,
        "first": one.first_on.isoformat(),
        "last": one.last_on.isoformat(),
        "state": one.state,
        "href": url_for("teacher.stay", code=point.code, number=one.number),
    }


def _months_with_state(point: Point, states: Mapping[str, str]) -> list[str]:
    if not states:
        return []
    open_ones = months_open(point.opened_on, point.closed_on, bounds(max(states))[1])
    return [month for month in open_ones if month in states]
