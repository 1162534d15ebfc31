"""Papers as the browser prints them: as many sheets as they say, nothing beside them."""

import re

import pytest
from playwright.sync_api import expect

from branchnet.batches.commands import Goods
from tests.papers.books import LONG, books
from tests.papers.conftest import Make
from tests.support.world import World
from tests.walks.conftest import Arrive, arrive, browser_context_args
from tests.walks.walker import DESK, PHONE, Walker

__all__ = ["arrive", "browser_context_args"]

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def sheets(walker: Walker) -> int:
    """How many sheets of A4 this page prints on."""
    return len(re.findall(rb"/Type\s*/Page\b", walker.page.pdf(prefer_css_page_size=True)))


def test_every_paper_prints_on_its_sheets(arrive: Arrive, world: World, make: Make) -> None:
    goods = (Goods("equipment", "书架", "个", 2), Goods("stationery", "彩色铅笔", "批"))
    short = make(books(7), counted=10, boxes=2, goods=goods)
    long = make([*books(40, first=100), *books(13, first=200, title=LONG[:39])], counted=0, boxes=9)
    walker = arrive(viewport=DESK)
    walker.sign_in(world.clerk_login, world.password)
    for path, count in (
        (f"{short}/papers/handover-note", 1),
        (f"{long}/papers/handover-note?list=no&copies=3", 1),
        (f"{long}/papers/handover-note", 3),
        (f"{short}/papers/packing-list", 3),
        (f"{long}/papers/labels", 2),
        (f"{short}/papers/overdue-letter", 1),
    ):
        walker.go(f"/work/batches/{path}")
        walker.look()
        assert sheets(walker) == count, path
    walker.page.emulate_media(media="print")
    expect(walker.page.get_by_role("article")).to_be_visible()
    expect(walker.page.get_by_role("banner")).to_be_hidden()
    expect(walker.page.get_by_role("button", name="打印")).to_be_hidden()
    walker.page.emulate_media(media="screen")
    walker.page.set_viewport_size(PHONE)
    for name in ("handover-note", "labels"):
        walker.go(f"/work/batches/{long}/papers/{name}")
        walker.look()


def test_a_list_that_needs_no_moving_keeps_the_line_over_it(arrive: Arrive, world: World, make: Make) -> None:
    number = make(books(2), counted=10)
    walker = arrive(viewport=DESK)
    walker.sign_in(world.clerk_login, world.password)
    walker.go(f"/work/batches/{number}/papers/missing")
    # What watches the frames is told of them before a frame is painted.
    walker.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(walker.page.get_by_text("下列图书还没有收回")).to_be_visible()
