"""What a trip does at a stop, and in which order it drives. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

BRINGS, FETCHES = "brings", "fetches"
"""What becomes of a batch at a stop: it is handed over there, or taken along from there."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What matters of a batch to a trip: its kind, its two ends, and the day it left where it has."""

    kind: str
    start: int
    end: int
    dispatched_on: date | None


def legs(batch: Carried, day: date) -> tuple[tuple[int, str], ...]:
    """The places a batch makes a trip of that day stop at, with what is done there; the central library is no stop.

    A delivery that left before the day is on the trip because it is to be fetched.
    """
    if batch.kind == "return":
        return ((batch.start, FETCHES),)
    if batch.kind == "rotation":
        return ((batch.start, FETCHES), (batch.end, BRINGS))
    if batch.kind == "delivery" and batch.dispatched_on is not None and batch.dispatched_on < day:
        return ((batch.end, FETCHES),)
    return ((batch.end, BRINGS),)


def in_order(asked: Mapping[int, int | None], added: Iterable[int]) -> list[int]:
    """Stops in the order they were numbered, those without a number left out; then what was added, once each."""
    numbered = sorted((number, stop) for stop, number in asked.items() if number is not None)
    return list(dict.fromkeys([*(stop for _number, stop in numbered), *added]))


def area_name(town: str | None, name: str) -> str:
    """A town and the place in it as an address says them; a town that is the place itself is said once."""
    return name if not town or name.startswith(town) else f"{town}{name}"


@dataclass(frozen=True, slots=True)
class Driven:
    """What a list adds up of a trip."""

    happened_on: date
    km: int | None
    vehicle_id: int | None
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """A month's trips that were driven: 次, 公里 with the trips of which nobody wrote them down, 辆."""

    trips: int
    km: int
    without_km: int
    vehicles: int
    planned: int


def totals(trips: Sequence[Driven], today: date) -> Totals:
    """Cancelled trips count nowhere, trips ahead only as planned; a vehicle counts once however often it drove."""
    standing = [trip for trip in trips if not trip.cancelled]
    driven = [trip for trip in standing if trip.happened_on <= today]
    return Totals(
        trips=len(driven),
        km=sum(trip.km or 0 for trip in driven),
        without_km=sum(trip.km is None for trip in driven),
        vehicles=len({trip.vehicle_id for trip in driven if trip.vehicle_id is not None}),
        planned=len(standing) - len(driven),
    )
