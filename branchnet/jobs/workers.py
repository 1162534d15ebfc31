"""The two workers: the embedded one that takes the rows itself, and RQ's on our one queue."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import DBAPIError

from branchnet import queue
from branchnet.extensions import db
from branchnet.jobs.runner import work_one
from branchnet.jobs.sweeping import sweep

log = logging.getLogger(__name__)

SWEEP_EVERY = 60.0


def work(poll: float, sweep_every: float = SWEEP_EVERY, once: bool = False) -> int:
    """The embedded worker: take waiting rows, look again every ``poll`` seconds, sweep every ``sweep_every``.

    Finishes the job in hand and ends on SIGTERM or SIGINT; with ``once`` ends when nothing waits after a sweep.
    Returns how many jobs were run.
    """
    done, swept_at = 0, float("-inf")
    with _asked_to_end() as end:
        while not end.is_set():
            if time.monotonic() - swept_at >= sweep_every:
                _careful_sweep()
                swept_at = time.monotonic()
            if _careful_work():
                done += 1
            elif once:
                break
            else:
                end.wait(poll)
    return done


def work_queue(sweep_every: float = SWEEP_EVERY, burst: bool = False) -> None:
    """RQ's worker on our queue, with a process beside it that sweeps. ``burst``: end when the queue is empty.

    The worker forks for each job: one that is killed or eats all memory takes the worker with it no more. Nothing
    here may open a database connection before that, for a forked one would be shared. Raises RedisError.
    """
    connection = Redis.from_url(queue.settings().redis_url)
    connection.ping()
    worker = Worker([queue.our_queue(connection)], connection=connection, serializer=JSONSerializer)
    sweeper = _sweeper(sweep_every)
    try:
        worker.work(burst=burst)
    finally:
        sweeper.terminate()
        sweeper.join()


def _sweeper(sweep_every: float) -> BaseProcess:
    process = get_context("fork").Process(target=_keep_sweeping, args=(sweep_every,), daemon=True)
    process.start()
    return process


def _keep_sweeping(sweep_every: float) -> None:
    """Sweep until told to end, or until the worker beside it is gone."""
    worker, swept_at = parent_process(), float("-inf")
    with _asked_to_end() as end:
        while not end.is_set() and worker is not None and os.getppid() == worker.pid:
            if time.monotonic() - swept_at >= sweep_every:
                _careful_sweep()
                swept_at = time.monotonic()
            end.wait(min(1.0, sweep_every))


def _careful_work() -> bool:
    """Run a job if one waits; a database that does not answer is asked again later."""
    try:
        return work_one()
    except DBAPIError:
        log.exception("the database does not answer")
        return False
    finally:
        db.session.remove()


def _careful_sweep() -> None:
    try:
        sweep()
    except DBAPIError:
        log.exception("the database does not answer")
    finally:
        db.session.remove()


@contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """Set when SIGTERM or SIGINT comes; the handlers from before are back afterwards."""
    end = threading.Event()
    before = {number: signal.signal(number, lambda *_: end.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
