"""A small network, inside the application's context."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """People, points and books in the database of `app`."""
    made = build_world(app)
    with app.app_context():
        yield made
