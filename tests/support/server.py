"""A real gunicorn on a free port, on a test's own database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
# Seconds: two worker processes import the application on a busy machine.
START_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and what it has printed so far."""

    url: str
    log: Path


@contextmanager
def serve(database_url: str, log: Path, **environment: str) -> Iterator[Server]:
    """Serve that database until the block ends; `environment` adds or changes variables."""
    with socket.socket() as listener, log.open("wb") as output:
        # The port is bound before the server starts, so that no other test takes it meanwhile.
        listener.bind((HOST, 0))
        listener.listen(128)
        listener.set_inheritable(True)
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--workers", "1"],
            cwd=ROOT,
            env=_environment(url, database_url) | environment,
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, url, log)
            yield Server(url, log)
        finally:
            process.terminate()
            process.wait(30)


def _environment(url: str, database_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRANCHNET_")}
    ours = {
        "BRANCHNET_ENV": "testing",
        "BRANCHNET_DATABASE_URL": database_url,
        "BRANCHNET_BASE_URL": url,
    }
    return kept | ours


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with direct.open(f"{url}/status/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer at {url}:\n{log.read_text()}")
