"""What a teacher's point page tells of deliveries that stand there and of wishes."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import url_for

from branchnet.batches.queries import Answered, Staying, WishRow, staying_at, wishes_since
from branchnet.batches.staying import to_tell
from branchnet.language import _, day_name
from branchnet.points.queries import Point

WISHES_DAYS = 90
"""For how many days a point's page tells what became of a wish."""


def staying_rows(point: Point, today: date, notice_days: int) -> list[dict[str, Any]]:
    """The deliveries that stand at a point."""
    return [staying_row(point, one, today, notice_days) for one in staying_at(point.network_id, point.place_id)]


def staying_row(point: Point, one: Staying, today: date, notice_days: int) -> dict[str, Any]:
    """A delivery that stands at a point; whether the teacher is asked about its fetching, and what they said last."""
    said, due = one.answered, one.due_on
    asked = due is not None and (one.announced_on is not None or said is not None or to_tell(due, today, notice_days))
    return {
        "number": one.number,
        "copies": one.copies,
        "due": day_name(due, today) if due else None,
        "asked": asked,
        "ready": said is not None and said.answer == "ready",
        "said": said and answer_words(said, today),
        "decided": said is not None and said.accepted is not None,
        "accepted": said is not None and bool(said.accepted),
        "reply": said and said.reply,
        "href": url_for("teacher.fetch", code=point.code, number=one.number),
        "op_id": str(uuid4()),
    }


def answer_words(said: Answered, today: date) -> str:
    """What somebody answered, in one line."""
    if said.wanted_on is None:
        return _("准备好了")
    day = day_name(said.wanted_on, today)
    return _("想改到%(day)s", day=day) if said.answer == "another_day" else _("想留到%(day)s", day=day)


def wish_rows(point: Point, today: date) -> list[dict[str, Any]]:
    """The wishes of a point, as rows: open ones lead to where they can be said otherwise."""
    rows = wishes_since(point.network_id, point.id, today - timedelta(days=WISHES_DAYS))
    return [
        {
            "said": wish_words(one),
            "note": one.note,
            "href": None if one.closed_on else url_for("teacher.edit_wish", code=point.code, wish_id=one.id),
            "batch": one.batch,
        }
        for one in rows
    ]


def wish_words(one: WishRow) -> str:
    """A wish in one line: age, kind, number."""
    number = _("%(count)s 册", count=f"{one.number:,}") if one.number else None
    return _("，").join(part for part in (one.age, one.kind, number) if part) or _("见留言")
