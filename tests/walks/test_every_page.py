"""Every page of everybody, on the demo: it comes up, axe finds nothing, and nothing sticks out on desk or phone."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from branchnet import create_app
from branchnet.access.sessions import STAFF_COOKIE
from branchnet.config import Settings
from branchnet.extensions import db
from tests.support.demo import demo_today
from tests.support.engines import Engine
from tests.support.server import Server, serve
from tests.walks.addresses import LOGINS, PEOPLE, TEACHERS, addresses, endpoints, link_of, secret_of
from tests.walks.beyond import add_a_trip, add_losses, add_what_comes_back
from tests.walks.walker import DESK, PHONE, Walker

pytestmark = pytest.mark.slow

WHOLE = bool(os.environ.get("BRANCHNET_FULL"))
MANY = 2
"""Addresses of one kind of page that are opened every day; the whole run opens all."""
FEW = 1
"""And so many are looked at by axe, which takes longest; the whole run looks at all."""
REFUSED = {
    "visitor": {"/my": 404, "/t/aaaaaaaaaaaaaaaaaaaaaaaa": 404, "/nowhere": 404},
    "clerk": {"/admin/people": 403, "/work/batches/00-000": 404},
    "teacher of a mobile point": {"/my/ZJ-D01": 404},
}


@pytest.fixture(scope="module")
def demo(engines: dict[str, Engine]) -> Iterator[Flask]:
    """The application on a database that holds the demo as it is today, with its facts; inside its context."""
    url = demo_today(engines["sqlite"])
    app = create_app(Settings(env="testing", database_url=url))
    with app.app_context():
        add_a_trip()
        add_losses()
        add_what_comes_back()
        yield app
        db.session.remove()
        db.engine.dispose()
    engines["sqlite"].drop(url)


@pytest.fixture(scope="module")
def server(demo: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real gunicorn on it."""
    log: Path = tmp_path_factory.mktemp("every_page") / "gunicorn.log"
    with serve(demo.config["BRANCHNET"].database_url, log) as running:
        yield running


@pytest.fixture
def come_in(demo: Flask, server: Server, new_context: Callable[..., BrowserContext]) -> Callable[[str], Walker]:
    """Somebody at a desk, signed in or with their link opened."""

    def enter(person: str) -> Walker:
        context = new_context(viewport=DESK)
        walker = Walker(context.new_page(), server.url)
        if person in LOGINS:
            context.add_cookies([{"name": STAFF_COOKIE, "value": secret_of(LOGINS[person]), "url": server.url}])
        elif person in TEACHERS:
            walker.go(link_of(TEACHERS[person]))
        return walker

    return enter


@pytest.mark.parametrize(
    ("person", "half"), [("clerk", 0), ("clerk", 1), *((who, None) for who in PEOPLE if who != "clerk")]
)
def test_every_page_comes_up_and_is_fit_to_be_read(
    demo: Flask, come_in: Callable[[str], Walker], person: str, half: int | None
) -> None:
    """The clerk has more pages than all the others: they are walked in two halves, for two workers."""
    walker, faults = come_in(person), []
    # What the clerk walks too is seen there, with more on it than others are shown; that others may see it, and no
    # more than they may, is held by the tests of access. The whole run opens it for everybody.
    known = set() if person == "clerk" else set(addresses(demo, "clerk"))
    for endpoint, paths in list(addresses(demo, person).items())[half :: 1 if half is None else 2]:
        for at, path in enumerate(paths if WHOLE else [] if endpoint in known else paths[:MANY]):
            assert walker.go(path) == 200, path
            faults += faults_on_both_screens(walker, axe=endpoint not in known and (WHOLE or at < FEW))
    assert faults == []
    assert walker.complaints == []


@pytest.mark.parametrize(("person", "path", "status"), [(who, *one) for who in REFUSED for one in REFUSED[who].items()])
def test_a_refusal_is_a_page_too(come_in: Callable[[str], Walker], person: str, path: str, status: int) -> None:
    walker = come_in(person)
    assert walker.go(path) == status
    assert faults_on_both_screens(walker) == []


def test_no_page_is_left_out(demo: Flask) -> None:
    seen = {endpoint for person in PEOPLE for endpoint, paths in addresses(demo, person).items() if paths}
    assert seen == endpoints(demo)


def faults_on_both_screens(walker: Walker, axe: bool = True) -> list[str]:
    """What is wrong with the page that is open, on a desk and on a phone."""
    faults = []
    for size in (DESK, PHONE):
        walker.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        # What a page does when its size changes comes with the next picture.
        walker.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        # What axe finds hardly depends on the screen; the whole run looks at both.
        faults += walker.faults(axe=axe and (size is DESK or WHOLE), colours=size is DESK)
    return faults
