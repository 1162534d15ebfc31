"""When a point is open: runs of days between opening, pauses and closing."""

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from branchnet.points.life.rules import Pause, days_in, open_days, stage
from branchnet.readings.rules import is_due

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 31)


def march(day: int) -> date:
    return date(2025, 3, day)


@pytest.mark.parametrize(
    ("opened", "closed", "pauses", "runs"),
    [
        (march(1), None, [], [(1, 31)]),
        (None, None, [], []),
        (march(20), None, [], [(20, 31)]),
        (date(2025, 1, 1), march(10), [], [(1, 9)]),
        (date(2025, 1, 1), None, [Pause(march(10), march(20))], [(1, 9), (20, 31)]),
        (date(2025, 1, 1), None, [Pause(date(2025, 2, 1), march(5)), Pause(march(5), march(6))], [(6, 31)]),
        (date(2025, 1, 1), None, [Pause(march(30))], [(1, 29)]),
        (date(2025, 1, 1), None, [Pause(date(2025, 2, 1))], []),
        (date(2025, 1, 1), None, [Pause(march(1), date(2025, 5, 1))], []),
    ],
)
def test_the_runs_of_open_days(
    opened: date | None, closed: date | None, pauses: list[Pause], runs: list[tuple[int, int]]
) -> None:
    assert open_days(FIRST, LAST, opened, closed, pauses) == [(march(first), march(last)) for first, last in runs]


@given(st.lists(st.integers(1, 60), unique=True, max_size=8), st.integers(1, 60), st.integers(1, 60))
def test_a_day_is_in_a_run_exactly_where_the_point_is_open_on_it(edges: list[int], opened: int, closed: int) -> None:
    """Whatever the pauses: told day by day and told in runs, it is the same."""
    begin = date(2025, 2, 10).toordinal()
    ordered = [date.fromordinal(begin + edge) for edge in sorted(edges)]
    pauses = [Pause(first, last) for first, last in zip(ordered[::2], ordered[1::2], strict=False)]
    life = (date.fromordinal(begin + min(opened, closed)), date.fromordinal(begin + max(opened, closed)))
    runs = open_days(FIRST, LAST, *life, pauses)
    told = [day for day in range(1, 32) if stage(march(day), *life, pauses) == "open"]
    assert [day for day in range(1, 32) if any(first <= march(day) <= last for first, last in runs)] == told
    assert days_in(runs) == len(told)


def test_a_month_is_owed_by_its_open_days() -> None:
    """Nine days before the pause and one after: ten."""
    pauses = [Pause(march(10), march(31))]
    owed = [
        is_due(opened_on=FIRST, closed_on=None, first=FIRST, last=LAST, minimum=days, pauses=pauses)
        for days in (10, 11)
    ]
    assert owed == [True, False]
