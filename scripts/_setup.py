"""What scripts/run and scripts/test share: the environment, the packages, what is made before a start.

This file and the scripts that import it are written so that an old Python 3 still reads them and
can say which Python is needed: nothing newer than 3.6 in the grammar.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - reached on an older Python, which is who must be told
    sys.exit("Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2])  # noqa: UP031 - as above

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TRANSLATIONS = ROOT / "branchnet" / "translations"
# Bytes that the packages, the browser's cache and a test run need at most.
ROOM = 1_500_000_000


def say(sentence: str) -> None:
    """Tell the person at the terminal what happens now."""
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    """End with one sentence on what is missing; exit code 1."""
    raise SystemExit(sentence)


def prepare(requirements: str) -> None:
    """Make .venv with the packages that file pins, and everything that is made from our own sources."""
    check_folder(ROOT)
    make_environment()
    install(requirements)
    compile_translations()
    flask("assets", "collect")


def check_folder(folder: Path) -> None:
    """Stop where nothing can be written."""
    if not os.access(folder, os.W_OK):
        stop(f"{folder} cannot be written: start from a copy of your own, or ask for the right to write there.")


def check_room(folder: Path, needed: int = ROOM) -> None:
    """Stop where the disk has less room than an installation takes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        stop(f"The disk of {folder} has {free // 10**6} MB left, and {needed // 10**6} MB are needed.")


def make_environment() -> None:
    """Make .venv with this Python, unless it is there and runs."""
    if PYTHON.exists() and _runs(PYTHON):
        return
    check_room(ROOT)
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        stop("This Python has no venv module: on Debian, apt-get install python3-venv.")
    say("Making .venv")
    done = _quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode:
        stop(_tail(done.stdout) + f"\n{VENV} could not be made; the lines above say why.")


def install(requirements: str) -> None:
    """Install what the file pins, by hash, unless this very file is installed already."""
    wanted = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    stamp = VENV / f".installed-{requirements}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    check_room(ROOT)
    say(f"Installing the packages of {requirements}: once, a minute or so")
    done = _quietly([str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", requirements])
    if done.returncode:
        stop(_tail(done.stdout) + "\nThe packages could not be installed; the lines above say why.")
    stamp.write_text(wanted)


def compile_translations() -> None:
    """Compile the catalogues that changed since they were last compiled."""
    sources = list(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    if all(_newer(source.with_suffix(".mo"), source) for source in sources):
        return
    babel = [str(PYTHON), "-m", "babel.messages.frontend", "compile", "--directory", str(TRANSLATIONS)]
    done = _quietly(babel)
    if done.returncode:
        stop(_tail(done.stdout) + "\nThe translations could not be compiled; the lines above say why.")


def flask(*arguments: str) -> str:
    """Run one of our own commands; return what it printed. Stops where it fails."""
    done = _quietly([str(PYTHON), "-m", "flask", "--app", "wsgi", *arguments], split=True)
    if done.returncode:
        stop(_tail(done.stdout + done.stderr) + "\n`flask {}` failed.".format(" ".join(arguments)))
    return done.stdout


def _quietly(command: "list[str]", split: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run to the end and keep what was printed; its errors apart where `split`."""
    errors = subprocess.PIPE if split else subprocess.STDOUT
    return subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _runs(python: Path) -> bool:
    """Whether an environment made earlier still works: its Python may have been removed or replaced."""
    try:
        return _quietly([str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]).returncode == 0
    except OSError:
        return False


def _newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def _tail(output: str, lines: int = 15) -> str:
    return "\n".join(output.rstrip().splitlines()[-lines:])
