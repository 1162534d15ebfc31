"""A small network under every page, and a ledger at the clerk's hand."""

import pytest
from flask import Flask

from tests.opening.ledgers import Ledgers
from tests.pages.desk import Desk, clerk_of
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    """A network with two points, before its own ledger comes in."""
    return build_world(app)


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    """The clerk of `world`, at the desk."""
    return clerk_of(app, world)


@pytest.fixture
def ledgers(app: Flask, world: World, clerk: Desk) -> Ledgers:
    """Brings ledgers as the clerk does."""
    return Ledgers(app, world, clerk)
