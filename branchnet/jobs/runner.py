"""Runs a job's row: claimed by one, done once; what a worker that died left behind is the sweeper's.

A claim is committed before the work, so that everybody sees it. The work and the word that it is done are one
transaction: a worker killed at any moment leaves either both or neither.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from flask import Flask, has_app_context
from sqlalchemy import select, update

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.errors import BranchNetError
from branchnet.extensions import db, transaction
from branchnet.jobs.kinds import KINDS, Steps, Task
from branchnet.models import Job
from branchnet.queue import Outside

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """The sweeper gave the job to another worker meanwhile: what this one did must not count."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker has; ``attempt`` is the proof against whoever had it before."""

    job_id: int
    attempt: int
    kind: str
    task: Task


def run(job_id: int) -> None:
    """What RQ calls with a job's id. Does nothing where the row does not wait any more; never raises for a failure."""
    if has_app_context():
        _run(job_id)
        return
    with _application().app_context():
        _run(job_id)


@cache
def _application() -> Flask:
    # By name: the composition root stands above this floor, and only a worker that starts from nothing needs it.
    create: Callable[[], Flask] = import_module("branchnet").create_app
    return create()


def work_one() -> bool:
    """Run the job that has waited longest. Returns whether there was one."""
    job_id = _next()
    if job_id is None:
        return False
    _run(job_id)
    return True


def work_all() -> int:
    """Run what waits until nothing does. Returns how many jobs were run; a failed one is not tried again here."""
    done = 0
    while work_one():
        done += 1
    return done


def _next() -> int | None:
    """Read without a lock: an idle worker must not make writers queue."""
    waiting = select(Job.id).where(Job.state == "waiting", Job.kind.in_(KINDS)).order_by(Job.id).limit(1)
    found = db.session.scalar(waiting)
    db.session.rollback()
    return found


def _run(job_id: int) -> None:
    claim = _claim(job_id)
    if claim is None:
        log.info("job %s does not wait any more", job_id)
        return
    try:
        _work(claim)
    except Overtaken:
        log.warning("job %s was given to another worker meanwhile", job_id)
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %s", job_id, claim.kind, claim.attempt)
        _fail(claim, error)
    else:
        log.info("job %s (%s) is done", job_id, claim.kind)


def _claim(job_id: int) -> Claim | None:
    """Take a waiting job; None where another was faster, or where this release does not know its kind."""
    with transaction() as session:
        row = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "waiting", Job.kind.in_(KINDS))
            .values(
                state="running",
                attempts=Job.attempts + 1,
                started_at=clock.now(),
                finished_at=None,
                done_units=0,
                error=None,
            )
            .returning(Job.attempts, Job.kind, Job.network_id, Job.subject, Job.payload)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    if row is None:
        return None
    return Claim(job_id, row.attempts, row.kind, Task(Act(row.network_id), row.subject, row.payload))


def _work(claim: Claim) -> None:
    steps, answer = _steps(claim), None
    while True:
        with transaction():
            try:
                progress = steps.send(answer)
            except StopIteration as end:
                _note(claim, state="done", result=end.value, finished_at=clock.now())
                return
            _note(claim, done_units=progress[0], all_units=progress[1])
        answer = progress.call() if isinstance(progress, Outside) else None


def _steps(claim: Claim) -> Steps:
    """The work as steps; a plain function is one step, begun like any other inside a transaction."""
    worked = KINDS[claim.kind].work(claim.task)
    return worked if isinstance(worked, dict) else (yield from worked)


def _note(claim: Claim, **values: object) -> None:
    """Write on the job's row, if it is still this worker's. Raises Overtaken, and the transaction with it is undone."""
    mine = (Job.id == claim.job_id, Job.state == "running", Job.attempts == claim.attempt)
    noted = db.session.execute(
        update(Job).where(*mine).values(**values).returning(Job.id).execution_options(synchronize_session=False)
    )
    if noted.one_or_none() is None:
        raise Overtaken


def _fail(claim: Claim, error: Exception) -> None:
    try:
        with transaction():
            _note(claim, state="failed", error=_told(error), finished_at=clock.now())
    except Overtaken:
        log.warning("job %s was given to another worker meanwhile", claim.job_id)


def _told(error: Exception) -> str:
    """What may stand on the row: the kind of error and its code. Its text may hold names, and goes to the log alone."""
    code = f": {error.reason}" if isinstance(error, BranchNetError) else ""
    return f"{type(error).__name__}{code}"[:500]
