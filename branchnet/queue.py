"""Jobs are rows first: written with what caused them, told to the queue after the commit.

A broken queue never undoes a saved success: the row waits, and the sweeper tells the queue again.
"""

import logging

from flask import current_app
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import text

from branchnet import clock
from branchnet.config import Settings
from branchnet.extensions import after_commit, db
from branchnet.models import Job

log = logging.getLogger(__name__)

QUEUE = "branchnet"
RUNNER = "branchnet.jobs.runner.run"


def ask(network_id: int, kind: str, subject: str = "", **payload: int | str) -> None:
    """Ask for a job in the caller's transaction; a second asking while the first waits is one job."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    values = {
        "network_id": network_id,
        "kind": kind,
        "subject": subject,
        "payload": payload,
        "state": "waiting",
        "attempts": 0,
        "done_units": 0,
        "created_at": clock.now(),
    }
    made = db.session.execute(
        dialect.insert(Job)
        .values(values)
        .on_conflict_do_nothing(index_elements=["network_id", "kind", "subject"], index_where=text("state = 'waiting'"))
        .returning(Job.id)
    ).scalar_one_or_none()
    if made is not None:
        after_commit(lambda: tell(made))


def tell(job_id: int) -> None:
    """Put a job's id on the queue, where there is one; without one the embedded worker finds the row."""
    url = settings().redis_url
    if not url:
        return
    try:
        Queue(QUEUE, connection=Redis.from_url(url), serializer=JSONSerializer).enqueue(
            RUNNER, job_id, job_timeout=3600, result_ttl=0, failure_ttl=86400
        )
    except RedisError:
        log.exception("job %s waits: the queue does not answer", job_id)


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.config["BRANCHNET"]
    return found


def waiting() -> int:
    """How many jobs wait."""
    return db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "waiting")) or 0
