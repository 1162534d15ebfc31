"""The clerk in the corridor: from what is out at a point to the school's list, on the desk and on a phone."""

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from branchnet.access.sessions import STAFF_COOKIE
from branchnet.batches import commands as batches
from branchnet.batches.brought import standing_at
from branchnet.extensions import transaction
from tests.pages.desk import clerk_of
from tests.support.world import World
from tests.walks.conftest import Arrive
from tests.walks.walker import DESK, PHONE, Walker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def test_boxes_come_back_and_every_page_on_the_way_is_fit_to_be_read(arrive: Arrive, app: Flask, world: World) -> None:
    clerk = arrive(viewport=DESK)
    cookie = clerk_of(app, world).client.get_cookie(STAFF_COOKIE)
    assert cookie is not None
    clerk.page.context.add_cookies([{"name": STAFF_COOKIE, "value": cookie.value, "url": clerk.url}])
    _deliver(app, world)
    page = clerk.page
    clerk.go("/work/points")
    with clerk.turning():
        page.get_by_role("link", name="收书：长岭小学流动服务点").click()
    look(clerk, "point")
    with clerk.turning():
        page.get_by_role("button", name="收这些书").click()
    look(clerk, "batch")
    back = page.url.removeprefix(clerk.url)
    with clerk.turning():
        page.get_by_role("link", name="扫书收回").click()
    for barcode in (world.barcodes[0], world.barcodes[1]):
        page.keyboard.type(barcode)
        page.keyboard.press("Enter")
    expect(page.locator("#figures .figure").first).to_contain_text("2册")
    look(clerk, "scan")
    for path in ("/settles", "/papers/missing"):
        clerk.go(f"{back}{path}")
        look(clerk, path.rsplit("/", 1)[1])
    clerk.go(f"{back}/scan-back")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="过电脑完成").click()
    expect(page.get_by_text("记下差异 5 条")).to_be_visible()
    look(clerk, "scanned")
    clerk.go(f"{back}/papers/missing")
    look(clerk, "missing")
    clerk.go("/work/found")
    look(clerk, "found")


def test_what_is_of_others_is_taken_along_from_its_line(arrive: Arrive, app: Flask, world: World) -> None:
    _deliver(app, world)
    with app.app_context(), transaction():
        place, act = world.place_ids[0], world.act
        first = min(one for one in standing_at(world.network_id, place).copies.values() if one)
        number = batches.bring_back(act, place, act.today(), [first]).batch.number
    clerk = arrive(viewport=DESK)
    cookie = clerk_of(app, world).client.get_cookie(STAFF_COOKIE)
    assert cookie is not None
    clerk.page.context.add_cookies([{"name": STAFF_COOKIE, "value": cookie.value, "url": clerk.url}])
    clerk.go(f"/work/batches/{number}/scan-back")
    for barcode in (world.barcodes[3], world.barcodes[0]):
        clerk.page.keyboard.type(barcode)
        clerk.page.keyboard.press("Enter")
    line = clerk.page.locator("#missed li", has_text=world.barcodes[3])
    line.get_by_role("button", name="一起收回").click()
    expect(clerk.page.locator("#said")).to_contain_text("一起收回了")
    expect(line).to_have_count(0)
    # That a copy is of others is answered as a conflict, which the browser notes.
    clerk.complaints.clear()
    look(clerk, "along")


def look(clerk: Walker, name: str) -> None:
    """Nothing for axe and nothing sticks out, on both screens; a picture where somebody wants to see it."""
    for size in (PHONE, DESK):
        clerk.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        clerk.look()
        if folder := os.environ.get("BRANCHNET_LOOK"):
            clerk.page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)


def _deliver(app: Flask, world: World) -> None:
    """Two deliveries that stand at the first point, one of them late; and a book of others."""
    with app.app_context(), transaction():
        act = world.act
        for first in (0, 3):
            day = world.begun_on
            delivery = batches.draft(act, batches.NewBatch("delivery", day, world.place_ids[0]))
            copies = [batches.NewLine(lot_id) for lot_id in world.serial_lot_ids[first : first + 3]]
            batches.add_lines(act, delivery.id, [*copies, batches.NewLine(world.counted_lot_id, 20)])
            batches.dispatch(act, delivery.id, day)
            batches.receive(act, delivery.id, day)
        batches.record_found(act, batches.Found("XW-9001", "格林童话", "徐闻县图书馆"), act.today())
