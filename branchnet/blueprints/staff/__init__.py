"""The clerk's working day: what is to do, batches from draft to return, points, teachers and their links."""

from branchnet.blueprints.staff import (
    accessions,
    afterwards,
    batch,
    beginning,
    day,
    goods,
    listing,
    mending,
    picking,
    points,
    steps,
    teachers,
)
from branchnet.blueprints.staff.root import blueprint

__all__ = [
    "accessions",
    "afterwards",
    "batch",
    "beginning",
    "blueprint",
    "day",
    "goods",
    "listing",
    "mending",
    "picking",
    "points",
    "steps",
    "teachers",
]
