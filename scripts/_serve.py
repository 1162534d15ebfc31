"""How scripts/run serves: the port, the secrets, the web server and the job worker as children."""

import errno
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from _setup import PYTHON, ROOT, check_folder, flask, say, stop

VAR = ROOT / "var"
HOST = "127.0.0.1"
# Seconds until the pages must answer, and until a child that was asked to end is made to.
START_WITHIN = 60.0
END_WITHIN = 25.0


def chosen_port(environ: Mapping[str, str]) -> int:
    """The port that PORT names, or 8000."""
    text = environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        stop(f"PORT is {text!r}, and must be a number from 1 to 65535.")
    return int(text)


def check_port(port: int) -> None:
    """Stop where the port is taken or not ours to take."""
    with socket.socket() as probe:
        # As gunicorn does: a connection of an earlier run that lingers is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            stop(f"Port {port} {why}: choose another one, for example PORT={port % 65000 + 1} scripts/run.")


def settle(port: int) -> None:
    """Put the settings of this start into the environment; what the caller has set there wins."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    check_folder(VAR)
    os.environ.setdefault("BRANCHNET_BASE_URL", f"http://{HOST}:{port}")
    os.environ["PORT"] = str(port)
    for name, value in own_secrets(VAR / "secrets.json").items():
        os.environ.setdefault(name, value)


def own_secrets(path: Path) -> "dict[str, str]":
    """This installation's keys, made once and readable by its owner alone.

    Teachers' printed links are made with them: whoever loses the file has to print the links anew.
    """
    if not path.exists():
        made = {name: secrets.token_urlsafe(48) for name in ("BRANCHNET_SECRET_KEY", "BRANCHNET_LINK_KEY")}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file, indent=2)
    try:
        kept = json.loads(path.read_text())
        return {str(name): str(value) for name, value in kept.items()}
    except (ValueError, AttributeError):
        stop(f"{path} cannot be read as JSON: put it right, or remove it and print the teachers' links anew.")


def serve(port: int) -> int:
    """Start both children, say how to come in, and wait; end both when one ends. Returns the exit code."""
    asked: list[int] = []

    def ask(number: int, _frame: "FrameType | None") -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    children = {
        "web server": _start("gunicorn"),
        "job worker": _start("flask", "--app", "wsgi", "jobs", "work"),
    }
    try:
        if _wait_until_ready(port, children, asked):
            say(welcome(f"http://{HOST}:{port}", json.loads(flask("demo", "who", "--json"))))
        while not asked and not _ended(children):
            time.sleep(0.2)
    finally:
        ended = _ended(children)
        _end(children)
    if asked:
        return 0
    say(f"The {ended[0]} ended by itself; the lines above say why.")
    return 1


def welcome(address: str, who: "dict[str, dict[str, str]]") -> str:
    """What the person at the terminal needs to come in."""
    lines = ["", f"BranchNet is at {address}", ""]
    lines += [
        f"  {role:<8} {who[role]['login']}   password {who[role]['password']}" for role in ("clerk", "manager", "admin")
    ]
    lines += [
        f"  teacher  {address}{who['teacher']['path']}",
        "",
        "Ctrl-C ends it; the data stays in var/.",
        "",
    ]
    return "\n".join(lines)


def _start(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """A child in a session of its own, so that Ctrl-C reaches it only through us, once."""
    return subprocess.Popen([str(PYTHON), "-m", module, *arguments], cwd=ROOT, start_new_session=True)


def _wait_until_ready(port: int, children: "dict[str, subprocess.Popen[bytes]]", asked: "list[int]") -> bool:
    """Whether the pages answer; not, where a child ended or someone asked to stop meanwhile."""
    deadline = time.monotonic() + START_WITHIN
    while not asked and not _ended(children):
        if _answers(f"http://{HOST}:{port}/status/ready"):
            return True
        if time.monotonic() > deadline:
            stop(f"The pages did not answer within {START_WITHIN:.0f} seconds; the lines above may say why.")
        time.sleep(0.1)
    return False


def _answers(address: str) -> bool:
    # Never through a proxy: the address is this machine's own.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _ended(children: "dict[str, subprocess.Popen[bytes]]") -> "list[str]":
    return [name for name, child in children.items() if child.poll() is not None]


def _end(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    """Ask each child to finish what it is doing; who does not in time is killed, with its own children."""
    running = [child for child in children.values() if child.poll() is None]
    for child in running:
        child.terminate()
    deadline = time.monotonic() + END_WITHIN
    for child in running:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children.values():
        # Each child leads a group of its own; what it left behind would keep the port.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
