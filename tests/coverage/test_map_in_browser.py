"""The map in a real browser: by keyboard, on a phone and on a desk, with a name that would like to be a script."""

import re
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from branchnet.access.sessions import STAFF_COOKIE, start_session
from branchnet.batches import commands as batches
from branchnet.extensions import db, transaction
from branchnet.models import Account
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from tests.support.world import World

HOSTILE = "坏名字</script><img src=x onerror=alert(1)>"

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def address(app: Flask, stocked: World) -> Iterator[str]:
    """The application behind a real socket, with a point whose name is hostile, in the same place as another."""
    with app.app_context(), transaction():
        here = Position(20.9143, 110.0965, "approximate")
        point = NewPoint("H-1", HOSTILE, "book_house", stocked.begun_on, opened_on=stocked.begun_on, position=here)
        open_point(stocked.act, point)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def map_page(app: Flask, context: BrowserContext, page: Page, address: str, stocked: World) -> Iterator[Page]:
    """The map, drawn, before a signed-in manager. Fails where the console complains or a name runs as script."""
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == stocked.manager_login)).one()
        secret = start_session(account, "test")
    context.add_cookies([{"name": STAFF_COOKIE, "value": secret, "url": address}])
    complaints: list[str] = []
    page.emulate_media(reduced_motion="reduce")
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(f"{address}/manage/map")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    yield page
    assert complaints == []


def test_a_row_of_the_table_opens_its_point_and_gets_the_focus_back(map_page: Page) -> None:
    button = map_page.get_by_role("button", name="在图上看：长岭小学流动服务点")
    button.focus()
    map_page.keyboard.press("Enter")
    card = map_page.locator(".map-card")
    expect(card).to_be_focused()
    said = re.sub(r"\s", "", card.inner_text())
    assert "现有图书100册" in said
    assert "今年阅览" in said
    assert "3公里内的村、社区、学校1个近村" in said
    expect(map_page.locator(".map-ring")).to_have_count(1)
    map_page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(button).to_be_focused()
    expect(map_page.locator(".map-ring")).to_have_count(0)


def test_of_points_in_one_place_each_can_be_opened_and_names_stay_text(map_page: Page) -> None:
    map_page.get_by_role("button", name=f"在图上看：{HOSTILE}").click()
    expect(map_page.locator(".map-card h2")).to_have_text(HOSTILE)
    assert map_page.locator(".map-stage img").count() == 0


def test_of_points_in_one_place_the_circle_is_drawn_around_the_place(map_page: Page) -> None:
    circles = []
    for name in (HOSTILE, "雷州分馆"):
        map_page.get_by_role("button", name=f"在图上看：{name}").click()
        expect(map_page.locator(".map-card h2")).to_have_text(name)
        circles.append(map_page.locator(".map-ring").get_attribute("d"))
        map_page.keyboard.press("Escape")
        expect(map_page.locator(".map-card")).to_have_count(0)
    assert circles[0] == circles[1]


def test_villages_tell_by_shape_and_open_by_hand(map_page: Page) -> None:
    covered, missed = map_page.locator(".map-village-covered"), map_page.locator(".map-stage .map-village-not_covered")
    shapes = {
        map_page.locator(f".map-stage .map-village-{one}").get_attribute("d") for one in ("covered", "not_covered")
    }
    assert len(shapes) == 2
    assert covered.count() > 1, "one on the map, one in the legend"
    missed.dispatch_event("click")
    expect(map_page.locator(".map-card h2")).to_have_text("远村")
    expect(map_page.locator(".map-card")).to_contain_text("身边没有书")


def test_a_village_with_a_ring_opens_on_a_click(app: Flask, stocked: World, map_page: Page) -> None:
    with app.app_context(), transaction():
        here = Position(21.2600, 110.3400, "approximate")
        register_communities(stocked.act, [NewCommunity("village", "约村", "440802001209", position=here)])
    map_page.reload()
    expect(map_page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    marks = map_page.locator(".map-stage .map-village-covered")
    ringed = max(range(marks.count()), key=lambda at: len(marks.nth(at).get_attribute("d") or ""))
    marks.nth(ringed).click()
    expect(map_page.locator(".map-card h2")).to_have_text("约村")
    expect(map_page.locator(".map-card")).to_contain_text("位置是大约的")


def test_whom_the_address_names_stands_open_and_fits_a_phone(map_page: Page) -> None:
    map_page.set_viewport_size({"width": 360, "height": 740})
    far = map_page.evaluate(
        """() => fetch(document.querySelector('[data-map]').dataset.communities).then((one) => one.json())
             .then((data) => data.communities.id.reduce((sum, step) => sum + step))"""
    )
    map_page.goto(f"{map_page.url}?community={far}")
    card = map_page.locator(".map-card")
    expect(card.locator("h2")).to_have_text("远村")
    expect(card.get_by_role("link", name="看空白点的名单")).to_be_visible()
    box = map_page.locator(".leaflet-popup-content-wrapper").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


def test_of_a_menu_that_is_too_wide_the_entry_of_the_page_is_in_sight(map_page: Page) -> None:
    map_page.set_viewport_size({"width": 360, "height": 740})
    map_page.reload()
    here = map_page.locator(".site-nav [aria-current]")
    expect(here).to_have_text("地图")
    expect(here).to_be_in_viewport(ratio=1)


def test_among_others_what_is_overdue_still_shows(app: Flask, stocked: World, map_page: Page) -> None:
    """Two points stand in one place: one of them holds a delivery that is overdue."""
    begun = stocked.begun_on
    with app.app_context(), transaction():
        new = batches.NewBatch("delivery", begun, stocked.place_ids[1], due_back_on=begun + timedelta(days=9))
        batch = batches.draft(stocked.act, new)
        batches.add_lines(stocked.act, batch.id, [batches.NewLine(stocked.counted_lot_id, 20)])
        batches.dispatch(stocked.act, batch.id, begun)
        batches.receive(stocked.act, batch.id, begun)
    map_page.goto(f"{map_page.url}?layer=overdue")
    expect(map_page.locator(".map-cluster .map-cluster-overdue svg")).to_have_count(1)


def test_layers_can_be_switched_off(map_page: Page) -> None:
    box = map_page.get_by_label("村、社区、学校")
    box.uncheck()
    expect(map_page.locator(".map-stage .map-village")).to_have_count(0)
    box.check()
    expect(map_page.locator(".map-stage .map-village")).to_have_count(2)


@pytest.mark.parametrize("size", [(1280, 900), (360, 740)], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(map_page: Page, size: tuple[int, int], scheme: str) -> None:
    map_page.set_viewport_size({"width": size[0], "height": size[1]})
    map_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    map_page.get_by_role("button", name="在图上看：长岭小学流动服务点").click()
    expect(map_page.locator(".map-card")).to_be_visible()
    found = Axe().run(map_page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert map_page.evaluate("document.documentElement.scrollWidth") <= size[0]
