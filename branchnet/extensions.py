"""The database, and ``transaction()``: the only place that commits. ``rehearsal()`` never does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_smorest import Api
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy.orm import scoped_session

from branchnet.database import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address)
api = Api()

AFTER_COMMIT = "branchnet_after_commit"


@contextmanager
def rehearsal() -> Iterator[scoped_session[Session]]:
    """Run a command's writes and take every one of them back: what it would do, with nothing done.

    It waits for its turn as a command does, for it locks what that would lock; nothing is asked of the queue.
    """
    held = db.session
    _begin(held)
    try:
        yield held
    finally:
        held.rollback()
        held.info.pop(AFTER_COMMIT, None)


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """Run a command's writes as one transaction, commit, then do what was asked for after the commit.

    On SQLite a read transaction that later writes fails at once, whatever the timeout: so the read transaction is
    ended and an IMMEDIATE one begun. Writers queue; readers do not. On PostgreSQL each statement sees what is committed
    by then: what was begun by reading goes on, which saves four ways to the server, and what it read is forgotten.
    """
    held = db.session
    _begin(held)
    try:
        yield held
        held.commit()
    except BaseException:
        held.rollback()
        raise
    for call in held.info.pop(AFTER_COMMIT, []):
        call()


def _begin(held: scoped_session[Session]) -> None:
    on_sqlite = held.get_bind().dialect.name == "sqlite"
    if on_sqlite or held.new or held.dirty or held.deleted:
        held.rollback()
    held.expire_all()
    held.info[AFTER_COMMIT] = []
    if on_sqlite:
        held.connection(execution_options={"branchnet_begin": "BEGIN IMMEDIATE"})


def after_commit(call: Callable[[], None]) -> None:
    """Do this once the surrounding transaction is committed: telling a queue, never writing a row."""
    db.session.info[AFTER_COMMIT].append(call)
