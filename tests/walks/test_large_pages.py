"""The pages of batches with 3,300 copies, of a long list and of the longest names: they stay in their frame."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from branchnet import create_app
from branchnet.access.sessions import STAFF_COOKIE
from branchnet.config import Settings
from branchnet.extensions import db
from tests.support.engines import Engine
from tests.support.server import Server, serve
from tests.walks.addresses import secret_of
from tests.walks.large import Large, build_large
from tests.walks.walker import DESK, PHONE, Walker

pytestmark = pytest.mark.slow

LARGEST = 1_600_000
"""Bytes of a page: a paper with 3,300 of the longest titles."""
# Frames that move and say nothing of it, or are no stop for the keyboard; and the other way round.
_UNTOLD = """[...document.querySelectorAll('.table-wrap, .paper-scroll')].filter((frame) => {
  const moves = getComputedStyle(frame).overflowX !== 'visible' && frame.scrollWidth > frame.clientWidth + 1;
  return moves !== (frame.tabIndex === 0) || moves === frame.previousElementSibling.hidden;
}).map((frame) => frame.getAttribute('aria-label'))"""


@pytest.fixture(scope="module")
def large(engines: dict[str, Engine]) -> Iterator[tuple[Flask, Large]]:
    """The application on a database with the large network; inside its context."""
    url = engines["sqlite"].create()
    app = create_app(Settings(env="testing", database_url=url))
    made = build_large(app)
    with app.app_context():
        yield app, made
        db.session.remove()
        db.engine.dispose()
    engines["sqlite"].drop(url)


@pytest.fixture(scope="module")
def server(large: tuple[Flask, Large], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real gunicorn on it."""
    log: Path = tmp_path_factory.mktemp("large_pages") / "gunicorn.log"
    with serve(large[0].config["BRANCHNET"].database_url, log) as running:
        yield running


def test_the_clerks_pages(
    large: tuple[Flask, Large], server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    made = large[1]
    walker = _come_in(server, new_context)
    secret = secret_of(made.world.clerk_login)
    walker.page.context.add_cookies([{"name": STAFF_COOKIE, "value": secret, "url": server.url}])
    batches = [f"/work/batches/{number}" for number in (made.draft, made.half_there, made.coming_back)]
    looked_at = [
        "/work/",
        "/work/batches",
        *batches,
        f"{batches[0]}/lines",
        f"/work/lists/{made.list_id}",
        f"/work/points/{made.world.point_codes[0]}/books",
    ]
    papers = [f"{batches[1]}/papers/{paper}" for paper in ("handover-note", "labels")]
    papers += [f"/work/stocktakes/{made.stocktake}/sheet", f"/work/disposals/{made.disposal}/paper"]
    gone = [f"/work/stocktakes/{made.stocktake}", f"/work/stocktakes/{made.stocktake}/variance"]
    gone += [f"/work/disposals/{made.disposal}", "/work/registers/differences", "/work/registers/losses/copies"]
    assert [fault for path in looked_at for fault in _faults(walker, path, axe=True)] == []
    assert [fault for path in gone for fault in _faults(walker, path, axe=path.endswith(made.stocktake))] == []
    # Axe reads these papers of a small batch elsewhere: here it would read 3,300 rows of one and the same kind.
    assert [fault for path in papers for fault in _faults(walker, path, axe=False)] == []
    assert walker.complaints == []


def test_the_teachers_pages(
    large: tuple[Flask, Large], server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    made = large[1]
    walker = _come_in(server, new_context)
    walker.go(f"/t/{made.world.token}")
    point = f"/my/{made.world.point_codes[0]}"
    paths = ["/my", point, f"{point}/receive/{made.half_there}", f"{point}/received/{made.half_there}"]
    assert [fault for path in paths for fault in _faults(walker, path, axe=True)] == []
    assert walker.complaints == []


def _come_in(server: Server, new_context: Callable[..., BrowserContext]) -> Walker:
    return Walker(new_context(viewport=DESK).new_page(), server.url)


def _faults(walker: Walker, path: str, axe: bool) -> list[str]:
    """What is wrong with a page, on a phone with everything unfolded and on a desk."""
    answer = walker.page.goto(walker.url + path)
    assert answer is not None
    assert answer.status == 200, path
    size = len(answer.body())
    faults = [f"{path} has {size:,} bytes"] if size > LARGEST else []
    for screen in (DESK, PHONE):
        walker.page.set_viewport_size({"width": screen["width"], "height": screen["height"]})
        walker.page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })")
        # Two frames of drawing: the page hears of its new size with the first.
        walker.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        faults += walker.faults(axe=axe and screen == PHONE)
        faults += [f"{path} at {screen['width']} px: {frame} does not tell" for frame in walker.page.evaluate(_UNTOLD)]
    return faults
