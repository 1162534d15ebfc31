"""The month's form on small phones: all of it on one screen, readable when enlarged, and without scripts."""

from datetime import date
from itertools import product

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from branchnet.calendar.rules import month_of
from branchnet.extensions import db, transaction
from branchnet.models import ReadingRevision
from branchnet.readings.commands import Sent as How
from branchnet.readings.commands import note_lesson, send_back, submit_month
from branchnet.readings.rules import NUMBERS, Report
from tests.support.world import World
from tests.walks.conftest import Arrive
from tests.walks.walker import PHONE, Walker

# What a form looks like is the same on either engine; what is sent with it is tested on both elsewhere.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

SMALL = {"width": 320, "height": 568}
FIELDS = (*NUMBERS, "days_open")


@pytest.fixture
def month(app: Flask, world: World) -> str:
    """The month that runs, with two lessons noted in it."""
    with app.app_context(), transaction():
        today: date = world.act.today()
        for visits, loans in ((40, 12), (38, None)):
            numbers = {"in_school_visits": visits, "in_school_loans": loans}
            note_lesson(world.act, world.point_ids[0], today, numbers)
        return month_of(today)


def came_in(walker: Walker, world: World, month: str) -> Page:
    """A phone with the link opened, on the form of a month."""
    walker.go(f"/t/{world.token}")
    walker.go(f"/my/{world.point_codes[0]}/report/{month}")
    return walker.page


def test_all_numbers_and_the_button_on_one_screen(arrive: Arrive, world: World, month: str) -> None:
    """With a line that offers the lessons above them, too; and every target is large enough for a thumb."""
    teacher = arrive(viewport=PHONE, is_mobile=True, has_touch=True)
    page = came_in(teacher, world, month)
    expect(page.get_by_text("按记的课填：78 人次，12 册次（2 节课）")).to_be_in_viewport(ratio=1)
    for name in FIELDS:
        expect(page.locator(f"[name={name}]")).to_be_in_viewport(ratio=1)
        expect(page.locator(f"[name={name}]")).to_have_attribute("inputmode", "numeric")
    send = page.get_by_role("button", name="报上去")
    expect(send).to_be_in_viewport(ratio=1)
    box = send.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    teacher.look()
    page.get_by_text("按记的课填").tap()
    expect(page.locator("[name=in_school_visits]")).to_have_value("78")
    expect(page.locator("[name=in_school_loans]")).to_have_value("12")


def test_a_small_phone_and_large_letters(arrive: Arrive, app: Flask, world: World, month: str) -> None:
    """Asked by staff, asked about a slip, with everything unfolded: nothing sticks out."""
    with app.app_context(), transaction():
        submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=900), How("staff"))
        revision_id = db.session.scalars(select(ReadingRevision.id)).one()
        send_back(world.act, revision_id, "三月来看书的比二月多了十倍，是多按了一个零吗？")
    for size, text in product((PHONE, SMALL), ("100%", "200%")):
        teacher = arrive(viewport=size, is_mobile=True, has_touch=True)
        page = came_in(teacher, world, month)
        for address in (page.url, f"{teacher.url}/my/{world.point_codes[0]}/lesson"):
            page.goto(address)
            _enlarge(page, text)
            teacher.look()
        page.go_back()
        page.locator("[name=in_school_loans]").fill("99999")
        page.get_by_role("button", name="报上去").tap()
        expect(page.get_by_text("校内借出去：比来看书的人次多了好几倍。")).to_be_visible()
        _enlarge(page, text)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        teacher.complaints.clear()  # the browser tells of every 422
        teacher.look()


def test_without_scripts_a_slip_is_asked_about_and_confirmed(arrive: Arrive, world: World, month: str) -> None:
    teacher = arrive(viewport=PHONE, java_script_enabled=False)
    page = came_in(teacher, world, month)
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_text("一个数都没有填。真的没有数吗？")).to_be_visible()
    page.locator("[name=in_school_visits]").fill("20")
    page.locator("[name=in_school_loans]").fill("101")
    page.get_by_role("button", name="就是这样，报上去").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    expect(page.get_by_text("校内借出去：比来看书的人次多了好几倍。")).to_be_visible()
    teacher.complaints.clear()


def _enlarge(page: Page, text: str) -> None:
    """As the phone's own setting does it: every letter grows, the screen does not."""
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
