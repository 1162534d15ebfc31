"""What was kept is sent by the worker alone: the page was closed without a network, and nobody opens it again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, expect

from branchnet.models import ReadingRevision
from tests.phones.conftest import PHONE, Phone
from tests.support.server import Server
from tests.support.world import World

# Chromium tries a sync that failed again after five minutes, then fifteen, then never: here every other second.
_RETRY = "initial_retry_delay_sec/2/retry_delay_factor/1/max_sync_attempts/99/min_recovery_time_sec/1"
QUICK = (
    "--force-fieldtrials=BackgroundSync/Quick/",
    f"--force-fieldtrial-params=BackgroundSync.Quick:{_RETRY}",
)
RETRIES_S = 5
"""Long enough for two of them."""
PATIENCE_S = 90


@pytest.fixture
def phone(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    server: Server,
    world: World,
    tmp_path: Path,
) -> Iterator[Phone]:
    """A browser with a profile on disk, as a phone has: a private window keeps nothing once its pages are closed."""
    options = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *QUICK]}
    context = browser_type.launch_persistent_context(tmp_path, **options, **browser_context_args, viewport=PHONE)
    made = Phone(context, server.url, context.new_page())
    made.open(f"/t/{world.token}")
    yield made
    context.close()


def pressed(phone: Phone, window: str, visits: int) -> None:
    """A month is filled in and pressed without a network."""
    phone.open(window)
    phone.type(visits)
    phone.press()


def test_the_worker_sends_when_the_network_is_back(
    phone: Phone, windows: list[str], revisions: Callable[[], list[ReadingRevision]]
) -> None:
    """A month, its correction and another month: sent in their order, once; the page learns of it when it is opened."""
    for window in windows[:2]:
        phone.open(window)
        phone.until("navigator.serviceWorker.controller && await caches.match(location.href)")
    phone.context.set_offline(True)
    pressed(phone, windows[0], 11)
    pressed(phone, windows[0], 12)
    pressed(phone, windows[1], 21)
    phone.waits(3)
    phone.until("(await (await caches.open('branchnet unsent')).keys()).length === 3")
    phone.page.close()
    time.sleep(RETRIES_S)
    assert revisions() == []
    phone.context.set_offline(False)
    deadline = time.monotonic() + PATIENCE_S
    while len(revisions()) < 3:
        assert time.monotonic() < deadline, "nothing was sent while no page was open"
        time.sleep(0.2)
    sent = [(row.number, row.in_school_visits, row.outcome) for row in revisions()]
    assert sent == [(1, 11, "applied"), (2, 12, "applied"), (1, 21, "applied")]
    phone.page = phone.another_tab("/my")
    phone.waits(0)
    for row in revisions():
        expect(phone.page.locator("#arrived")).to_contain_text(row.receipt)
    assert len(revisions()) == len(sent)
