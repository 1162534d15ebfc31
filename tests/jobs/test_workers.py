"""Real workers as processes of their own, a real queue, and what kills them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from branchnet import create_app, queue
from branchnet.access.acts import Act
from branchnet.access.audit import broken_at, counts, record
from branchnet.config import Settings
from branchnet.extensions import db, transaction
from branchnet.jobs import runner, sweeping
from branchnet.models import AuditRecord, Job
from tests.jobs.conftest import effects, row
from tests.support.world import World, build_world

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 60.0
AT_ONCE = timedelta(seconds=-1)

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start a worker: `start("rq")`, or `start("work")`; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRANCHNET_")}
    ours = {"BRANCHNET_ENV": "testing", "BRANCHNET_DATABASE_URL": database_url, "BRANCHNET_REDIS_URL": redis_url}

    def starting(*arguments: str, module: str = "tests.jobs.odd_kinds") -> "subprocess.Popen[bytes]":
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as output:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", module, "--app", "wsgi", "jobs", *arguments],
                    cwd=ROOT,
                    env=kept | ours,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        return started[-1]

    yield starting
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture
def queued(database_url: str, redis_url: str) -> Iterator[Flask]:
    """The application with a queue."""
    yield from _application(database_url, redis_url)


@pytest.fixture
def deaf(database_url: str) -> Iterator[Flask]:
    """The application whose queue does not answer: nobody listens at its address."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield from _application(database_url, f"redis://127.0.0.1:{held.getsockname()[1]}/0")


def _application(database_url: str, redis_url: str) -> Iterator[Flask]:
    made = create_app(Settings(env="testing", database_url=database_url, redis_url=redis_url))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def asked(world: World, kind: str, **payload: str) -> int:
    with transaction() as session:
        record(world.act, "test.asked", "job", None)
        queue.ask(world.network_id, kind, **payload)
        return session.query(Job.id).filter(Job.kind == kind).order_by(Job.id.desc()).first()[0]


def until(condition: Callable[[], bool], what: str, logs: Path) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        told = "\n".join(log.read_text() for log in sorted(logs.glob("worker-*.log")))
        assert time.monotonic() < deadline, f"{what}:\n{told}"
        time.sleep(0.05)


def test_a_job_runs_through_the_real_queue(queued: Flask, start: Start, tmp_path: Path) -> None:
    world = build_world(queued)
    job_id = asked(world, "seal")
    worker = start("rq", module="flask")
    until(lambda: row(job_id).state == "done", "the job was not done", tmp_path)
    assert row(job_id).attempts == 1
    assert broken_at(world.network_id) is None
    assert counts(world.network_id)["sealed"] > 0
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(WITHIN) == 0


@pytest.mark.parametrize("way", ["rq", "work"])
def test_a_worker_killed_in_the_middle_of_a_job(queued: Flask, start: Start, tmp_path: Path, way: str) -> None:
    world = build_world(queued)
    job_id = asked(world, "held", folder=str(tmp_path))
    worker = start(way)
    until((tmp_path / "runs").exists, "the job did not begin", tmp_path)
    os.killpg(worker.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(int((tmp_path / "runs").read_text()), signal.SIGKILL)
    worker.wait(10)
    assert (row(job_id).state, row(job_id).attempts, effects()) == ("running", 1, 0)

    assert sweeping.sweep(AT_ONCE).put_back == 1
    (tmp_path / "go").touch()
    start(way)
    until(lambda: row(job_id).state == "done", "the job was not done again", tmp_path)
    assert (row(job_id).attempts, effects()) == (2, 1)


def test_asked_to_end_a_worker_finishes_what_it_has_in_hand(queued: Flask, start: Start, tmp_path: Path) -> None:
    world = build_world(queued)
    job_id = asked(world, "held", folder=str(tmp_path))
    worker = start("work")
    until((tmp_path / "runs").exists, "the job did not begin", tmp_path)
    worker.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    assert worker.wait(WITHIN) == 0
    assert (row(job_id).state, effects()) == ("done", 1)


def test_a_queue_that_is_down_undoes_nothing_and_the_sweeper_delivers_later(
    deaf: Flask, queued: Flask, redis_url: str, start: Start, tmp_path: Path
) -> None:
    world = build_world(deaf)
    with deaf.app_context():
        began = time.monotonic()
        job_id = asked(world, "seal")
        assert time.monotonic() - began < 5
        assert sweeping.sweep(tell_after=AT_ONCE).told == 0
        db.session.remove()
    saved = db.session.query(AuditRecord).filter(AuditRecord.action == "test.asked").count()
    assert (saved, row(job_id).state) == (1, "waiting")
    with Redis.from_url(redis_url) as connection:
        assert queue.our_queue(connection).count == 0
        told = sweeping.sweep(tell_after=AT_ONCE).told
        assert told == queue.our_queue(connection).count > 0
        assert sweeping.sweep(tell_after=AT_ONCE).told == 0, "what the queue carries is not told twice"
    start("rq", "--burst", module="flask").wait(WITHIN)
    assert row(job_id).state == "done"


def test_a_worker_without_a_queue_says_what_to_set(app: Flask) -> None:
    given = app.test_cli_runner().invoke(args=["jobs", "rq"])
    assert given.exit_code == 1
    assert "BRANCHNET_REDIS_URL" in given.output


def test_the_embedded_worker_asks_for_what_is_owed_and_runs_it(app: Flask) -> None:
    world = build_world(app)
    commands = app.test_cli_runner()
    assert commands.invoke(args=["jobs", "work", "--once"]).exit_code == 0
    with app.app_context():
        assert counts(world.network_id)["unsealed"] == 0
    assert commands.invoke(args=["jobs", "list", "--json"]).exit_code == 0
    assert commands.invoke(args=["audit", "check"]).exit_code == 0


def test_a_job_begins_its_own_application_where_there_is_none(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build_world(app)
    with app.app_context(), transaction() as session:
        queue.ask(world.network_id, "seal")
        job_id = session.query(Job.id).filter(Job.kind == "seal").one()[0]
    monkeypatch.setenv("BRANCHNET_DATABASE_URL", database_url)
    runner._application.cache_clear()
    runner.run(job_id)
    made = runner._application()
    with made.app_context():
        db.engine.dispose()
    runner._application.cache_clear()
    with app.app_context():
        assert row(job_id).state == "done"
        assert broken_at(Act(world.network_id).network_id) is None
