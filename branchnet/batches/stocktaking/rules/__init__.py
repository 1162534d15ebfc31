"""What the books expect on the day of a count, and what a count that differs means. Pure."""

from branchnet.batches.stocktaking.rules.crossing import Known, Later, expected, known_on, side, standing
from branchnet.batches.stocktaking.rules.variance import (
    Counted,
    Found,
    Held,
    Line,
    Task,
    Variance,
    differences,
    variance,
)

__all__ = [
    "Counted",
    "Found",
    "Held",
    "Known",
    "Later",
    "Line",
    "Task",
    "Variance",
    "differences",
    "expected",
    "known_on",
    "side",
    "standing",
    "variance",
]
