"""The clerk's working day: what is to do, batches from draft to return, points, teachers and their links."""

from branchnet.blueprints.staff import (
    batch,
    day,
    list_page,
    listing,
    lists,
    picking,
    picking_lists,
    points,
    receiving,
    steps,
    teachers,
    trip_form,
    trips,
    vehicles,
)
from branchnet.blueprints.staff.root import blueprint

__all__ = [
    "batch",
    "blueprint",
    "day",
    "list_page",
    "listing",
    "lists",
    "picking",
    "picking_lists",
    "points",
    "receiving",
    "steps",
    "teachers",
    "trip_form",
    "trips",
    "vehicles",
]
