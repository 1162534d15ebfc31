"""Who runs which test: any of the run's processes any test, but tests that share something slow run in one process."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/demo/",
    "tests/house/test_docs.py",
    "tests/house/test_translations.py",
    "tests/phones/test_nothing_typed_is_lost.py",
    "tests/phones/test_sixty_days.py",
    "tests/phones/test_while_no_page_is_open.py",
    "tests/walks/test_every_page.py",
    "tests/walks/test_large_pages.py",
    "tests/walks/test_scanner.py",
)
"""Where a loaded demo, a large network or a running server is made once and lent to every test: in two processes,
each would make its own, or wait for the other's."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Asked once a run, where tests run in more than one process."""
    return _Together(config, log)


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    """What is of one scope runs in one process; the largest scopes begin."""

    def _split_scope(self, nodeid: str) -> str:
        for place in TOGETHER:
            if nodeid.startswith(place):
                return f"{place} {_engine(nodeid)}" if place.endswith("/") else place
        return nodeid


def _engine(nodeid: str) -> str:
    """The demo of one engine is nothing to the tests of the other."""
    return "postgresql" if "postgresql" in nodeid else "sqlite"
