"""What of many months at once may be a slip, each against its point's own year. Pure; nobody is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from branchnet.calendar.rules import bounds, months, months_before, previous_month
from branchnet.readings.owed import KindsIn
from branchnet.readings.plausible.queries import MONTHS
from branchnet.readings.plausible.rules import Doubt, Known, Numbers, doubts, numbers_of
from branchnet.readings.queries import Held
from branchnet.readings.rules import Report

Month = tuple[int, str]
"""A point's."""


def doubts_of(
    reports: Mapping[Month, Report], held: Iterable[Held], was_open: Callable[[int, date], bool], was: KindsIn
) -> dict[Month, Sequence[Doubt]]:
    """What surprises in the reports of these months; ``held``: what holds from a year before the first of them on.

    They are each other's year before as well: what one of them says counts as it would once it was entered.
    """
    there = {(one.point_id, str(one.month)): one.report for one in held if one.window_kind == "month"}
    told = {month: numbers_of(report) for month, report in (there | dict(reports)).items() if not report.not_open}
    found: dict[Month, Sequence[Doubt]] = {}
    for month, report in reports.items():
        before = there.get(month)
        reported = before is not None and any(value is not None for value in numbers_of(before).values())
        known = _known(month, told)
        neighbours, by_stay = was_open(month[0], bounds(month[1])[1]), was(*month).by_stay
        found[month] = doubts(report, replace(known, reported=reported, neighbours=neighbours, by_stay=by_stay))
    return found


def _known(of: Month, told: Mapping[Month, Numbers]) -> Known:
    point, month = of
    last = previous_month(month)
    year = [told[point, one] for one in months(months_before(month, MONTHS), last) if (point, one) in told]
    return Known(year=year[::-1], last=told.get((point, last)))
