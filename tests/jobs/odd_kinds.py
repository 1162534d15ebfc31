"""The flask command with one more kind of job: `held` says that it runs, and waits until it may go on."""

import os
import time
from pathlib import Path

from flask.cli import main

from branchnet.access.audit import record
from branchnet.jobs.kinds import KINDS, Kind, Task


def held(task: Task) -> dict[str, int]:
    """Leave a record, write this process's id into the folder, and wait for the file `go` in it."""
    record(task.act, "test.ran", "job", None)
    folder = Path(str(task.payload["folder"]))
    (folder / "writing").write_text(str(os.getpid()))
    (folder / "writing").rename(folder / "runs")
    deadline = time.monotonic() + 60
    while not (folder / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return {"pid": os.getpid()}


KINDS["held"] = Kind(held)

if __name__ == "__main__":
    main()
