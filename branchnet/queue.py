"""Jobs are rows first: written with what caused them, told to the queue after the commit.

A broken queue never undoes a saved success: the row waits, and the sweeper tells the queue again.
"""

import logging
from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Any, NamedTuple

from flask import current_app
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
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
LOST_AFTER = 600
"""Seconds after which a running job's worker is taken for dead."""
RUNS_AT_MOST = LOST_AFTER - 60
"""Seconds after which RQ ends a job, so that nobody is taken for dead who still works."""


class Outside(NamedTuple):
    """What a job yields to have something done between its transactions: its progress, and a call that may take long.

    The call gives its result back to the job; it must not raise, and knows no database.
    """

    done: int
    units: int | None
    call: Callable[[], Any]


# Built once: nearly every command asks.
_ASK = {
    name: dialect.insert(Job.__table__)
    .on_conflict_do_nothing(index_elements=["network_id", "kind", "subject"], index_where=text("state = 'waiting'"))
    .returning(Job.__table__.c.id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def ask(network_id: int, kind: str, subject: str = "", **payload: int | str) -> None:
    """Ask for a job in the caller's transaction; a second asking while the first waits is one job."""
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
    made = db.session.execute(_ASK[db.session.get_bind().dialect.name], values).scalar_one_or_none()
    if made is not None:
        after_commit(lambda: tell(made))


def tell(job_id: int) -> None:
    """Put a job's id on the queue, where there is one; without one the embedded worker finds the row."""
    if not settings().redis_url:
        return
    try:
        with _connected() as connection:
            _enqueue(our_queue(connection), job_id)
    except RedisError:
        log.exception("job %s waits: the queue does not answer", job_id)


def tell_again(job_ids: Sequence[int]) -> int:
    """Tell the queue of those jobs that it does not carry. Returns how many that were."""
    if not settings().redis_url or not job_ids:
        return 0
    try:
        with _connected() as connection:
            found = our_queue(connection)
            carried = {name.split("-")[1] for name in found.get_job_ids() if name.startswith("job-")}
            missing = [job_id for job_id in job_ids if str(job_id) not in carried]
            for job_id in missing:
                _enqueue(found, job_id)
    except RedisError:
        log.exception("%s jobs wait: the queue does not answer", len(job_ids))
        return 0
    return len(missing)


def our_queue(connection: Redis) -> Queue:
    """The one queue of this application. A worker on two queues was seen to lose what it had just taken."""
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def _connected() -> Redis:
    """A connection that does not keep a person waiting: the job's row is safe, and the sweeper tells again."""
    return Redis.from_url(settings().redis_url, socket_connect_timeout=2, socket_timeout=2, retry=Retry(NoBackoff(), 1))


def _enqueue(found: Queue, job_id: int) -> None:
    # A name of its own each time: what is left of a killed run must not be taken for the new one.
    name = f"job-{job_id}-{token_hex(4)}"
    found.enqueue(RUNNER, job_id, job_id=name, job_timeout=RUNS_AT_MOST, result_ttl=0, failure_ttl=86400)


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.config["BRANCHNET"]
    return found


def waiting() -> int:
    """How many jobs wait."""
    return db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "waiting")) or 0
