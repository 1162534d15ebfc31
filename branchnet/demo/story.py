"""The demo's story as of a day: three networks, their points, every batch step and every reading.

The report year 2025 is the same whatever the day; what follows goes on to the last month before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from branchnet.demo.afterwards import afterwards
from branchnet.demo.batches import report_year
from branchnet.demo.desk import desk
from branchnet.demo.events import Batch, BatchStep, Copy, CountedLot, Reading
from branchnet.demo.files import points, register
from branchnet.demo.people import NETWORKS, people, teachers
from branchnet.demo.readings import REPORT_YEAR, monthly, stays
from branchnet.demo.stock import copy, lots
from branchnet.demo.terms import terms
from branchnet.demo.world import Network, Person, Place, Point, Teacher, Term


@dataclass(frozen=True, slots=True)
class Story:
    """The whole demo as of a day."""

    as_of: date
    networks: tuple[Network, ...]
    people: tuple[Person, ...]
    teachers: tuple[Teacher, ...]
    points: tuple[Point, ...]
    places: dict[str, Place] = field(repr=False)
    terms: tuple[Term, ...] = field(repr=False)
    copies: dict[tuple[str, str], Copy] = field(repr=False)
    lots: dict[tuple[str, str], CountedLot] = field(repr=False)
    batches: tuple[Batch, ...] = field(repr=False)
    readings: tuple[Reading, ...] = field(repr=False)


EARLIEST = date(REPORT_YEAR + 1, 2, 1)
"""By this day the last reading of the report year has come in, however late."""


def story(today: date) -> Story:
    """Everything that had happened by `today`, the same at every call.

    Raises ValueError before the last readings of the report year have come in.
    """
    if today < EARLIEST:
        raise ValueError(f"the story begins on {EARLIEST}, with the whole of {REPORT_YEAR}; not on {today}")
    batches = tuple(batch for network in NETWORKS for batch in _batches(network, today))
    known = tuple(point for point in points() if point.opened_on <= today)
    return Story(
        as_of=today,
        networks=NETWORKS,
        people=people(),
        teachers=_teachers_of(known),
        points=known,
        places=register(),
        terms=tuple(term for network in NETWORKS for term in terms(network.code, today)),
        copies={(c.network, c.barcode): c for c in _copies(batches)},
        lots={(lot.network, lot.key): lot for network in NETWORKS for lot in lots(network)},
        batches=batches,
        readings=tuple(_readings(known, batches, today)),
    )


def _batches(network: Network, today: date) -> Iterator[Batch]:
    before = report_year(network)
    for batch in (*before, *afterwards(network, before, today), *desk(network, before, today)):
        done = tuple(step for step in batch.steps if step.on <= today)
        if done:
            yield replace(batch, steps=done)


def _teachers_of(known: tuple[Point, ...]) -> tuple[Teacher, ...]:
    codes = {point.code for point in known}
    return tuple(teacher for teacher in teachers() if codes.issuperset(teacher.points))


def _copies(batches: tuple[Batch, ...]) -> Iterator[Copy]:
    network_of = {network.code: network for network in NETWORKS}
    for batch in batches:
        if batch.kind in {"opening", "accession"}:
            yield from (copy(network_of[batch.network], barcode) for barcode in batch.barcodes)


def _readings(known: tuple[Point, ...], batches: tuple[Batch, ...], today: date) -> Iterator[Reading]:
    for network in NETWORKS:
        own = tuple(point for point in known if point.network == network.code)
        yield from monthly(own, terms(network.code, today), today)
    yield from stays(batches, today)


def timeline(told: Story) -> Iterator[BatchStep | Reading]:
    """Every step and reading in the order of its day, so that nothing is recorded before what it needs.

    On one day the batches come in the order of the story (a delivery before its return), then readings.
    """
    events: list[tuple[date, int, int, BatchStep | Reading]] = [
        (step.on, order, index, BatchStep(batch, step))
        for order, batch in enumerate(told.batches)
        for index, step in enumerate(batch.steps)
    ]
    after = len(told.batches)
    events += [(r.submitted_on, after, index, r) for index, r in enumerate(told.readings)]
    yield from (event for *_, event in sorted(events, key=lambda e: e[:3]))


def communities(network: Network) -> tuple[Place, ...]:
    """The counties, towns and villages that the register knows in a network's area."""
    return tuple(place for place in register().values() if place.code.startswith(network.region))
