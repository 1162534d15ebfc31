"""scripts/run ends both of its children, whoever asks, and says when one ended by itself."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import _serve

Child = subprocess.Popen[bytes]
WHO = {
    "clerk": {"login": "lin", "password": "one"},
    "manager": {"login": "wang", "password": "two"},
    "admin": {"login": "root", "password": "three"},
    "teacher": {"path": "/t/abc"},
}
STAYS = "import time; time.sleep(60)"


@pytest.fixture
def handlers() -> Iterator[None]:
    """Put back what listens to signals: the runner of the tests listens too."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch, handlers: None) -> Callable[[str, str], list[Child]]:
    """Let `serve` start these two programs instead of gunicorn and the job worker."""

    def stand_in(web: str, worker: str) -> list[Child]:
        programs = {"gunicorn": web, "flask": worker}
        started: list[Child] = []

        def start(module: str, *_arguments: str) -> Child:
            started.append(subprocess.Popen([sys.executable, "-c", programs[module]], start_new_session=True))
            return started[-1]

        monkeypatch.setattr(_serve, "_start", start)
        monkeypatch.setattr(_serve, "_answers", lambda _address: True)
        monkeypatch.setattr(_serve, "flask", lambda *_arguments: json.dumps(WHO))
        return started

    return stand_in


@pytest.mark.parametrize(("web", "worker", "name"), [("", STAYS, "web server"), (STAYS, "", "job worker")])
def test_when_one_ends_so_does_the_other(
    children: Callable[[str, str], list[Child]],
    capfd: pytest.CaptureFixture[str],
    web: str,
    worker: str,
    name: str,
) -> None:
    started = children(web, worker)
    assert _serve.serve(8000) == 1
    assert [child.poll() is not None for child in started] == [True, True]
    assert f"The {name} ended by itself" in capfd.readouterr().out


def ask_when_ready(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    """Send this process the signal once `serve` has found its children ready."""

    def who(*_arguments: str) -> str:
        threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
        return json.dumps(WHO)

    monkeypatch.setattr(_serve, "flask", who)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_ends_both(
    children: Callable[[str, str], list[Child]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    started = children(STAYS, STAYS)
    ask_when_ready(monkeypatch, number)
    assert _serve.serve(8000) == 0
    assert [child.poll() for child in started] == [-signal.SIGTERM, -signal.SIGTERM]
    assert "BranchNet is at http://127.0.0.1:8000" in capfd.readouterr().out


def test_who_does_not_listen_is_killed(
    children: Callable[[str, str], list[Child]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deaf = tmp_path / "deaf"
    ignore = "import pathlib, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    started = children(f"{ignore}; pathlib.Path({str(deaf)!r}).touch(); {STAYS}", STAYS)
    monkeypatch.setattr(_serve, "END_WITHIN", 0.5)
    monkeypatch.setattr(_serve, "_answers", lambda _address: deaf.exists())
    ask_when_ready(monkeypatch, signal.SIGTERM)
    assert _serve.serve(8000) == 0
    assert started[0].poll() == -signal.SIGKILL


def test_the_welcome_says_how_to_come_in() -> None:
    text = _serve.welcome("http://127.0.0.1:8123", WHO)
    assert "http://127.0.0.1:8123/t/abc" in text
    for role in ("clerk", "manager", "admin"):
        assert f"{WHO[role]['login']}   password {WHO[role]['password']}" in text
