"""Periods of whole months, what they are compared with, and days on a line of time."""

from datetime import date

import pytest

from branchnet.coverage.rules.lanes import Line, open_runs
from branchnet.coverage.rules.periods import Change, Period, change, percent, period, shifted, shortcuts
from branchnet.points.life.rules import Pause


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, ("2026-01", "2026-11")),
        ("2025-03", "2025-05", ("2025-03", "2025-05")),
        ("2025-05", "2025-03", ("2025-03", "2025-05")),
        ("2026-02", "2027-01", ("2026-02", "2026-11")),
        ("2027-02", "2027-03", ("2026-11", "2026-11")),
        ("2025-05", None, ("2025-05", "2025-05")),
        ("2001-01", "2026-11", ("2016-12", "2026-11")),
    ],
)
def test_what_is_asked_for(first: str | None, last: str | None, expected: tuple[str, str]) -> None:
    found = period(first, last, "2026-11")
    assert (found.first, found.last) == expected


@pytest.mark.parametrize(
    ("now", "quarter", "half"),
    [
        ("2026-11", ("2026-07", "2026-09"), ("2026-01", "2026-06")),
        ("2026-02", ("2025-10", "2025-12"), ("2026-01", "2026-02")),
        ("2026-04", ("2026-01", "2026-03"), ("2026-01", "2026-04")),
    ],
)
def test_shortcuts(now: str, quarter: tuple[str, str], half: tuple[str, str]) -> None:
    found = {name: (one.first, one.last) for name, one in shortcuts(now).items()}
    assert (found["quarter"], found["half"]) == (quarter, half)
    assert found["last_year"] == ("2025-01", "2025-12")
    assert (found["month"], found["year"]) == ((now, now), ("2026-01", now))


def test_only_months_that_are_over_are_compared() -> None:
    running = Period("2026-09", "2026-11", "2026-11")
    assert running.over == ["2026-09", "2026-10"]
    assert running.before.months == ["2025-09", "2025-10", "2025-11"]
    assert Period("2026-11", "2026-11", "2026-11").over == []
    assert shifted("2026-01", -13) == "2024-12"


def test_a_change_of_what_is_not_known_is_none() -> None:
    assert change(5, None) is change(None, 5) is None
    assert change(5, 0) == Change(5, None)
    assert change(0, 8) == Change(-8, -100)
    assert [percent(part, 8) for part in (1, -1, 3)] == [13, -13, 38]


def test_days_on_a_line() -> None:
    line = Line(date(2026, 1, 1), date(2026, 12, 31), 364)
    assert (line.at(date(2025, 5, 1)), line.at(date(2026, 1, 11)), line.at(date(2027, 1, 1))) == (0, 10, 364)
    pauses = [Pause(date(2026, 2, 1), date(2026, 3, 1))]
    assert open_runs(line, date(2026, 1, 2), date(2026, 4, 1), pauses) == [(1, 30), (59, 31)]
    assert len(line.ticks()) <= 9
    assert line.ticks()[0] == (0, "2026-01")
    assert Line(date(2016, 5, 1), date(2026, 5, 1), 100).ticks()[0][1] == "2018"
    assert Line(date(2026, 5, 1), date(2026, 5, 1), 100).ticks() == [(0, "2026-05")]
