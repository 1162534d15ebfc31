"""Random histories on both engines: no sequence of commands, refusals and replays breaks an invariant."""

from collections import Counter

import pytest
from flask import Flask
from hypothesis import settings

from branchnet.extensions import db
from tests.ledger.history import run
from tests.ledger.ways import WAYS, counted, named
from tests.support.figures import note, version_of

ENOUGH = 20_000
"""Steps in all among which every way into the ledger was drawn; in fewer, chance may leave one out."""


def test_every_way_into_the_ledger_is_drawn() -> None:
    assert WAYS - named() == set()


@pytest.mark.slow
def test_no_history_breaks_the_ledger(app: Flask, engine_name: str) -> None:
    """In a long search, no way into the ledger was left untried either."""
    with app.app_context():
        version = version_of(db.engine)
    tally: Counter[str] = Counter({"violations": 1})
    asked = {"asked": settings.default.max_examples, "steps_asked": settings.default.stateful_step_count}
    try:
        with counted() as tried:
            run(app, tally)
        tally["violations"] = 0
    finally:
        note("histories", engine=engine_name, version=version, **asked, **tally)
    if asked["asked"] * asked["steps_asked"] >= ENOUGH:
        undrawn = sorted(WAYS - tried.keys())
        assert not undrawn, f"never drawn: {', '.join(undrawn)}"
