"""When a point is open, and which step its life can take. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Days = tuple[date, date]
"""A first and a last day, both included."""

STAGES_BEFORE = {
    "opened": frozenset({"unopened"}),
    "renamed": frozenset({"unopened", "open", "paused"}),
    "kind_changed": frozenset({"unopened", "open", "paused"}),
    "moved": frozenset({"unopened", "open", "paused"}),
    "enrolment_changed": frozenset({"unopened", "open", "paused"}),
    "openness_changed": frozenset({"unopened", "open", "paused"}),
    "paused": frozenset({"open"}),
    "resumed": frozenset({"paused"}),
    "closed": frozenset({"open", "paused"}),
    "merged": frozenset({"open", "paused"}),
    "reopened": frozenset({"closed"}),
    "located": frozenset({"unopened", "open", "paused", "closed"}),
    "name_corrected": frozenset({"unopened", "open", "paused", "closed"}),
}
"""From where each step is possible: a name may be misspelt whenever; what has closed does not move any more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Closed for a while (临时闭馆): from a day on, until the first day it is open again; empty while nobody knows."""

    begins_on: date
    ends_on: date | None = None
    reason: str | None = None

    def covers(self, day: date) -> bool:
        """Whether the point is shut on a day because of it."""
        return self.begins_on <= day and (self.ends_on is None or day < self.ends_on)

    def touches(self, first: date, until: date | None) -> bool:
        """Whether it shares a day with the days from the first until another; the last is no part of them."""
        return (until is None or self.begins_on < until) and (self.ends_on is None or first < self.ends_on)


def stage(day: date, opened_on: date | None, closed_on: date | None, pauses: Iterable[Pause] = ()) -> str:
    """How a point stands on a day: unopened, open, paused or closed."""
    if opened_on is None or day < opened_on:
        return "unopened"
    if closed_on is not None and day >= closed_on:
        return "closed"
    return "paused" if any(pause.covers(day) for pause in pauses) else "open"


def open_days(
    first: date, last: date, opened_on: date | None, closed_on: date | None, pauses: Iterable[Pause] = ()
) -> list[Days]:
    """Of these days the runs on which the point is open, in their order; none while nobody knows when it opened.

    Pauses may share days: a school's holiday falls into its building works.
    """
    if opened_on is None:
        return []
    begin = max(first, opened_on)
    end = last if closed_on is None else min(last, closed_on - timedelta(days=1))
    runs = []
    for pause in sorted(pauses, key=lambda pause: pause.begins_on):
        if not pause.touches(begin, end + timedelta(days=1)):
            continue
        if pause.begins_on > begin:
            runs.append((begin, pause.begins_on - timedelta(days=1)))
        begin = date.max if pause.ends_on is None else pause.ends_on
    return [*runs, (begin, end)] if begin <= end else runs


def days_in(runs: Sequence[Days]) -> int:
    """How many days (天) these runs are."""
    return sum((last - first).days + 1 for first, last in runs)
