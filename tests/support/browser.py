"""Fixtures of the walks in a real browser: Debian's Chromium, and no request that leaves this machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HOME = frozenset({"127.0.0.1"})
# What a page makes itself asks no server.
WITHOUT_SERVER = frozenset({"data", "blob", "about"})


# A machine with little time to spare takes longer than the five seconds that Playwright waits by itself.
expect.set_options(timeout=20_000)


def chromium() -> str:
    """The browser that scripts/test found, or the first on PATH."""
    found = os.environ.get("BRANCHNET_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: run scripts/test, which installs it or says how.")
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium: Playwright's own would be a download."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(ARGUMENTS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in China, on a desk; a test of the phone sets the page's own size."""
    size = {"width": 1280, "height": 900}
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": size}


@pytest.fixture
def outside_requests() -> Iterator[list[str]]:
    """The addresses beyond this machine that a page asked for; the test fails where there is one."""
    seen: list[str] = []
    yield seen
    assert not seen, f"pages asked other servers: {sorted(set(seen))}"


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], outside_requests: list[str]
) -> Callable[..., BrowserContext]:
    """Watch every context, whichever test makes it: `page` and `context` come from here too."""

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in WITHOUT_SERVER and parts.hostname not in HOME:
            outside_requests.append(request.url)

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("request", note)
        return context

    return make
