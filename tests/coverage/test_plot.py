"""A point's history: what is drawn, what is a gap, and the numbers behind it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from branchnet import clock
from branchnet.coverage.facts import refresh
from branchnet.coverage.past import read_at
from branchnet.coverage.plot import drawn
from branchnet.extensions import transaction
from branchnet.points.queries import points_on
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.pages.desk import clerk_of
from tests.support.world import World, build_world

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026; its first point reported three months: loans alone, zero, and both."""
    with clock.at(datetime(2026, 6, 15, 4, 0, tzinfo=UTC)):
        made = build_world(app)
        with app.app_context(), transaction():
            reports = {
                "2026-03": Report(in_school_loans=4),
                "2026-04": Report(in_school_visits=0, community_visits=0),
                "2026-05": Report(in_school_visits=30, community_visits=5, in_school_loans=7),
            }
            for month, report in reports.items():
                submit_month(made.act, made.point_ids[0], month, report, Sent("link"))
            refresh(made.act)
        yield made


def marks(svg: bytes) -> int:
    """How many months have a mark of their own."""
    line = re.search(rb'<g id="line2d_\d+">\s*<path d="[^"]*" clip-path[^>]*>\s*<defs>.*?</g>\s*</g>', svg, re.DOTALL)
    return line[0].count(b"<use ") if line else 0


def test_a_month_without_a_number_is_a_gap_and_zero_is_none() -> None:
    svg = drawn("visits", MONTHS, [5, None, 0, 7, *[None] * 8])
    assert marks(svg) == 3
    assert b">2025-01</text>" in svg
    assert b">2025-07</text>" in svg
    assert svg == drawn("visits", MONTHS, [5, None, 0, 7, *[None] * 8])
    assert len(svg) < 20_000


def test_nothing_at_all_is_drawn_too() -> None:
    assert marks(drawn("loans", MONTHS, [None] * 12)) == 0


def test_visits_and_loans_by_month(app: Flask, world: World) -> None:
    with app.app_context():
        point = points_on([world.network_id], world.act.today(), [world.point_ids[0]])[0]
        past = read_at(point, world.act.today())
    assert len(past) == 24
    assert [(one.month, one.state, one.visits, one.loans) for one in past[-5:]] == [
        ("2026-02", "overdue", None, None),
        ("2026-03", "received", None, 4),
        ("2026-04", "received", 0, None),
        ("2026-05", "received", 35, 7),
        ("2026-06", "due", None, None),
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_on_the_pages_of_a_point(app: Flask, world: World) -> None:
    clerk, code = clerk_of(app, world), world.point_codes[0]
    for path in (f"/work/points/{code}", f"/manage/points/{code}"):
        page = clerk.get(path).text
        found = re.findall(rf'<img src="(/manage/points/{code}/\w+\.svg[^"]*)"[^>]* alt="[^"]+"', page)
        assert len(found) == 3, path
        for address in found:
            picture = clerk.get(address)
            assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert "2026-05 收到了 35 7" in clerk.text(f"/work/points/{code}")
    assert "还没有报过数" in clerk.text(f"/work/points/{world.point_codes[1]}")
    assert clerk.get(f"/manage/points/{code}/pupils.svg").status_code == 404
