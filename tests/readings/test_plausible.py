"""What in a report may be a slip, against the point's own year, its pupils, its copies, its days and itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.calendar.commands import add_period
from branchnet.coverage import facts
from branchnet.errors import Conflict
from branchnet.extensions import db, transaction
from branchnet.models import ReadingRevision
from branchnet.points.life import commands as life
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.plausible.rules import Doubt, Known, doubts, kept_doubt
from branchnet.readings.rules import NUMBERS, Report
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026 whose points opened in February."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


def numbers(*four: int | None) -> dict[str, int | None]:
    return dict(zip(NUMBERS, (*four, None, None, None, None), strict=False))


def keys(known: Known = Known(), **report: Any) -> list[str]:  # noqa: B008 - frozen
    return [doubt.key for doubt in doubts(Report(**report), known)]


USUAL = Known(year=[numbers(visits, 30) for visits in (90, 100, 110)])


@pytest.mark.parametrize(
    ("visits", "told"),
    [(300, []), (301, ["far_above"]), (34, []), (33, ["far_below"]), (0, ["far_below"])],
)
def test_against_the_points_own_year(visits: int, told: list[str]) -> None:
    assert keys(USUAL, in_school_visits=visits) == [f"{code}:in_school_visits" for code in told]


def test_small_numbers_and_few_months_say_nothing() -> None:
    assert keys(Known(year=[numbers(5)] * 12), in_school_visits=34) == []
    assert keys(Known(year=[numbers(5)] * 12), in_school_visits=35) == ["far_above:in_school_visits"]
    assert keys(Known(year=[numbers(100)] * 2), in_school_visits=900) == []


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ({}, ["no_numbers"]),
        ({"note": "停电"}, ["no_numbers"]),
        ({"days_open": 3}, []),
        ({"not_open": True}, []),
        ({"in_school_visits": 10, "in_school_loans": 50}, []),
        ({"in_school_visits": 10, "in_school_loans": 51}, ["more_than_visits:in_school_loans"]),
        ({"community_visits": 0, "community_loans": 1}, ["more_than_visits:community_loans"]),
        ({"community_loans": 1}, ["without_visits:community_loans"]),
        ({"in_school_loans": 9}, []),
        ({"in_school_loans": 9, "borrowers": 10}, ["more_than_loans:borrowers"]),
        ({"in_school_visits": 9, "borrowers": 10}, ["more_than_visits:borrowers"]),
        ({"in_school_visits": 3, "days_open": 0}, ["none_but_used:days_open"]),
        ({"in_school_visits": 0, "days_open": 0}, []),
        (dict.fromkeys(NUMBERS, 7), ["all_equal"]),
        (dict.fromkeys(NUMBERS, 0), []),
    ],
)
def test_against_itself(report: dict[str, Any], told: list[str]) -> None:
    assert keys(**report) == told


def test_the_very_same_numbers_as_the_month_before() -> None:
    last = Known(last=numbers(40, 12, 0))
    assert keys(last, in_school_visits=40, in_school_loans=12, community_visits=0) == ["same_as_before"]
    assert keys(last, in_school_visits=40, in_school_loans=12) == []
    # One number alone, and nothing at all, are the same by chance.
    assert keys(Known(last=numbers(40)), in_school_visits=40) == []
    assert keys(Known(last=numbers(0, 0)), in_school_visits=0, in_school_loans=0) == []


SCHOOL, NEIGHBOURS = numbers(40, 12), numbers(None, None, 30, 9)


@pytest.mark.parametrize(
    ("year", "report", "told"),
    [
        ([NEIGHBOURS], {"in_school_visits": 30, "in_school_loans": 9}, ["school_instead"]),
        ([numbers(0, 0, 30, 9)], {"in_school_visits": 30, "community_visits": 0}, ["school_instead"]),
        ([SCHOOL], {"community_visits": 40}, ["neighbours_instead"]),
        # Both, whoever was not there, and a point that counts both.
        ([NEIGHBOURS], {"in_school_visits": 5, "community_visits": 30}, []),
        ([NEIGHBOURS], {"community_visits": 30}, []),
        ([NEIGHBOURS], {"days_open": 20}, []),
        ([NEIGHBOURS, SCHOOL], {"in_school_visits": 30}, []),
        ([numbers()], {"in_school_visits": 30}, []),
        ([], {"in_school_visits": 30}, []),
    ],
)
def test_on_the_side_that_is_never_filled_in(year: list[Any], report: dict[str, Any], told: list[str]) -> None:
    assert keys(Known(year=year), **report) == told
    # Where it is not open to its neighbours there is but one side.
    assert keys(Known(year=year, neighbours=False), **report) == []


def test_against_pupils_copies_and_days() -> None:
    known = Known(pupils=50, copies=100, open_days=20)
    assert keys(known, in_school_visits=1000, in_school_loans=400, days_open=20) == []
    assert keys(known, in_school_visits=1001) == ["more_than_pupils:in_school_visits"]
    assert keys(known, in_school_visits=501, days_open=10) == ["more_than_pupils:in_school_visits"]
    assert keys(Known(pupils=50, open_days=20), in_school_loans=1001) == ["more_than_pupils:in_school_loans"]
    assert keys(known, in_school_loans=401) == ["more_than_copies:in_school_loans"]
    assert keys(known, in_school_visits=9, days_open=21) == ["more_than_calendar:days_open"]
    assert keys(Known(), in_school_visits=9999, in_school_loans=9999, days_open=31) == []


@pytest.mark.parametrize("doubt", [Doubt("all_equal"), Doubt("far_below", "in_school_visits", {"usual": 1196})])
def test_what_was_kept_is_the_same_again(doubt: Doubt) -> None:
    assert kept_doubt(doubt.kept) == doubt
    assert kept_doubt("far_below:in_school_visits") == Doubt("far_below", "in_school_visits")


def warned(world: World, month: str, point: int = 0, *, asks: bool = False, **report: Any) -> list[str]:
    """The codes kept with what was sent."""
    with transaction():
        receipt = submit_month(
            world.act, world.point_ids[point], month, Report(**report), Sent("link", confirmed=not asks)
        )
    kept = select(ReadingRevision.warnings).where(ReadingRevision.receipt == receipt.number)
    return db.session.execute(kept).scalar_one() or []


def test_what_is_not_plausible_is_kept_with_what_was_sent(world: World) -> None:
    for month, visits in (("2026-02", 100), ("2026-03", 110), ("2026-04", 120)):
        assert warned(world, month, in_school_visits=visits) == []
    with pytest.raises(Conflict, match="not_plausible") as asked, transaction():
        submit_month(
            world.act, world.point_ids[0], "2026-05", Report(in_school_visits=1100), Sent("link", confirmed=False)
        )
    (doubt,) = asked.value.data["doubts"]
    assert (doubt.key, doubt.data) == ("far_above:in_school_visits", {"usual": 110})
    assert warned(world, "2026-05", in_school_visits=1100) == ["far_above:in_school_visits:usual=110"]
    assert warned(world, "2026-05", in_school_visits=111, asks=True) == []


def test_days_without_holidays_and_pauses(world: World) -> None:
    with transaction():
        add_period(world.act, "holiday", "春假", date(2026, 5, 1), date(2026, 5, 5))
        life.pause(world.act, world.point_ids[0], date(2026, 5, 4), "修房子", date(2026, 5, 11))
    assert warned(world, "2026-05", days_open=21) == []
    assert warned(world, "2026-05", days_open=22) == ["more_than_calendar:days_open:days=21"]
    # The holiday of schools is none of a county library's.
    assert warned(world, "2026-05", 1, days_open=31) == []


def test_copies_that_stood_there_in_the_month(world: World) -> None:
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", date(2026, 4, 1), world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 30)])
        batches.dispatch(world.act, batch.id, date(2026, 4, 1))
        batches.receive(world.act, batch.id, date(2026, 4, 1))
    with transaction():
        facts.refresh(world.act)
    assert warned(world, "2026-05", in_school_visits=100, in_school_loans=120) == []
    assert warned(world, "2026-05", in_school_visits=100, in_school_loans=121) == [
        "more_than_copies:in_school_loans:copies=30"
    ]


def test_a_community_number_that_does_not_apply_is_no_slip(world: World) -> None:
    assert warned(world, "2026-05", 1, in_school_visits=10, community_loans=50) == []


def test_the_statements_of_a_submission_do_not_grow(world: World, query_counter: QueryCounter) -> None:
    query_counter.reset()
    warned(world, "2026-02", in_school_visits=100)
    few = query_counter.count
    for month in ("2026-03", "2026-04"):
        warned(world, month, in_school_visits=100)
    query_counter.reset()
    warned(world, "2026-05", in_school_visits=100)
    assert query_counter.count <= few
