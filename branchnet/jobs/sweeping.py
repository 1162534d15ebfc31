"""Puts back what was lost, tells the queue again, asks for what is owed. Two sweepers at once do no harm."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from branchnet import clock, queue
from branchnet.extensions import after_commit, db, transaction
from branchnet.jobs.kinds import KINDS
from branchnet.models import Job

ATTEMPTS = 3
LOST_AFTER = timedelta(seconds=queue.LOST_AFTER)
TELL_AFTER = timedelta(seconds=30)
REST = timedelta(minutes=30)
"""A kind that failed for good is not asked for again before this has passed."""
KEEP = timedelta(days=30)
"""Done jobs are kept so long for whoever looks."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many jobs were put back, given up, told again, asked for, and forgotten."""

    put_back: int
    given_up: int
    told: int
    asked: int
    forgotten: int

    def as_dict(self) -> dict[str, int]:
        """The same by name."""
        return asdict(self)


def sweep(lost_after: timedelta = LOST_AFTER, tell_after: timedelta = TELL_AFTER) -> Swept:
    """One round. ``lost_after``: how long a job may run before its worker is taken for dead."""
    put_back, given_up = _put_back(lost_after)
    return Swept(put_back, given_up, _tell_again(tell_after), _ask_for_owed(), _forget())


def superseded() -> Any:
    """Whether a later job of the same network, kind and subject is there: that one does the work."""
    later = aliased(Job)
    return (
        select(later.id)
        .where(
            later.network_id == Job.network_id,
            later.kind == Job.kind,
            later.subject == Job.subject,
            later.id > Job.id,
        )
        .exists()
    )


def _put_back(lost_after: timedelta) -> tuple[int, int]:
    lost = and_(Job.state == "running", Job.started_at < clock.now() - lost_after)
    failed = and_(Job.state == "failed", Job.attempts < ATTEMPTS, ~superseded())
    with transaction() as session:
        rows = session.execute(
            select(Job.id, Job.state, Job.attempts, superseded().label("superseded"))
            .where(or_(lost, failed))
            .order_by(Job.id)
            .with_for_update(skip_locked=True, of=Job)
        ).all()
        done = [_one_back(row) for row in rows]
    return done.count(True), done.count(False)


def _one_back(row: Any) -> bool:
    """Whether the job waits again; otherwise it is given up."""
    if row.attempts < ATTEMPTS and not row.superseded and _waits_again(row):
        after_commit(lambda: queue.tell(row.id))
        return True
    _set(row, state="failed", error=_why(row), finished_at=clock.now())
    return False


def _waits_again(row: Any) -> bool:
    """False where another of its kind and subject was asked for at this very moment: that one does the work."""
    try:
        with db.session.begin_nested():
            _set(row, state="waiting", started_at=None, finished_at=None)
    except IntegrityError:
        return False
    return True


def _why(row: Any) -> str:
    return "Superseded" if row.attempts < ATTEMPTS else "WorkerLost"


def _set(row: Any, **values: object) -> None:
    same = (Job.id == row.id, Job.state == row.state, Job.attempts == row.attempts)
    db.session.execute(update(Job).where(*same).values(**values).execution_options(synchronize_session=False))


def _tell_again(tell_after: timedelta) -> int:
    waiting = select(Job.id).where(Job.state == "waiting", Job.created_at < clock.now() - tell_after).order_by(Job.id)
    ids = list(db.session.scalars(waiting))
    db.session.rollback()
    return queue.tell_again(ids)


def _ask_for_owed() -> int:
    owed = {(network_id, name, subject) for name, kind in KINDS.items() for network_id, subject in kind.owed()}
    if owed:
        owed -= _cared_for()
    db.session.rollback()
    if not owed:
        return 0
    with transaction():
        for network_id, name, subject in sorted(owed):
            queue.ask(network_id, name, subject)
    return len(owed)


def _cared_for() -> set[tuple[int, str, str]]:
    """Jobs that wait, run, will be tried again, or failed for good a short while ago."""
    unfinished = Job.state.in_(("waiting", "running"))
    resting = and_(Job.state == "failed", or_(Job.attempts < ATTEMPTS, Job.finished_at > clock.now() - REST))
    rows = db.session.execute(select(Job.network_id, Job.kind, Job.subject).where(or_(unfinished, resting)))
    return {(network_id, kind, subject) for network_id, kind, subject in rows}


def _forget() -> int:
    old = and_(Job.state == "done", Job.finished_at < clock.now() - KEEP)
    if db.session.scalar(select(Job.id).where(old).limit(1)) is None:
        db.session.rollback()
        return 0
    with transaction() as session:
        return len(session.scalars(delete(Job).where(old).returning(Job.id)).all())
