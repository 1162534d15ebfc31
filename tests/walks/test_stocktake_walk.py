"""A clerk scans a shelf with hands on the scanner: what is here, what is nobody's, and one taken back."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from branchnet.access.sessions import STAFF_COOKIE
from branchnet.batches.stocktaking import commands
from branchnet.extensions import db, transaction
from branchnet.models import FoundItem, StocktakeCount
from branchnet.points.queries import central_place
from tests.pages.desk import clerk_of
from tests.support.server import Server
from tests.support.world import World
from tests.walks.conftest import Arrive
from tests.walks.walker import DESK


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_shelf_is_scanned(app: Flask, world: World, arrive: Arrive, live_server: Server) -> None:
    with app.app_context(), transaction():
        shelf = central_place(world.network_id, "shelf")
        number = commands.begin(world.act, shelf, "scan", world.act.today()).number
    walker = arrive(viewport=DESK)
    page = walker.page
    secret = clerk_of(app, world).client.get_cookie(STAFF_COOKIE)
    assert secret is not None
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": secret.value, "url": live_server.url}])
    walker.go(f"/work/stocktakes/{number}")
    for barcode in (*world.barcodes[:3], "9787-nobody"):
        page.keyboard.type(barcode)
        page.keyboard.press("Enter")
    title = page.locator("#unknown [name=title]")
    expect(title).to_be_focused()
    page.keyboard.type("县馆的书")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("书名记下了")
    page.locator("#picked tr", has_text=world.barcodes[1]).get_by_role("button").click()
    expect(page.locator("#said")).to_contain_text("撤销了")
    expect(page.locator("#picked")).not_to_contain_text(world.barcodes[1])
    expect(page.locator("#f-barcode")).to_be_focused()
    assert walker.faults() == []
    with app.app_context():
        counted = set(db.session.scalars(select(StocktakeCount.lot_id)))
        assert counted == {world.serial_lot_ids[0], world.serial_lot_ids[2]}
        assert db.session.scalars(select(FoundItem.title)).all() == ["县馆的书"]
