"""The clerk's working day: what is to do, batches from draft to return, points, teachers and their links."""

from branchnet.blueprints.staff import (
    agreement_template,
    agreements,
    batch,
    day,
    listing,
    papers,
    picking,
    points,
    steps,
    teachers,
)
from branchnet.blueprints.staff.root import blueprint

__all__ = [
    "agreement_template",
    "agreements",
    "batch",
    "blueprint",
    "day",
    "listing",
    "papers",
    "picking",
    "points",
    "steps",
    "teachers",
]
