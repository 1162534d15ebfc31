"""The application as it runs, with limits to how often one may ask: tests have none."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from branchnet import create_app
from branchnet.config import Settings
from branchnet.extensions import db


@contextmanager
def limited(database_url: str) -> Iterator[FlaskClient]:
    """A client of it."""
    app = create_app(Settings(env="development", database_url=database_url))
    yield app.test_client()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
