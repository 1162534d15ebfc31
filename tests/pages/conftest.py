"""A small network under every page."""

import os

import pytest
from flask import Flask

from tests.pages.desk import Desk, clerk_of
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


@pytest.fixture(params=ENGINES if os.environ.get("BRANCHNET_FULL") else ENGINES[:1])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Pages stand on queries and commands that are tested on every engine: the long run opens them on each as well."""
    return str(request.param)
