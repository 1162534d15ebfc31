"""Random histories on both engines: no sequence of commands, refusals and replays breaks an invariant."""

from collections import Counter

import pytest
from flask import Flask
from hypothesis import settings

from branchnet.extensions import db
from tests.ledger.history import run
from tests.support.figures import note, version_of


@pytest.mark.slow
def test_no_history_breaks_the_ledger(app: Flask, engine_name: str) -> None:
    with app.app_context():
        version = version_of(db.engine)
    tally: Counter[str] = Counter({"violations": 1})
    try:
        run(app, tally)
        tally["violations"] = 0
    finally:
        asked = {"asked": settings.default.max_examples, "steps_asked": settings.default.stateful_step_count}
        note("histories", engine=engine_name, version=version, **asked, **tally)
