"""A person at a browser: goes on by what can be seen, and looks at every page that comes up."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 640}

# Where nothing sticks out, the page is as wide as the screen; what scrolls inside its own frame is no matter.
_WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"
_WHOLE = "() => document.readyState === 'complete' && document.body !== null"


class Walker:
    """Watches a page from its first request: its console, and what the server refuses."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.emulate_media(reduced_motion="reduce")
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("crash", lambda _page: self.complaints.append(f"{page.url}: crashed"))

    def go(self, path: str) -> int | None:
        """Open an address of the server. Returns the answer's status, where the browser tells it."""
        answer = self.page.goto(self.url + path)
        return None if answer is None else answer.status

    @contextmanager
    def turning(self) -> Iterator[None]:
        """What is pressed in the block leads to another page: behind it stands the new one, whole."""
        with self.page.expect_navigation():
            yield
        self.whole()

    def whole(self) -> None:
        """Wait until the document is all there: one that is just being replaced has nothing in it yet."""
        self.page.wait_for_load_state()
        self.page.wait_for_function(_WHOLE)

    def look(self) -> None:
        """This page is fit to be read: nothing for axe, nothing sticks out, the console is quiet."""
        faults = self.faults()
        assert not faults, faults
        assert not self.complaints, self.complaints

    def faults(self, axe: bool = True, colours: bool = True) -> list[str]:
        """What axe finds here (the rule, and the first element that breaks it), and whether the page is too wide.

        ``colours``: whether contrast is looked at, which takes longest and is the same on every screen.
        """
        self.whole()
        where = self.page.url.removeprefix(self.url)
        needed, wide = self.page.evaluate(_WIDTHS)
        asked = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
        found = Axe().run(self.page, options=asked).response["violations"] if axe else []
        said = [f"{where} at {wide} px: {one['id']}: {one['nodes'][0]['html']}" for one in found]
        return said + ([f"{where} is {needed} px wide on a screen of {wide} px"] if needed > wide else [])

    def sign_in(self, login: str, password: str) -> None:
        """From the door to one's first page."""
        self.go("/sign-in")
        self.look()
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(password)
        with self.turning():
            self.page.get_by_role("button", name="登录").click()
        assert not self.page.url.endswith("/sign-in")

    def _note(self, message: ConsoleMessage) -> None:
        # A policy that is broken, an address that is refused and a failed script are all told as errors.
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")
