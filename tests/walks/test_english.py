"""The switch to English works on every page of the walks: with names in Latin letters nothing Chinese is left."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from branchnet.batches import commands as batches
from branchnet.calendar.rules import month_of, next_month
from branchnet.coverage import facts
from branchnet.extensions import transaction
from branchnet.models import Batch
from branchnet.points.commands import NewCommunity, Position, register_communities
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from branchnet.trips.commands import TripAsked, add_vehicle, write_trip
from tests.support.world import LATIN, World, build_world
from tests.walks.conftest import Arrive
from tests.walks.walker import DESK, PHONE, Walker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# All text and the attributes that are read out; the outlines' own names of counties are data, and the switch names
# the other language in that language.
EVERYTHING = """() => {
  const data = ".map-county-name, [hreflang], script, style";
  const texts = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest(data)) texts.push(walk.currentNode.data);
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], [alt], [data-confirm]")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-confirm"]) {
      if (one.hasAttribute(name)) texts.push(one.getAttribute(name));
    }
  }
  return texts.map((text) => text.trim()).filter(Boolean);
}"""
COVERAGE = (
    "/manage/coverage?by=town",
    "/manage/coverage/list?definition=in_operation&of_what=point",
    "/manage/coverage/publish",
    "/manage/coverage/thresholds",
)
NEAR = NewCommunity(
    "village", "Nanqiao", "440802007200", town="Nanqiao Street", position=Position(21.2722, 110.3627, "exact")
)


@pytest.fixture
def world(app: Flask) -> World:
    """A network whose names are in Latin letters."""
    made = build_world(app, names=LATIN)
    with app.app_context(), transaction():
        register_communities(made.act, [NewCommunity("county", "Chikan", "440802000000"), NEAR])
    return made


@pytest.fixture
def pages(app: Flask, world: World) -> dict[str, list[str]]:
    """By person the addresses of their pages: a batch being picked, one on the road, a month that was reported."""
    point, month = world.point_codes[0], next_month(month_of(world.begun_on))
    with app.app_context():
        with transaction():
            today = world.act.today()
            picked, sent, counted = _batch(world, 30), _batch(world, 20), _batch(world, 10)
            for batch in (sent, counted):
                batches.dispatch(world.act, batch.id, today)
            batches.receive(world.act, counted.id, today, {0: 9, 1: 1}, damaged={0: 2})
            vehicle = add_vehicle(world.act, "G12345", "Bookmobile", True, world.begun_on)
            trip = write_trip(world.act, TripAsked(today, vehicle, batch_ids=[picked.id, sent.id]))
            numbers = (picked.number, sent.number, counted.number)
            losses = _losses(world)
            receipt = submit_month(world.act, world.point_ids[0], month, Report(12, 3, 0, None), Sent("link")).number
        with transaction():
            facts.refresh(world.act)
    batch_pages = [f"/work/batches/{number}" for number in numbers]
    link_page = f"/work/teachers/{world.teacher_id}"
    lists = ["/work/", "/work/batches", "/work/batches/new", "/work/points", "/work/teachers", "/work/teachers/cards"]
    trips = ["/work/vehicles", "/work/trips", f"/work/trips/{trip}", f"/work/trips/{trip}/sheet"]
    return {
        "visitor": ["/sign-in", f"/my-link?in={world.slug}"],
        "clerk": [*lists, *batch_pages, f"{batch_pages[0]}/lines", link_page, *trips, f"{trips[2]}/edit", *losses],
        "manager": [*lists[:2], *batch_pages, "/manage/", "/manage/map", f"/manage/points/{point}", *COVERAGE],
        "admin": ["/admin/people"],
        "teacher": [
            f"/my/{point}",
            f"/my/{point}/losses",
            f"/my/{point}/change",
            "/my-handover",
            f"/my/{point}/lesson",
            f"/my/{point}/receive/{numbers[1]}",
            f"/my/{point}/received/{numbers[2]}",
            f"/my/{point}/report/{month}",
            f"/my/{point}/report/{month_of(world.begun_on)}",
            f"/my/{point}/receipt/{receipt}",
        ],
    }


def _losses(world: World) -> list[str]:
    """Books that are lost and found again, in repair, withdrawn, and waiting: the pages that tell of them."""
    act, lot_id, today = world.act, world.counted_lot_id, world.act.today()
    cases = []
    for kind, end in (("short", "lost"), ("damaged", "repaired"), ("short", "lost")):
        cases.append(batches.report(act, world.place_ids[0], kind, 1, today, lot_id))
        batches.resolve(act, cases[-1], end, today)
        if not cases[1:]:
            batches.agree_to_pay(act, cases[0], 2_500, today)
            disposal = batches.draft_disposal(act, today)
            batches.approve_disposal(act, disposal.id, "No. 7", today)
            found = batches.find_again(act, lot_id, "withdrawn", world.place_ids[0], today)
    cases.append(batches.report(act, world.place_ids[0], "short", 1, today))
    registers = [
        f"/work/registers/{name}" for name in ("differences", "losses", "losses/copies", "repairs", "disposals")
    ]
    shown = [f"/work/cases/{case_id}" for case_id in cases]
    disposals = [f"/work/disposals/{name}" for name in ("new", disposal.number, f"{disposal.number}/paper")]
    others = [
        "/work/losses/new",
        "/work/wear",
        "/work/repairs/1",
        f"/work/copies/{lot_id}",
        f"/work/copies/{lot_id}/found",
    ]
    return ["/work/registers", *registers, *shown, *disposals, *others, f"/work/found/{found}/reverse"]


def _batch(world: World, quantity: int) -> Batch:
    """A batch for the first point: two copies by barcode and a counted lot, the first in a box."""
    new = batches.NewBatch("allocation", world.act.today(), world.place_ids[0])
    batch = batches.draft(world.act, new)
    box = batches.open_box(world.act, batch.id).number
    lots = world.serial_lot_ids[quantity // 10 :][:1]
    lines = [batches.NewLine(lot, 1, box) for lot in lots] + [batches.NewLine(world.counted_lot_id, quantity)]
    batches.add_lines(world.act, batch.id, lines)
    return batch


def test_nothing_chinese_is_left(arrive: Arrive, pages: dict[str, list[str]], world: World) -> None:
    """On nobody's pages; one server serves them all, for starting one takes as long as looking at them."""
    left = []
    for person, (first, *others) in pages.items():
        walker = come_in(arrive, world, person)
        left += [f"{first}: {text}" for text in chinese_on_switching(walker, first)]
        left += [f"{path}: {text}" for path in others for text in chinese_on(walker, path)]
    assert not left, "\n".join(left)


