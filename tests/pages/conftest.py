"""A small network under every page."""

import os
from collections.abc import Callable

import pytest
from flask import Flask

from branchnet.calendar.rules import month_of, previous_month
from tests.pages.desk import Desk, clerk_of, sit_down
from tests.support.engines import ENGINES
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    """A network with people, points and books in the database of `app`."""
    return build_world(app)


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    """The clerk of `world`, at the desk."""
    return clerk_of(app, world)


@pytest.fixture
def manager(app: Flask, world: World) -> Desk:
    """The manager of `world`."""
    return sit_down(app, world.manager_login, world.password)


@pytest.fixture
def ago(app: Flask, world: World) -> Callable[[int], str]:
    """The month so many months before the running one."""

    def month(count: int) -> str:
        with app.app_context():
            found = month_of(world.act.today())
        for _ in range(count):
            found = previous_month(found)
        return found

    return month


@pytest.fixture(params=ENGINES if os.environ.get("BRANCHNET_FULL") else ENGINES[:1])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Pages stand on queries and commands that are tested on every engine: the long run opens them on each as well."""
    return str(request.param)
