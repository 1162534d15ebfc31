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


@given(
    st.lists(st.tuples(st.integers(1, 60), st.none() | st.integers(1, 30)), max_size=5),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_a_day_is_in_a_run_exactly_where_the_point_is_open_on_it(
    shut: list[tuple[int, int | None]], opened: int, closed: int
) -> None:
    """Whatever the pauses, also those that share days: told day by day and told in runs, it is the same."""
    begin = date(2025, 2, 10).toordinal()
    pauses = [
        Pause(date.fromordinal(begin + first), None if long is None else date.fromordinal(begin + first + long))
        for first, long in shut
    ]
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
