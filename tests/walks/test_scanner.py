"""The scanner, with real key events: twenty scans a second, a server that is away, a page that is closed."""

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect
from sqlalchemy import select

from branchnet import create_app
from branchnet.access.sessions import STAFF_COOKIE
from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch
from branchnet.config import Settings
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchLine, BatchScan, Box, FoundItem, Lot
from branchnet.stock.rules import NewLot
from tests.pages.desk import clerk_of, days_ago
from tests.support.engines import Engine
from tests.support.server import Server, serve
from tests.support.world import World, build_world

# One process serves one library to all of them; each test has a batch and copies of its own.

SCANS_A_SECOND = 20
COPIES = 60
Line = tuple[str | None, int | None]
_series = count(10)


@pytest.fixture(scope="module")
def app(engines: dict[str, Engine]) -> Iterator[Flask]:
    """The application on a database of this module's own."""
    url = engines["sqlite"].create()
    made = create_app(Settings(env="testing", database_url=url))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    engines["sqlite"].drop(url)


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    """A network in it."""
    return build_world(app)


@pytest.fixture(scope="module")
def server(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real gunicorn on it."""
    log: Path = tmp_path_factory.mktemp("scanner") / "gunicorn.log"
    with serve(app.config["BRANCHNET"].database_url, log) as running:
        yield running


@pytest.fixture
def copies(app: Flask, world: World) -> list[str]:
    """The barcodes of copies on the shelf that no other test touches."""
    series = next(_series)
    barcodes = [f"{series}{number:06d}" for number in range(COPIES)]
    with app.app_context(), transaction():
        fresh = [NewLot(f"绘本 {barcode}", barcode=barcode) for barcode in barcodes]
        batches.take_in(world.act, "accession", fresh, world.begun_on)
    return barcodes


@pytest.fixture
def unknown(copies: list[str]) -> list[str]:
    """Barcodes that no copy carries."""
    return [f"9{barcode}" for barcode in copies[:3]]


@pytest.fixture
def number(app: Flask, world: World) -> str:
    """The number of a draft with two boxes."""
    with app.app_context(), transaction():
        batch = batches.draft(world.act, NewBatch("allocation", world.act.today(), world.place_ids[0]))
        batches.open_boxes(world.act, batch.id, 2)
        return batch.number


@pytest.fixture
def desk(context: BrowserContext, app: Flask, world: World, server: Server) -> BrowserContext:
    """The clerk's browser, signed in."""
    cookie = clerk_of(app, world).client.get_cookie(STAFF_COOKIE)
    assert cookie is not None
    context.add_cookies([{"name": STAFF_COOKIE, "value": cookie.value, "url": server.url}])
    return context


@pytest.fixture
def picking(desk: BrowserContext, server: Server, number: str) -> Iterator[Page]:
    """The page of the draft; what a refusal looks like on the wire is the only thing its console may tell."""
    page = desk.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.extend([said.text] if "policy" in said.text.lower() else []))
    page.goto(f"{server.url}/work/batches/{number}")
    yield page
    assert complaints == []


def scan(page: Page, *codes: str, a_second: int = SCANS_A_SECOND) -> None:
    """Type each code and Enter by single keys, so many codes a second: the pace is the scanner's, not the server's."""
    began = time.monotonic()
    for place, code in enumerate(codes):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        time.sleep(max(0.0, began + (place + 1) / a_second - time.monotonic()))


def lines(app: Flask, number: str) -> list[Line]:
    """Barcode and box of every line, in the order they were added."""
    with app.app_context():
        rows = db.session.execute(
            select(Lot.barcode, Box.number)
            .join(BatchLine, BatchLine.lot_id == Lot.id)
            .join(Batch, Batch.id == BatchLine.batch_id)
            .outerjoin(Box, Box.id == BatchLine.box_id)
            .where(Batch.number == number)
            .order_by(BatchLine.id)
        ).all()
        db.session.rollback()
        return [(barcode, box) for barcode, box in rows]


def _slowly(route: Route) -> None:
    time.sleep(0.02)
    route.continue_()


def settled(page: Page) -> None:
    """Everything that was scanned is answered."""
    expect(page.locator("#waiting")).to_be_hidden(timeout=60_000)


