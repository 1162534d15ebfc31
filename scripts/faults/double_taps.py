#!/usr/bin/env python3
"""Double taps: the same submission sent many times at the same moment to a real gunicorn, key after key.

For each key a teacher's phone sends one reading by so many connections at once, half of them as the form's own post,
half as the script sends what was kept. There must be one revision and one operation for each key, every answer must
name the same receipt, and none may be a 5xx. The last line is JSON; the exit code is 0 only where all is well.
"""

# ruff: noqa: E402 - the packages are found only once .venv runs this
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import _engines

_engines.begin()

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask_migrate import upgrade
from sqlalchemy import func, select

from branchnet import create_app
from branchnet.access.acts import Act
from branchnet.access.commands import add_person, answers_for, found_network, make_link
from branchnet.access.guards import KEPT_HEADER
from branchnet.config import from_environment
from branchnet.extensions import db, transaction
from branchnet.models import Operation, OperationConflict, ReadingRevision
from branchnet.points.commands import NewPoint, lay_places, open_point

BEGUN = date(2026, 1, 1)
MONTH = "2026-01"
HOST = "127.0.0.1"
START_WITHIN = 60.0
JSON_ASKED = {"Accept": "application/json"}
Answer = tuple[int, str]


def main() -> int:
    """Make the parts, tap, count, print the figures."""
    options = _options()
    engine = "postgresql" if options.postgresql else "sqlite"
    figures: dict[str, Any] = {"engine": engine, "keys": options.keys, "taps": options.taps}
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="branchnet-faults-")))
        os.environ["BRANCHNET_ENV"] = "testing"
        os.environ["BRANCHNET_DATABASE_URL"] = _engines.database(engine, folder, parts)
        parts.enter_context(create_app(from_environment()).app_context())
        parts.callback(db.engine.dispose)
        parts.callback(db.session.remove)
        upgrade()
        codes, token = _teacher(options.keys)
        db.session.remove()
        port = parts.enter_context(_server(folder / "gunicorn.log"))
        taps = parts.enter_context(ThreadPoolExecutor(options.taps))
        figures |= _tap(codes, token, port, options.taps, taps)
        figures |= _effects()
    figures["ok"] = (
        figures["same_answer"] == figures["one_effect"] == options.keys and not figures["failed"] + figures["flagged"]
    )
    print(json.dumps(figures))
    return 0 if figures["ok"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Send the same submission many times at once.")
    parser.add_argument("--keys", type=int, default=1000)
    parser.add_argument("--taps", type=int, default=20)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    return parser.parse_args()


def _teacher(points: int) -> tuple[list[str], str]:
    """A teacher of so many points, each with a month to report: their codes, and the link's token."""
    codes = [f"T{number:04}" for number in range(points)]
    with transaction():
        network_id = found_network("taps", "试验图书馆", BEGUN).id
        act = Act(network_id)
        lay_places(act)
        teacher = add_person(act, "陈老师")
        for code in codes:
            point = NewPoint(code, f"村小 {code}", "mobile_point", BEGUN, opened_on=BEGUN)
            answers_for(act, teacher, open_point(act, point), BEGUN)
        return codes, make_link(act, teacher)


@contextmanager
def _server(log: Path) -> Iterator[int]:
    """A real gunicorn of two workers; its port."""
    with socket.socket() as listener, log.open("wb") as output:
        listener.bind((HOST, 0))
        listener.listen(1024)
        listener.set_inheritable(True)
        port: int = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}"],
            cwd=ROOT,
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, log)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _ask(port, "GET", "/status/ready")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"The server does not answer:\n{log.read_text()}")


def _ask(port: int, method: str, path: str, body: str = "", headers: "dict[str, str] | None" = None) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        told = answer.read().decode()
        return answer.status, told if method == "POST" else f"{answer.getheader('Set-Cookie') or ''}\n{told}"
    finally:
        connection.close()


def _tap(codes: "list[str]", token: str, port: int, taps: int, threads: ThreadPoolExecutor) -> dict[str, Any]:
    """Each key so many times at once; how many keys got one answer only, and how many answers failed."""
    _status, opened = _ask(port, "GET", f"/t/{token}")
    device = opened.partition(";")[0]
    same, failed = 0, 0
    for number, code in enumerate(codes):
        path = f"/my/{code}/report/{MONTH}"
        tapped = list(threads.map(lambda one: _ask(port, "POST", *one), _requests(port, path, device, number, taps)))
        failed += sum(status >= 500 for status, _told in tapped)
        receipts = Counter(json.loads(told)["receipt"] if status == 200 else status for status, told in tapped)
        same += int(len(receipts) == 1 and set(receipts.values()) == {taps} and isinstance(next(iter(receipts)), str))
    return {"same_answer": same, "failed": failed}


def _requests(port: int, path: str, device: str, number: int, taps: int) -> "list[tuple[str, str, dict[str, str]]]":
    """The form's own post and the script's, in turns: the same fields under the same id."""
    _status, page = _ask(port, "GET", path, headers={"Cookie": device})
    session = page.partition(";")[0]
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    fields = {"op_id": f"tapped-{number:06}", "based_on": "", "in_school_visits": str(number), "in_school_loans": "0"}
    form = urlencode({**fields, "csrf_token": found[1] if found else ""})
    posted = {**JSON_ASKED, "Cookie": f"{device}; {session}", "Content-Type": "application/x-www-form-urlencoded"}
    kept = {**JSON_ASKED, "Cookie": device, "Content-Type": "application/json", KEPT_HEADER: "1"}
    ways = ((path, form, posted), (f"{path}/send", json.dumps(fields), kept))
    return [ways[tap % 2] for tap in range(taps)]


def _effects() -> dict[str, int]:
    """Keys with exactly one revision and one operation; submissions that were flagged as different."""
    numbers = select(ReadingRevision.in_school_visits).group_by(ReadingRevision.in_school_visits)
    once = db.session.scalars(numbers.having(func.count() == 1)).all()
    operations = db.session.scalar(select(func.count()).select_from(Operation)) or 0
    flagged = db.session.scalar(select(func.count()).select_from(OperationConflict)) or 0
    return {"one_effect": min(len(once), operations), "flagged": flagged}


if __name__ == "__main__":
    sys.exit(main())
