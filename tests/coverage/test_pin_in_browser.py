"""A pin in a real browser: it fills the fields in, by mouse and by keyboard, and no town's name runs as a script."""

from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from branchnet.access.sessions import STAFF_COOKIE, start_session
from branchnet.extensions import db, transaction
from branchnet.models import Account, Community
from branchnet.points.commands import NewCommunity, Position, register_communities
from tests.support.world import World

HOSTILE = "坏镇</script><img src=x onerror=alert(1)>`${alert(1)}`"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_pin_is_an_approximate_position(app: Flask, world: World, context: BrowserContext, page: Page) -> None:
    town = NewCommunity("town", HOSTILE, "440802009000", county="赤坎区", position=Position(21.29, 110.35, "exact"))
    with app.app_context(), transaction():
        register_communities(world.act, [town])
        account = db.session.scalars(select(Account).where(Account.login == world.clerk_login)).one()
        secret = start_session(account, "test")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    context.add_cookies([{"name": STAFF_COOKIE, "value": secret, "url": address}])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/work/communities/new")
    stage = page.locator("[data-pin]")
    expect(stage).to_have_attribute("data-ready", "true")
    expect(page.locator(".pin-name").filter(has_text="坏镇")).to_have_text(HOSTILE)
    page.get_by_label("经纬度从哪里看来的").select_option("bd09")
    stage.click(position={"x": 60, "y": 60})
    clicked = page.get_by_label("纬度", exact=False).first.input_value()
    stage.press("Enter")
    lat, lon = (page.locator(f'[name="{name}"]').input_value() for name in ("lat", "lon"))
    assert lat != clicked
    page.get_by_label("类型").select_option("village")
    page.get_by_label("名称").fill("钉的村")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("钉的村")
    server.shutdown()
    server.server_close()
    with app.app_context():
        made = db.session.scalars(select(Community).where(Community.name == "钉的村")).one()
        # The map is in WGS-84, whatever was chosen before.
        assert (f"{made.lat:.6f}", f"{made.lon:.6f}", made.quality) == (lat, lon, "approximate")
    assert complaints == []
