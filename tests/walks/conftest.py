"""People at browsers of their own, and what they find near the first point."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from branchnet.extensions import transaction
from branchnet.points.commands import NewCommunity, Position, register_communities
from tests.support.server import Server
from tests.support.world import World, build_world
from tests.walks.walker import Walker

Arrive = Callable[..., Walker]

NEAR = ("文东社区", "南桥村", "前进社区")
"""Within 3 km of the first point; 田头村 lies across the water."""
COMMUNITIES = (
    NewCommunity("county", "赤坎区", "440802000000"),
    NewCommunity("county", "坡头区", "440804000000"),
    NewCommunity("town", "中山街道", "440802004000", position=Position(21.2768, 110.3574, "exact")),
    NewCommunity(
        "residential", NEAR[0], "440802004002", town="中山街道", position=Position(21.2719, 110.3588, "exact")
    ),
    NewCommunity("village", NEAR[1], "440802007200", town="南桥街道", position=Position(21.2722, 110.3627, "exact")),
    NewCommunity("residential", NEAR[2], "440802001003", town="中华街道", position=Position(21.271, 110.3535, "exact")),
    NewCommunity("town", "南三镇", "440804100000", position=Position(21.1535, 110.5484, "exact")),
    NewCommunity("village", "田头村", "440804100201", town="南三镇", position=Position(21.1502, 110.5501, "exact")),
)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Everybody here brings a screen of their own."""
    return {name: value for name, value in browser_context_args.items() if name != "viewport"}


@pytest.fixture
def world(app: Flask) -> World:
    """A network with people, points and books, and the villages around its first point."""
    made = build_world(app)
    with app.app_context(), transaction():
        register_communities(made.act, COMMUNITIES)
    return made


@pytest.fixture
def arrive(new_context: Callable[..., BrowserContext], live_server: Server) -> Iterator[Arrive]:
    """`arrive(viewport=PHONE, …)`: somebody with a browser of their own. Fails where a console complained."""
    came: list[Walker] = []

    def make(**options: Any) -> Walker:
        came.append(Walker(new_context(**options).new_page(), live_server.url))
        return came[-1]

    yield make
    assert [complaint for walker in came for complaint in walker.complaints] == []
