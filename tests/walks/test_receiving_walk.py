"""A teacher takes boxes in with broken copies among them: on a small phone, without a script, and with a slip."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from branchnet.batches import commands as batches
from branchnet.extensions import transaction
from tests.support.world import World
from tests.walks.conftest import Arrive
from tests.walks.walker import PHONE

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

TARGET = 44
"""CSS pixels of what a thumb has to hit."""


def test_broken_copies_without_a_script_and_nothing_typed_is_lost(arrive: Arrive, app: Flask, world: World) -> None:
    number = _send(app, world)
    teacher = arrive(viewport=PHONE, is_mobile=True, has_touch=True, java_script_enabled=False)
    page = teacher.page
    teacher.go(f"/t/{world.token}")
    page.get_by_role("link", name="2 箱，50 册").tap()
    page.get_by_text("少了、多了、破了？在这里写").tap()
    page.get_by_text("有破了、湿了的？").tap()
    for field in ("box-1", "box-2", "broken-1", "broken-2", "word"):
        box = page.locator(f"[name={field}]").bounding_box()
        assert box is not None
        assert box["height"] >= TARGET
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= TARGET
    page.locator("[name=box-2]").fill("19")
    page.locator("[name=broken-1]").fill("40")
    page.locator("[name=word]").fill("第 1 箱两本泡了水")
    page.get_by_role("button", name="照这个数收下").tap()
    expect(page.get_by_text("破了的不能比数出来的还多，请再数一次。")).to_be_visible()
    expect(page.locator("[name=box-2]")).to_have_value("19")
    expect(page.locator("[name=word]")).to_have_value("第 1 箱两本泡了水")
    # The browser tells of every answer that is not a success; this one was asked for.
    teacher.complaints.clear()
    page.locator("[name=broken-1]").fill("2")
    page.get_by_role("button", name="照这个数收下").tap()
    said = "收下了 49 册。少了 1 册，馆里已经知道，会来问清楚。破了 2 册，馆里已经知道，书先放着。"
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.locator(".receipt-number")).to_have_text(number)
    needed, wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert needed <= wide
    teacher.go(f"/my/{world.point_codes[0]}/receive/{number}")
    expect(page.get_by_text("这一批已经收下了。")).to_be_visible()
    expect(page.get_by_text(said)).to_be_visible()


def _send(app: Flask, world: World) -> str:
    """Two boxes, 30 and 20 copies, on the road to the teacher's point. Returns the batch's number."""
    with app.app_context(), transaction():
        day = world.act.today()
        batch = batches.draft(world.act, batches.NewBatch("allocation", day, to_place_id=world.place_ids[0]))
        for copies in (30, 20):
            box = batches.open_box(world.act, batch.id)
            batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies, box.number)])
        batches.dispatch(world.act, batch.id, day)
        return batch.number
