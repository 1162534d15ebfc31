"""The network's calendar: a usual year, what overlaps by name, and the days of the months."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.calendar.commands import add_period, add_year, change_period, remove_period, set_months
from branchnet.calendar.queries import periods_of
from branchnet.calendar.rules import school_year_of
from branchnet.calendar.usual import usual_year
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord
from tests.support.world import World, build_world

AUTUMN = (date(2026, 9, 1), date(2027, 1, 17))


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network, inside the application."""
    made = build_world(app)
    with app.app_context():
        yield made


def told(action: str) -> list[dict[str, object]]:
    rows = select(AuditRecord.detail).where(AuditRecord.action == action).order_by(AuditRecord.id)
    return list(db.session.scalars(rows))


@pytest.mark.parametrize("year", range(2024, 2032))
def test_a_usual_year_has_no_gap(year: int) -> None:
    whole, *parts = usual_year(year)
    assert [one.kind for one in parts] == ["term", "holiday", "term", "holiday"]
    assert (parts[0].first_on, parts[-1].last_on) == (whole.first_on, whole.last_on)
    for before, after in pairwise(parts):
        assert after.first_on == before.last_on + timedelta(days=1)
    assert {school_year_of(one.first_on) for one in parts} == {year}


def test_a_term_that_overlaps_is_refused_by_name(world: World) -> None:
    with transaction():
        add_period(world.act, "term", "秋季学期", *AUTUMN)
        # Kindergartens keep terms of their own, and a holiday lies within a term.
        add_period(world.act, "term", "幼儿园秋季学期", *AUTUMN, "kindergarten")
        add_period(world.act, "holiday", "国庆", date(2026, 10, 1), date(2026, 10, 7))
    with pytest.raises(Conflict, match="period_overlaps") as refused, transaction():
        add_period(world.act, "term", "春季学期", AUTUMN[1], date(2027, 7, 1))
    assert refused.value.data["other"] == "秋季学期"
    with pytest.raises(Conflict, match="period_overlaps"), transaction():
        add_year(world.act, usual_year(2026))
    assert len(periods_of(world.network_id)) == 3


def test_a_period_is_put_right_and_removed(world: World) -> None:
    with transaction():
        period_id = add_period(world.act, "term", "秋季学期", *AUTUMN)
        change_period(world.act, period_id, "第一学期", AUTUMN[0], date(2027, 1, 24), None)
    with pytest.raises(Invalid, match="dates"), transaction():
        change_period(world.act, period_id, "第一学期", AUTUMN[1], AUTUMN[0], None)
    (row,) = periods_of(world.network_id)
    assert (row.name, row.last_on) == ("第一学期", date(2027, 1, 24))
    with transaction():
        remove_period(world.act, period_id)
    assert periods_of(world.network_id) == []
    assert told("period.changed") == [
        {
            "before_first_on": "2026-09-01",
            "before_last_on": "2027-01-17",
            "first_on": "2026-09-01",
            "last_on": "2027-01-24",
        }
    ]
    assert told("period.removed") == [{"kind": "term", "first_on": "2026-09-01", "last_on": "2027-01-24"}]


def test_another_networks_calendar_is_not_there(app: Flask, world: World) -> None:
    with transaction():
        period_id = add_period(world.act, "term", "秋季学期", *AUTUMN)
    stranger: Act = build_world(app, "theirs").act
    with pytest.raises(NotFound), transaction():
        change_period(stranger, period_id, "学期", *AUTUMN, None)
    with pytest.raises(NotFound), transaction():
        remove_period(stranger, period_id)
    assert periods_of(stranger.network_id) == []


def test_the_days_of_the_months_are_set_and_audited(world: World) -> None:
    with transaction():
        set_months(world.act, min_open_days=8, report_by_day=6, remind_on_day=2, closes_on_day=10)
    with pytest.raises(Invalid, match="closes_before_due"), transaction():
        set_months(world.act, min_open_days=8, report_by_day=10, remind_on_day=2, closes_on_day=10)
    network = world.act.network
    days = (network.min_open_days, network.report_by_day, network.remind_on_day, network.closes_on_day)
    assert days == (8, 6, 2, 10)
    (change,) = told("network.months")
    assert (change["before_report_by_day"], change["report_by_day"], change["closes_on_day"]) == (5, 6, 10)