def test_twenty_scans_a_second_lose_none_and_keep_their_order(
    app: Flask, picking: Page, number: str, copies: list[str], unknown: list[str]
) -> None:
    # A slow server: an answer takes longer than the scanner's next code.
    picking.route("**/copies", _slowly)
    codes = [*copies[:20], unknown[0], copies[3], *copies[20:40], unknown[1], f"*{copies[40]}*", f"{number}-1"]
    codes += [*copies[41:52], copies[0], unknown[2]]
    began = time.monotonic()
    scan(picking, *codes)
    # Where the machine itself is too slow for the keys, what was typed says nothing of a fast clerk.
    assert len(codes) / (time.monotonic() - began) > 0.5 * SCANS_A_SECOND
    settled(picking)
    assert lines(app, number) == [(code, 2) for code in copies[:41]] + [(code, 1) for code in copies[41:52]]
    expect(picking.get_by_role("status")).to_contain_text(f"条码 {unknown[2]} 不在账上")
    missed = picking.locator("#missed")
    for code in (unknown[0], unknown[1], copies[3], copies[0]):
        expect(missed).to_contain_text(code)
    expect(picking.locator(".figure").first).to_contain_text("52册")


def test_a_server_away_and_a_page_closed_lose_none(
    app: Flask, desk: BrowserContext, picking: Page, number: str, copies: list[str]
) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    picking.on("dialog", leave)
    scan(picking, copies[0])
    settled(picking)
    desk.set_offline(True)
    scan(picking, copies[1], copies[2], copies[1])
    expect(picking.locator("#waiting")).to_have_text("还有 3 本没传上")
    expect(picking.get_by_role("status")).to_contain_text("没有连上服务器")
    assert lines(app, number) == [(copies[0], 2)]
    address = picking.url
    with picking.expect_event("close"):
        picking.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    desk.set_offline(False)
    again = desk.new_page()
    again.goto(address)
    settled(again)
    assert lines(app, number) == [(code, 2) for code in copies[:3]]
    expect(again.get_by_role("status")).to_contain_text("已经在这一批里")


def test_what_was_never_sent_is_named_where_no_more_can_be_added(
    app: Flask, world: World, desk: BrowserContext, picking: Page, number: str, copies: list[str]
) -> None:
    scan(picking, copies[0])
    settled(picking)
    desk.set_offline(True)
    scan(picking, copies[1])
    address = picking.url
    picking.close()
    packed = clerk_of(app, world).post(f"/work/batches/{number}/pack", happened_on=days_ago(app, world))
    assert packed.status_code == 303
    desk.set_offline(False)
    again = desk.new_page()
    again.goto(address)
    expect(again.locator("#unsent")).to_contain_text(copies[1])
    again.get_by_role("button", name="记下了，清掉").click()
    again.reload()
    expect(again.locator("#unsent")).to_be_hidden()


def test_a_scan_goes_to_its_field_wherever_the_cursor_stands(
    app: Flask, picking: Page, number: str, copies: list[str], unknown: list[str]
) -> None:
    scan(picking, unknown[0])
    title = picking.get_by_label("书名", exact=True)
    expect(title).to_be_focused()
    # The scanner does not wait for the title: the next book is a line, and what was written stays.
    picking.keyboard.type("没有登记过的书", delay=80)
    scan(picking, copies[0], a_second=2)
    settled(picking)
    expect(title).to_have_value("没有登记过的书")
    picking.keyboard.press("Enter")
    settled(picking)
    picking.get_by_role("button", name="开下一箱").focus()
    scan(picking, copies[1], a_second=2)
    settled(picking)
    assert lines(app, number) == [(copies[0], 2), (unknown[0], 2), (copies[1], 2)]
    picking.get_by_role("button", name="撤销这一本").click()
    expect(picking.get_by_role("status")).to_contain_text("拿掉了")
    assert lines(app, number) == [(copies[0], 2), (unknown[0], 2)]


def test_a_column_pasted_into_the_field_is_a_list(
    app: Flask, picking: Page, number: str, copies: list[str], unknown: list[str]
) -> None:
    picking.get_by_label("条码", exact=True).evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text", text);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        "\r\n".join([copies[0], unknown[0], copies[1], ""]),
    )
    settled(picking)
    assert lines(app, number) == [(copies[0], 2), (copies[1], 2)]
    expect(picking.get_by_role("status")).to_contain_text(f"条码 {unknown[0]} 不在账上")


