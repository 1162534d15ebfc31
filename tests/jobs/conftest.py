"""A small world with a batch on the road; jobs of a kind that tests can look into."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet import queue
from branchnet.access.audit import record
from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.extensions import db, transaction
from branchnet.jobs.kinds import KINDS, Kind, Task
from branchnet.models import AuditRecord, Job
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network with books on its shelf, inside the application's context."""
    made = build_world(app)
    with app.app_context():
        yield made


@pytest.fixture
def on_the_road(world: World) -> int:
    """A batch to the first point, dispatched: one barcoded copy, and 30 of the counted lot in a box."""
    with transaction():
        batch = batches.draft(world.act, NewBatch("delivery", world.begun_on, world.place_ids[0]))
        box = batches.open_box(world.act, batch.id)
        batches.add_lines(
            world.act,
            batch.id,
            [NewLine(world.serial_lot_ids[0]), NewLine(world.counted_lot_id, 30, box.number)],
        )
        batches.dispatch(world.act, batch.id, world.begun_on)
        return batch.id


@pytest.fixture
def ran() -> list[int]:
    """The ids that jobs of the kind `note` were run for."""
    return []


@pytest.fixture
def note_kind(monkeypatch: pytest.MonkeyPatch, ran: list[int]) -> None:
    """A kind of jobs that leaves a record in the audit trail, and fails where its payload says so."""

    def work(task: Task) -> dict[str, int]:
        record(task.act, "test.ran", "job", None)
        ran.append(task.act.network_id)
        if task.payload.get("fails"):
            raise ValueError("陈老师 must not stand on the row")
        return {"ran": len(ran)}

    monkeypatch.setitem(KINDS, "note", Kind(work))


@pytest.fixture
def ask(world: World) -> Callable[..., int]:
    """Ask for a job as a command would; gives its id."""

    def asking(kind: str, subject: str = "", **payload: int | str) -> int:
        with transaction() as session:
            queue.ask(world.network_id, kind, subject, **payload)
            return session.scalars(select(Job.id).order_by(Job.id.desc())).first() or 0

    return asking


def row(job_id: int) -> Job:
    """The job's row as it stands in the database now."""
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def effects() -> int:
    """How many times a job of a test left its record."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(AuditRecord.action == "test.ran")) or 0
