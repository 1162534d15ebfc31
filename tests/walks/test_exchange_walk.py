"""An exchange visit at the school's gate, by thumb: two books short, and one of them found a month later."""

from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from tests.support.world import COPIES, COUNTED, World
from tests.walks.conftest import Arrive
from tests.walks.walker import PHONE, Walker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

OUT, BROUGHT = 100, 80
TARGET = 44
"""CSS pixels of what a thumb has to hit."""


@pytest.mark.slow
def test_two_books_short_and_one_found_a_month_later(app: Flask, world: World, arrive: Arrive) -> None:
    first, later = _days(app, world)
    _bring(app, world)
    clerk = arrive(viewport=PHONE, is_mobile=True, has_touch=True)
    clerk.sign_in(world.clerk_login, world.password)
    visit = _at_the_gate(clerk, world, first)
    left = COUNTED + COPIES - OUT - BROUGHT
    assert _at(app, world) == {"point": BROUGHT + 2, "shelf": left, "lost": 0}
    _sign(clerk)
    teacher = arrive(viewport=PHONE, is_mobile=True, has_touch=True)
    teacher.go(f"/t/{world.token}")
    expect(teacher.page.get_by_text("少 2 册")).to_be_visible()
    teacher.look()
    _a_month_later(clerk, visit, later)
    assert _at(app, world) == {"point": BROUGHT + 1, "shelf": left, "lost": 1}
    _next_visit(clerk, world, later)
    assert _at(app, world) == {"point": 0, "shelf": left - 50, "lost": 1}
    teacher.page.reload()
    expect(teacher.page.get_by_text("没找到，记作丢失")).to_be_visible()
    with app.app_context():
        assert violations(world.network_id) == []


def _at_the_gate(clerk: Walker, world: World, day: date) -> str:
    """Eighty are brought and taken in at once, all others fetched but for two. Returns the visit's address."""
    page = clerk.page
    page.get_by_role("link", name="换书").tap()
    expect(page.get_by_label("在哪里换书")).to_be_visible()
    clerk.look()
    page.get_by_label("在哪里换书").select_option(world.point_codes[0])
    page.get_by_role("button", name="就是这里").tap()
    button = page.get_by_role("button", name="记下换书")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= TARGET
    clerk.look()
    _fill(page, day, BROUGHT)
    page.get_by_label("老师当场收下了").check()
    page.get_by_label("那里的书全部换回").check()
    page.get_by_label("少了").fill("2")
    button.tap()
    _figures(page, "带去 80册", "换回 98册", "少了 2册")
    expect(page.get_by_text("2 册还没查清")).to_be_visible()
    clerk.look()
    return page.url


def _sign(clerk: Walker) -> None:
    """One note for both."""
    clerk.page.get_by_role("link", name="换书交接单").tap()
    for said in ("（大写：捌拾册）", "（大写：玖拾捌册）", "（大写：贰册）"):
        expect(clerk.page.get_by_text(said)).to_be_visible()
    clerk.look()


def _a_month_later(clerk: Walker, visit: str, day: date) -> None:
    """One of them was found, and stood there all the time; the other one is lost."""
    page = clerk.page
    page.goto(visit)
    _end(clerk, "找到了，书还在那里", day, "1")
    expect(page.get_by_text("1 册还没查清")).to_be_visible()
    clerk.look()
    _end(clerk, "丢失，登记在案", day)
    expect(page.get_by_text("还没查清")).to_have_count(0)


def _next_visit(clerk: Walker, world: World, day: date) -> None:
    """The found one comes back with all the others."""
    page = clerk.page
    clerk.go(f"/work/exchange?to={world.point_codes[0]}")
    _fill(page, day, 50)
    page.get_by_label("那里的书全部换回").check()
    page.get_by_role("button", name="记下换书").tap()
    _figures(page, "带去 50册", f"换回 {BROUGHT + 1}册", "少了 0册")
    clerk.look()


def _days(app: Flask, world: World) -> tuple[date, date]:
    """The day of the visit, and one a month later."""
    with app.app_context():
        today = world.act.today()
    return today - timedelta(days=31), today


def _bring(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        day = world.begun_on + timedelta(days=5)
        lines = [batches.NewLine(world.counted_lot_id, OUT)]
        told = batches.Afterwards("delivery", day, world.place_ids[0], lines=lines, received_on=day)
        batches.log_afterwards(world.act, told)


def _at(app: Flask, world: World) -> dict[str, int]:
    """Copies (册) at the point, on the shelf, and lost."""
    with app.app_context():
        places = {"point": world.place_ids[0]}
        places |= {kind: central_place(world.network_id, kind) for kind in ("shelf", "lost")}
        found = copies_at(world.network_id, list(places.values()))
        db.session.remove()
        return {name: found.get(place, 0) for name, place in places.items()}


def _fill(page: Page, day: date, copies: int) -> None:
    page.get_by_label("哪一天").fill(day.isoformat())
    page.get_by_label("带去多少").fill(str(copies))


def _figures(page: Page, *said: str) -> None:
    for text in said:
        label, rest = text.split(" ", 1)
        expect(page.locator(".figure", has_text=label).locator(".figure-value")).to_have_text(rest)


def _end(clerk: Walker, resolution: str, day: date, copies: str = "") -> None:
    page = clerk.page
    page.get_by_label("查明是").select_option(label=resolution)
    page.get_by_label("哪一天").fill(day.isoformat())
    if copies:
        page.get_by_label("其中几册").fill(copies)
    with clerk.turning():
        page.get_by_role("button", name="结案").tap()
