"""A teacher's phone: a real browser on a real server, whose network can be taken away."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from branchnet import create_app
from branchnet.access.commands import answers_for
from branchnet.calendar.rules import month_of, previous_month
from branchnet.config import Settings
from branchnet.extensions import db, transaction
from branchnet.models import ReadingRevision
from branchnet.points.commands import NewPoint, open_point
from tests.support.engines import Engine
from tests.support.server import Server, serve
from tests.support.world import World, build_world

PHONE = {"width": 360, "height": 640}
FIELDS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans")
POINTS = 10
MONTHS = 4


@dataclass(slots=True)
class Phone:
    """A browser context of a teacher, and what its pages do."""

    context: BrowserContext
    url: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open an address of the server, or what the phone has of it."""
        self.page.goto(self.url + path)

    def another_tab(self, path: str) -> Page:
        """The same phone, one more page."""
        page = self.context.new_page()
        page.goto(self.url + path)
        return page

    def type(self, *numbers: int | str) -> None:
        """Type the numbers into the form, one after the other."""
        for name, number in zip(FIELDS, numbers, strict=False):
            self.page.locator(f"[name={name}]").fill(str(number))

    def press(self) -> None:
        """Press the button, once."""
        self.page.get_by_role("button", name="报上去").click()

    def until(self, holds: str) -> None:
        """Wait for what a script of the page says; a promise is waited for as well."""
        deadline = time.monotonic() + 20
        while not self.page.evaluate(f"async () => Boolean({holds})"):
            assert time.monotonic() < deadline, holds
            time.sleep(0.1)

    def waits(self, count: int) -> None:
        """So many are not sent yet, and the page says so."""
        strip = self.page.locator("#unsent summary")
        if count:
            expect(strip).to_have_text(f"未上传 {count} 条", timeout=20_000)
        else:
            expect(strip).to_be_hidden(timeout=20_000)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Every phone brings a screen of its own."""
    return {name: value for name, value in browser_context_args.items() if name != "viewport"}


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
    """A network whose teacher answers for `POINTS` points, open for `MONTHS` months and more."""
    made = build_world(app)
    with app.app_context(), transaction():
        for number in range(1, POINTS):
            new = NewPoint(f"K-{number:02}", f"村小{number}", "mobile_point", made.begun_on, opened_on=made.begun_on)
            answers_for(made.act, made.teacher_id, open_point(made.act, new), made.begun_on)
    return made


@pytest.fixture(scope="module")
def server(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real gunicorn on it."""
    log: Path = tmp_path_factory.mktemp("readings") / "gunicorn.log"
    with serve(app.config["BRANCHNET"].database_url, log) as running:
        yield running


@pytest.fixture(scope="module")
def windows(world: World) -> list[str]:
    """The forms of months that are over, of every point."""
    months = [previous_month(month_of(date.today().replace(day=1)))]  # noqa: DTZ011 - the browser's own day
    while len(months) < MONTHS:
        months.append(previous_month(months[-1]))
    codes = [world.point_codes[0], *(f"K-{number:02}" for number in range(1, POINTS))]
    return [f"/my/{code}/report/{month}" for code in codes for month in months]


@pytest.fixture
def a_phone(new_context: Callable[..., BrowserContext], server: Server, world: World) -> Callable[..., Phone]:
    """Make a phone on which the link was opened: `a_phone()`, or one without a service worker."""

    def make(**options: Any) -> Phone:
        context = new_context(viewport=PHONE, is_mobile=True, has_touch=True, **options)
        phone = Phone(context, server.url, context.new_page())
        phone.page.on("pageerror", lambda error: phone.complaints.append(str(error)))
        phone.open(f"/t/{world.token}")
        return phone

    return make


@pytest.fixture
def revisions(app: Flask) -> Callable[[], list[ReadingRevision]]:
    """What the database has, oldest first; only what came since this test began."""
    with app.app_context():
        before = set(db.session.scalars(select(ReadingRevision.id)))
        db.session.remove()

    def read() -> list[ReadingRevision]:
        with app.app_context():
            db.session.rollback()
            found = db.session.scalars(select(ReadingRevision).order_by(ReadingRevision.id)).all()
            return [row for row in found if row.id not in before]

    return read


def days_before(days: int) -> date:
    """A day in the past."""
    return date.today() - timedelta(days=days)  # noqa: DTZ011 - the browser's own day
