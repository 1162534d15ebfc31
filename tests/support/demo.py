"""The demo, loaded once a run on each engine and copied for whoever reads it: loading is what takes long."""

from datetime import UTC, datetime

from branchnet import clock, create_app
from branchnet.config import Settings
from branchnet.demo import load
from branchnet.extensions import db
from branchnet.jobs import runner
from tests.support.engines import Engine, migrate

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""When the story's own tests stand: midday in China."""


def demo_at_noon(engine: Engine) -> str:
    """A database that holds the demo as it is on a day that never changes, before any job has run."""
    return engine.copy("demo_at_noon", _load_at_noon)


def demo_today(engine: Engine) -> str:
    """A database that holds the demo as it is today, with its facts: for a real server, which lives today too."""
    return engine.copy("demo_today", _load_today)


def _load_at_noon(url: str) -> None:
    migrate(url)
    app = create_app(Settings(env="testing", database_url=url))
    with app.app_context(), clock.at(NOON):
        load.load()
        db.session.remove()
        db.engine.dispose()


def _load_today(url: str) -> None:
    migrate(url)
    app = create_app(Settings(env="testing", database_url=url))
    with app.app_context():
        load.load()
        runner.work_all()
        db.session.remove()
        db.engine.dispose()
