"""The two commands say in one sentence what is missing."""

import ast
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import _browser
import _serve
import _setup

SCRIPTS = _setup.ROOT / "scripts"
NAMES = ("run", "test", "pictures", "_setup.py", "_serve.py", "_browser.py", "_engines.py", "_figures.py")


def sentence(stopped: pytest.ExceptionInfo[SystemExit]) -> str:
    text = stopped.value.code
    assert isinstance(text, str)
    return text.splitlines()[-1]


@pytest.mark.parametrize("name", NAMES)
def test_an_old_python_can_read_them(name: str) -> None:
    ast.parse((SCRIPTS / name).read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_which_is_needed() -> None:
    pretend = "import sys; sys.version_info = (3, 8, 1); import _setup"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=SCRIPTS, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Python 3.11 or newer is needed; this is 3.8.\n")


@pytest.mark.parametrize("name", ["run", "test", "lock", "pictures"])
def test_the_commands_can_be_started(name: str) -> None:
    assert os.access(SCRIPTS / name, os.X_OK)
    assert (SCRIPTS / name).read_text().startswith("#!/usr/bin/env python3\n")


def test_a_busy_port_is_named_before_anything_else_is_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, str(SCRIPTS / "run")],
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use: choose another one, for example PORT=")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_free_port_is_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    _serve.check_port(port)


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "80.5", "²"])
def test_a_port_that_is_none(text: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        _serve.chosen_port({"PORT": text})
    assert sentence(stopped) == f"PORT is {text!r}, and must be a number from 1 to 65535."


def test_the_usual_port() -> None:
    assert _serve.chosen_port({}) == _serve.chosen_port({"PORT": ""}) == 8000


def test_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        _setup.check_room(tmp_path, needed=10**18)
    assert sentence(stopped).endswith("MB are needed.")


def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SystemExit) as stopped:
        _setup.check_folder(tmp_path)
    assert sentence(stopped).startswith(f"{tmp_path} cannot be written: ")


def test_a_python_without_venv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_setup, "PYTHON", tmp_path / "python")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as stopped:
        _setup.make_environment()
    assert sentence(stopped) == "This Python has no venv module: on Debian, apt-get install python3-venv."


def test_packages_that_cannot_be_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("-r nowhere.txt\n")
    monkeypatch.setattr(_setup, "ROOT", tmp_path)
    monkeypatch.setattr(_setup, "VENV", tmp_path)
    monkeypatch.setattr(_setup, "PYTHON", Path(sys.executable))
    with pytest.raises(SystemExit) as stopped:
        _setup.install("wrong.txt")
    assert sentence(stopped) == "The packages could not be installed; the lines above say why."
    assert "nowhere.txt" in str(stopped.value.code)
    assert not (tmp_path / ".installed-wrong.txt").exists()


def test_packages_are_installed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("# nothing\n")
    monkeypatch.setattr(_setup, "ROOT", tmp_path)
    monkeypatch.setattr(_setup, "VENV", tmp_path)
    monkeypatch.setattr(_setup, "PYTHON", Path(sys.executable))
    _setup.install("none.txt")
    monkeypatch.setattr(_setup, "PYTHON", tmp_path / "must not be started")
    _setup.install("none.txt")


def test_no_browser_and_no_way_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRANCHNET_CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(SystemExit) as stopped:
        _browser.ensure_browser()
    assert sentence(stopped) == (
        "The browser tests need Chromium: install the package, for example apt-get install chromium."
    )


def test_secrets_are_made_once_and_kept_to_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = _serve.own_secrets(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _serve.own_secrets(path) == made == json.loads(path.read_text())
    assert len(set(made.values())) == 2
    assert all(len(value) >= 32 for value in made.values())


def test_secrets_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{")
    with pytest.raises(SystemExit) as stopped:
        _serve.own_secrets(path)
    assert sentence(stopped).startswith(f"{path} cannot be read as JSON")
