"""Before a delivery is fetched: when its point is told, and what a teacher may answer. Pure."""

from datetime import date, timedelta

from branchnet.access.personal import note_problem

ANSWERS = ("ready", "another_day", "longer")
LONGER_DAYS = 30
"""A point that would keep the books longer is offered so many days more."""
FARTHEST_DAYS = 366


def to_tell(due_on: date, today: date, notice_days: int) -> bool:
    """Whether a point is to be told that its books will be fetched: so many days before they are due, and after."""
    return due_on - timedelta(days=notice_days) <= today


def longer_until(due_on: date, today: date) -> date:
    """The day that is offered to whoever would keep the books; from today on where even that day is past."""
    offered = due_on + timedelta(days=LONGER_DAYS)
    return offered if offered > today else today + timedelta(days=LONGER_DAYS)


def answer_problems(answer: str, wanted_on: date | None, due_on: date | None, today: date, note: str) -> dict[str, str]:
    """By field why an answer cannot be kept. Another day lies ahead; longer is longer than was agreed."""
    found = {}
    if answer not in ANSWERS:
        found["answer"] = "kind"
    elif answer != "ready":
        if wanted_on is None:
            found["wanted_on"] = "required"
        elif wanted_on < today:
            found["wanted_on"] = "day_past"
        elif wanted_on > today + timedelta(days=FARTHEST_DAYS):
            found["wanted_on"] = "day_far"
        elif answer == "longer" and due_on is not None and wanted_on <= due_on:
            found["wanted_on"] = "not_longer"
    if problem := note_problem(note):
        found["note"] = problem
    return found
