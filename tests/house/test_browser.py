"""The browser under the walks is real, reads Chinese, and a request that leaves this machine is seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.server import Server

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def forgiven(outside_requests: list[str]) -> Iterator[list[str]]:
    """What was asked of other servers, forgotten at the end: here it is the test's own doing."""
    yield outside_requests
    outside_requests.clear()


def test_a_page_comes_from_a_real_server(page: Page, live_server: Server) -> None:
    answer = page.goto(f"{live_server.url}/status/ready")
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("navigator.language") == "zh-CN"


def test_a_request_that_leaves_is_seen(page: Page, live_server: Server, forgiven: list[str]) -> None:
    page.goto(f"{live_server.url}/status/ready")
    assert forgiven == []
    page.goto("about:blank")  # where no policy of ours forbids the request
    page.evaluate("fetch('http://library.invalid/font.woff2').catch(() => null)")
    assert forgiven == ["http://library.invalid/font.woff2"]
