"""Earlier years from the old ledger: a term or a year as one reading, beside which no month of the same days stands."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.calendar.commands import grant_exception, lock_through
from branchnet.coverage import facts
from branchnet.errors import BranchNetError, Conflict
from branchnet.extensions import db, transaction
from branchnet.models import PointMonth, Reading
from branchnet.readings.commands import Receipt, Sent, submit_earlier, submit_month, submit_stay
from branchnet.readings.queries import earlier
from branchnet.readings.rules import Report, earlier_kind
from tests.support.world import World, build_world

TERM = (date(2024, 9, 1), date(2025, 1, 20))
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in the middle of June 2026 whose books begin in February."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        made = build_world(app)
        with app.app_context():
            yield made


def send(
    world: World, days: tuple[date, date] = TERM, visits: int = 900, seen: int | None = None, kind: str = "term"
) -> Receipt:
    with transaction():
        report = Report(in_school_visits=visits)
        return submit_earlier(world.act, world.point_ids[0], kind, *days, report, Sent("import", seen))


def month(world: World, month: str) -> Receipt:
    with transaction():
        return submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=5), Sent("link"))


def test_earlier_years_from_the_old_ledger(world: World) -> None:
    """Marked historical, whole, never spread over months; what overlaps is refused by the names of both."""
    assert send(world).held_reason is None
    reading = db.session.scalars(select(Reading)).one()
    assert (reading.window_kind, reading.month, reading.first_on, reading.last_on) == ("term", None, *TERM)
    db.session.rollback()
    with pytest.raises(Conflict, match="windows_overlap") as refused:
        send(world, YEAR, kind="year")
    assert refused.value.data == {"point": "长岭小学流动服务点", "windows": ["2024-09-01 — 2025-01-20"]}
    with pytest.raises(Conflict, match="windows_overlap"):
        send(world, TERM, kind="year")
    # A second time it is a revision of the same window; sent blindly it is held as any other.
    assert send(world, visits=950, seen=1).revision == 2
    assert send(world, visits=960, seen=1).held_reason == "stale"
    [held] = earlier([world.network_id], [world.point_ids[0]], *TERM)
    assert held.in_school_visits == 950
    with transaction():
        facts.catch_up(world.act)
    assert db.session.scalar(select(func.sum(PointMonth.in_school_visits))) is None


def test_a_month_that_is_reported_stands_in_the_way(world: World) -> None:
    month(world, "2026-03")
    with pytest.raises(Conflict, match="windows_overlap") as refused:
        send(world, (date(2026, 2, 1), date(2026, 5, 31)))
    assert refused.value.data["windows"] == ["2026-03"]
    assert db.session.scalar(select(func.count()).select_from(Reading)) == 1


def test_a_month_inside_an_earlier_window_waits_for_staff(world: World) -> None:
    send(world)
    assert month(world, "2024-10").held_reason == "overlap"
    assert month(world, "2024-10").held_reason == "overlap"
    assert month(world, "2025-02").held_reason is None


def test_stays_are_in_nobodys_way(world: World) -> None:
    with transaction():
        day = date(2026, 3, 2)
        batch = batches.draft(world.act, batches.NewBatch("delivery", day, world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 20)])
        batches.dispatch(world.act, batch.id, day)
        batches.receive(world.act, batch.id, day)
        batches.collect(world.act, batch.id, date(2026, 3, 30))
        submit_stay(world.act, batch.id, Report(in_school_visits=9), Sent("link"))
    assert send(world, (date(2026, 2, 1), date(2026, 5, 31))).held_reason is None


@pytest.mark.parametrize(
    ("attempt", "code"),
    [
        (lambda world: send(world, kind="month"), "reading"),
        (lambda world: send(world, (TERM[1], TERM[0])), "reading"),
        (lambda world: send(world, (date(2026, 2, 1), date(2026, 6, 16))), "reading"),
        (lambda world: send(world, visits=-1), "reading"),
    ],
)
def test_what_cannot_be(world: World, attempt: Callable[[World], object], code: str) -> None:
    with pytest.raises(BranchNetError, match=code):
        attempt(world)
    assert db.session.scalar(select(func.count()).select_from(Reading)) == 0


def test_in_closed_months_it_needs_an_exception_for_the_last(world: World) -> None:
    with transaction():
        lock_through(world.act, "2026-05")
    with pytest.raises(Conflict, match="earlier_closed"):
        send(world)
    with transaction():
        grant_exception(world.act, "2025-01", None, "旧账", date(2026, 6, 20))
    assert send(world).held_reason is None


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        (*TERM, "term"),
        (*YEAR, "year"),
        (date(2024, 9, 1), date(2025, 8, 31), "year"),
        (date(2024, 9, 1), date(2024, 9, 30), None),
        (date(2023, 1, 1), date(2024, 12, 31), None),
        (TERM[1], TERM[0], None),
    ],
)
def test_what_is_a_term_and_what_a_year(first: date, last: date, kind: str | None) -> None:
    assert earlier_kind(first, last) == kind
