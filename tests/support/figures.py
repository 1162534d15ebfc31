"""Figures for docs/reliability.md: a line of JSON each, in the file that scripts/test names; else nowhere."""

import json
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

VARIABLE = "BRANCHNET_FIGURES"


def note(what: str, **figures: Any) -> None:
    """Keep figures of a test. One short line at the end of a file: processes side by side do not mix theirs."""
    named = os.environ.get(VARIABLE)
    if named:
        with Path(named).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, **figures}) + "\n")


def version_of(engine: Engine) -> str:
    """The release of what is behind a database, as it tells itself."""
    with engine.connect() as connection:
        found = connection.dialect.server_version_info or ()
    return ".".join(str(part) for part in found)
