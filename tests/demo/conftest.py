"""The demo, loaded once a run on each engine: it is what takes long. Tests read it, and leave its sums alone.

They run in one process: in two, each would wait for the same loading (tests.support.together).
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from branchnet import create_app
from branchnet.config import Settings
from branchnet.extensions import db
from tests.support.demo import demo_at_noon
from tests.support.engines import ENGINES, Engine


@pytest.fixture(scope="session", params=ENGINES)
def loaded(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Iterator[Flask]:
    """The application on a database that holds the whole demo."""
    engine = engines[request.param]
    url = demo_at_noon(engine)
    app = create_app(Settings(env="testing", database_url=url))
    yield app
    with app.app_context():
        db.engine.dispose()
    engine.drop(url)


@pytest.fixture
def demo(loaded: Flask) -> Iterator[Flask]:
    """The same, inside its context."""
    with loaded.app_context():
        yield loaded
        db.session.remove()
