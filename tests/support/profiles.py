"""How long hypothesis searches: quick by default, long where BRANCHNET_FULL is set, or as BRANCHNET_HISTORIES says."""

import os

from hypothesis import HealthCheck, settings

# Databases take their time, and how long a step may take is no property of the ledger.
COMMON = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def register() -> None:
    """Load the profile `full` (500 histories of 50 steps), `quick` (30 of 30), or one as asked for: `5x10`."""
    # The same histories each time: a red build is the change's own doing. The full run searches anew.
    settings.register_profile("quick", COMMON, max_examples=30, stateful_step_count=30, derandomize=True)
    settings.register_profile("full", COMMON, max_examples=500, stateful_step_count=50)
    asked = os.environ.get("BRANCHNET_HISTORIES")
    if asked:
        histories, steps = asked.split("x")
        settings.register_profile("asked", COMMON, max_examples=int(histories), stateful_step_count=int(steps))
    settings.load_profile("asked" if asked else "full" if os.environ.get("BRANCHNET_FULL") else "quick")
