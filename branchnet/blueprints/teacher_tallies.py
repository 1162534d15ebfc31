"""What a teacher's pages tell of the lessons that were noted."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask import url_for
from flask_babel import ngettext

from branchnet.language import _, day_name
from branchnet.points.queries import Point
from branchnet.readings.rules import COMMUNITY, IN_SCHOOL, SCHOOL_HOSTS
from branchnet.readings.tallies import Lesson, added_up


def fields_of(point: Point) -> tuple[str, str]:
    """Which two numbers a lesson at a point has: those of its neighbours where it is in no school."""
    return COMMUNITY if point.open_to_community and point.host not in SCHOOL_HOSTS else IN_SCHOOL


def lesson_words(numbers: Mapping[str, int | None]) -> str:
    """Visits and loans, where they were counted."""
    parts = [
        _("%(count)s 册次", count=f"{value:,}") if name.endswith("loans") else _("%(count)s 人次", count=f"{value:,}")
        for name, value in numbers.items()
        if value is not None
    ]
    return _("，").join(parts)


def lesson_rows(point: Point, rows: Sequence[Lesson]) -> list[dict[str, Any]]:
    """Lessons, the newest first, each with the way to take it back."""
    return [
        {
            "on": day_name(one.happened_on, one.happened_on),
            "said": lesson_words({name: getattr(one, name) for name in (*IN_SCHOOL, *COMMUNITY)}),
            "href": url_for("teacher.lesson_mistake", code=point.code, tally_id=one.id),
            "op_id": str(uuid4()),
        }
        for one in reversed(rows)
    ]


def filled(rows: Sequence[Lesson], values: Mapping[str, Any]) -> dict[str, Any]:
    """A form's values, with the sums of the lessons where it is empty."""
    given = {name: value for name, value in values.items() if value is not None}
    return {**values, **added_up(rows), **given}


def offered(rows: Sequence[Lesson], values: Mapping[str, Any]) -> str | None:
    """What the lessons of a window would fill in, in words; none where they fill nothing that is empty."""
    sums = added_up(rows)
    if not any(values.get(name) in (None, "") for name in sums):
        return None
    count = str(ngettext("%(num)d 节课", "%(num)d 节课", len(rows)))
    return _("按记的课填：%(sums)s（%(count)s）", sums=lesson_words(sums), count=count)
