"""Book-days: the same as walking day by day, for every history of arrivals, departures and corrections."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branchnet.calendar.rules import months
from branchnet.coverage.rules import Change, add_counts, month_sums, worst

START = date(2025, 1, 1)
days = st.integers(0, 150).map(lambda n: START + timedelta(days=n))
changes = st.lists(
    st.builds(
        Change,
        on=days,
        copies=st.integers(-50, 90).filter(bool),
        quality=st.sampled_from(["exact", "at_least", "estimated"]),
        undoes=st.booleans(),
    ),
    max_size=12,
)
MONTHS = list(months("2025-01", "2025-06"))


def on_site(history: list[Change], day: date) -> int:
    """Copies there at any time of a day, change by change."""
    total = 0
    for change in history:
        arrives_or_undoes_arrival = (change.copies > 0) != change.undoes
        if change.on < day or (change.on == day and arrives_or_undoes_arrival):
            total += change.copies
    return total


@given(changes, days, st.none() | days, st.none() | days)
def test_the_same_as_walking_day_by_day(
    history: list[Change], today: date, opened_on: date | None, closed_on: date | None
) -> None:
    sums = {one.month: one for one in month_sums(history, MONTHS, today, opened_on, closed_on)}
    assert list(sums) == [month for month in MONTHS if month <= f"{today:%Y-%m}"]
    for month, one in sums.items():
        walked = [START + timedelta(days=n) for n in range(200)]
        walked = [day for day in walked if f"{day:%Y-%m}" == month and day <= today]
        is_open = [d for d in walked if opened_on and opened_on <= d and (closed_on is None or d < closed_on)]
        assert one.days == len(walked)
        assert one.book_days == sum(on_site(history, day) for day in is_open)
        assert one.copies == sum(change.copies for change in history if change.on <= walked[-1])


def month(history: list[Change], opened_on: date | None = START, closed_on: date | None = None) -> tuple[int, int, str]:
    """March 2025 in a year's hindsight."""
    (one,) = month_sums(history, ["2025-03"], date(2026, 1, 1), opened_on, closed_on)
    return one.book_days, one.copies, one.quality


def test_books_that_come_and_go_on_one_day_were_there_for_a_day() -> None:
    """A delivery collected on the same day: 420 copies, 420 book-days, none left."""
    the_day = date(2025, 3, 12)
    assert month([Change(the_day, 420), Change(the_day, -420)]) == (420, 0, "exact")


def test_a_mistake_put_right_on_the_same_day_leaves_no_trace() -> None:
    the_day = date(2025, 3, 12)
    assert month([Change(the_day, 420), Change(the_day, -420, undoes=True)]) == (0, 0, "exact")
    standing = Change(date(2025, 1, 1), 10)
    undone = [standing, Change(the_day, -10), Change(the_day, 10, undoes=True)]
    assert month(undone) == month([standing]) == (310, 10, "exact")


def test_a_closed_point_keeps_its_copies_and_stops_its_book_days() -> None:
    history = [Change(date(2025, 1, 1), 10)]
    assert month(history, closed_on=date(2025, 3, 11)) == (100, 10, "exact")
    assert month(history, closed_on=date(2025, 2, 10)) == (0, 10, "exact")


def test_a_point_that_opened_on_the_20th_counts_from_there() -> None:
    history = [Change(date(2025, 1, 1), 10)]
    assert month(history, opened_on=date(2025, 3, 20)) == (120, 10, "exact")
    assert month(history, opened_on=None) == (0, 10, "exact")


def test_the_running_month_covers_the_days_so_far() -> None:
    (one,) = month_sums([Change(START, 10)], ["2025-03", "2025-04"], date(2025, 3, 5), START, None)
    assert (one.days, one.book_days) == (5, 50)


def test_the_worst_quality_of_what_is_there_is_shown() -> None:
    at_least = Change(date(2025, 1, 1), 8000, "at_least")
    assert month([at_least, Change(date(2025, 1, 2), 100)])[2] == "at_least"
    gone = Change(date(2025, 2, 1), -8000, "at_least")
    assert month([at_least, Change(date(2025, 1, 2), 100), gone])[2] == "exact"
    assert worst(["at_least", "estimated", "exact"]) == "estimated"
    assert worst([]) == "exact"


@pytest.mark.parametrize(
    ("numbers", "total"), [([], None), ([None, None], None), ([None, 0], 0), ([3, None, 4], 7), ([0, 0], 0)]
)
def test_not_counted_is_not_zero(numbers: list[int | None], total: int | None) -> None:
    assert add_counts(numbers) == total
