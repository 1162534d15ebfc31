"""The clerk's working day: what is to do, batches from draft to return, points, teachers and their links."""

from branchnet.blueprints.staff import (
    batch,
    books,
    copies,
    day,
    exports,
    list_page,
    listing,
    lists,
    opening,
    opening_page,
    opening_points,
    picking,
    points,
    steps,
    teachers,
)
from branchnet.blueprints.staff.root import blueprint

__all__ = [
    "batch",
    "blueprint",
    "books",
    "copies",
    "day",
    "exports",
    "list_page",
    "listing",
    "lists",
    "opening",
    "opening_page",
    "opening_points",
    "picking",
    "points",
    "steps",
    "teachers",
]