def test_two_clerks_see_each_other_without_a_press(
    app: Flask, world: World, picking: Page, number: str, copies: list[str]
) -> None:
    other, batch = clerk_of(app, world), f"/work/batches/{number}"
    assert other.post(f"{batch}/boxes", htmx=True).status_code == 200
    assert other.scan(batch, copies[0], box="3").status_code == 200
    expect(picking.get_by_role("row").filter(has_text=copies[0])).to_be_visible(timeout=60_000)
    expect(picking.get_by_label("放进").first).to_have_value("2")
    scan(picking, f"{number}-3", copies[1], a_second=5)
    settled(picking)
    assert lines(app, number) == [(copies[0], 3), (copies[1], 3)]


def test_a_label_shows_the_box_at_hand(picking: Page, number: str, copies: list[str]) -> None:
    at_hand = picking.locator("[data-at-hand]")
    scan(picking, copies[0], copies[1])
    settled(picking)
    expect(at_hand).to_contain_text("第 2 箱")
    expect(at_hand).to_contain_text("2册")
    scan(picking, f"{number}-1")
    expect(at_hand).to_contain_text("第 1 箱")
    expect(at_hand).to_contain_text("0册")
    scan(picking, copies[2])
    settled(picking)
    expect(at_hand).to_contain_text("1册")


def test_what_a_pasted_column_could_not_add_stays_in_the_list(
    picking: Page, copies: list[str], unknown: list[str]
) -> None:
    picking.get_by_text("贴一列条码").click()
    picking.get_by_label("条码，一行一个").fill("\n".join([unknown[0], copies[0], unknown[1]]))
    picking.get_by_role("button", name="加入这一列").click()
    expect(picking.locator("#missed .num")).not_to_have_text("")
    address = picking.url.removesuffix("/copies/list")
    picking.goto(address)
    for code in unknown[:2]:
        expect(picking.locator("#missed")).to_contain_text(code)


def test_what_came_back_is_scanned_as_fast_and_a_book_of_others_is_written_down(
    app: Flask, desk: BrowserContext, server: Server, world: World, copies: list[str]
) -> None:
    """A return on the road: twenty scans a second, one of them of a copy of another point, one in no books."""
    with app.app_context(), transaction():
        act, point = world.act, world.place_ids[1]
        lots = [*db.session.scalars(select(Lot.id).where(Lot.barcode.in_(copies[:12])).order_by(Lot.id))]
        sent = batches.draft(act, NewBatch("delivery", act.today(), point))
        batches.add_lines(act, sent.id, [batches.NewLine(lot_id) for lot_id in lots])
        batches.dispatch(act, sent.id, act.today())
        batches.receive(act, sent.id, act.today())
        back = batches.collect(act, sent.id, act.today()).number
    page = desk.new_page()
    page.goto(f"{server.url}/work/batches/{back}/scan-back")
    page.route("**/scan-back", _slowly)
    scan(page, *copies[:10], copies[3], copies[30], "XW-0001")
    settled(page)
    expect(page.locator("#figures .figure").first).to_contain_text("10册")
    expect(page.get_by_role("status")).to_contain_text("条码 XW-0001 不在账上")
    expect(page.locator("#missed")).to_contain_text(copies[30])
    form = page.locator("#unknown")
    form.get_by_label("书名").fill("格林童话")
    form.get_by_label("是谁家的").fill("徐闻县图书馆")
    form.get_by_role("button", name="记为别家的书").click()
    expect(page.get_by_role("status")).to_contain_text("不进本馆的账")
    with app.app_context():
        batch_id = db.session.scalars(select(Batch.id).where(Batch.number == back)).one()
        assert db.session.query(BatchScan).filter_by(batch_id=batch_id).count() == 10
        item = db.session.query(FoundItem).filter_by(batch_id=batch_id).one()
        assert (item.code, item.title, item.whose) == ("XW-0001", "格林童话", "徐闻县图书馆")
        db.session.remove()
