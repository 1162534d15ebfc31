"""Random histories on both engines: no sequence of commands, refusals and replays breaks an invariant."""

import pytest
from flask import Flask

from tests.ledger.history import run


@pytest.mark.slow
def test_no_history_breaks_the_ledger(app: Flask) -> None:
    run(app)
