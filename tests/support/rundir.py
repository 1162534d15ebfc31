"""One folder a test run, shared by all its worker processes and removed at its end; in memory where there is room.

A database of each engine is made for every test: on a disk that took longer than most tests.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "BRANCHNET_TEST_RUN"
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it has a name of its own
ROOM_BYTES = 3 * 2**30
"""What must be free there: ten times what a run of all tests was seen to fill."""


def begin() -> Path:
    """Make the run's folder, unless the process that started this one has; removed when that process ends."""
    if VARIABLE not in os.environ:
        # Short, for a socket lies in it; readable, for PostgreSQL may run as another user.
        folder = Path(tempfile.mkdtemp(prefix="branchnet-", dir=_roomy_memory()))
        folder.chmod(0o755)
        os.environ[VARIABLE] = str(folder)
        atexit.register(_end, os.getpid(), folder)
        # What starts PostgreSQL locks a file here, or else one in /tmp that another user may own.
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    return run_folder()


def run_folder() -> Path:
    """The folder that `begin` made."""
    return Path(os.environ[VARIABLE])


def _roomy_memory() -> Path | None:
    """The file system in memory, where the machine has one that holds a run; else the usual folder for such things."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        return MEMORY
    return None


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Only one process of the run at a time is in here."""
    with (run_folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _end(owner: int, folder: Path) -> None:
    """Remove the folder, with all databases in it; not from a fork of its owner."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