def test_the_card_on_the_map_is_in_english(arrive: Arrive, pages: dict[str, list[str]], world: World) -> None:
    walker = come_in(arrive, world, "manager")
    with walker.turning():
        walker.page.get_by_role("link", name="English").click()
    with walker.turning():
        walker.page.get_by_role("link", name="Map", exact=True).click()
    expect(walker.page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    walker.page.locator("[data-point]").first.click()
    expect(walker.page.get_by_role("article").get_by_role("heading")).to_have_text(LATIN.mobile_point)
    assert chinese_texts(walker) == []
    walker.look()


def come_in(arrive: Arrive, world: World, person: str) -> Walker:
    """Somebody with their own screen, signed in or with their link opened."""
    if person == "teacher":
        walker = arrive(viewport=PHONE, is_mobile=True, has_touch=True)
        walker.go(f"/t/{world.token}")
        return walker
    walker = arrive(viewport=DESK)
    if person != "visitor":
        walker.sign_in(getattr(world, f"{person}_login"), world.password)
    return walker


def chinese_on(walker: Walker, path: str) -> list[str]:
    """A page in English, as long as nobody switches back. axe has seen it in Chinese; its words may be longer now."""
    walker.go(path)
    expect(walker.page).to_have_url(walker.url + path)
    expect(walker.page.locator("html")).to_have_attribute("lang", "en")
    assert walker.faults(axe=False) == []
    return chinese_texts(walker)


def chinese_on_switching(walker: Walker, path: str) -> list[str]:
    """Switch a page to English with its own switch, look at it; there and back, and it stays English."""
    walker.go(path)
    expect(walker.page).to_have_url(walker.url + path)
    html = walker.page.locator("html")
    expect(html).to_have_attribute("lang", "zh-CN")
    with walker.turning():
        walker.page.get_by_role("link", name="English").click()
    expect(html).to_have_attribute("lang", "en")
    assert walker.page.url == walker.url + path
    left = chinese_texts(walker)
    walker.look()
    for language, name in (("zh-CN", "中文"), ("en", "English")):
        with walker.turning():
            walker.page.get_by_role("link", name=name).click()
        expect(html).to_have_attribute("lang", language)
    return left


def chinese_texts(walker: Walker) -> list[str]:
    """The texts of a page that have a Chinese character, or a mark of Chinese writing."""
    return [text for text in walker.page.evaluate(EVERYTHING) if CHINESE.search(text)]
