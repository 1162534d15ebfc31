"""Administrative coverage: towns, villages, residential areas and schools with an open point, of so many known.

It never mixes with reach: it asks where a point is registered, not how far it is, and whether it is open, not
whether books are there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from branchnet.coverage.rules.earth import Position
from branchnet.coverage.rules.nearest import Near, Threshold
from branchnet.coverage.rules.reach import Outcome

# In the 12-digit statistical code the first nine digits name the town, all twelve the village or
# residential area.
_DIGITS = {"town": 9, "village": 12, "residential": 12}
KINDS = (*_DIGITS, "school")
SCHOOL_KM = 0.2
"""A point in a school stands within the school's own grounds: two schools are further apart."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A town, village, residential area or school of the register; its 12-digit statistical code where it has one."""

    kind: str
    code: str | None
    position: Position | None = None
    """Only where it is known exactly; asked of schools alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An open point: the code of the area where it is registered; where it stands exactly, if it stands in a school."""

    area: str | None
    in_school_at: Position | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """N of M known (个)."""

    n: int
    of: int


@dataclass(frozen=True)
class Administrative:
    """Per kind of unit, larger ones first, how many have an open point; and how many of those name no area."""

    by_kind: Mapping[str, Count]
    points_without_area: int


def has_point(units: Sequence[Unit], points: Iterable[Standing]) -> list[Outcome]:
    """For each unit whether an open point stands in it. A point in a village stands in its town as well.

    A school has one that is registered under its code, or one that stands in a school where it is the nearest of the
    register and at most `SCHOOL_KM` away. What cannot be told without a code (of a school: or a position) is told so.
    """
    standing = list(points)
    named = {digits: {one.area[:digits] for one in standing if one.area} for digits in set(_DIGITS.values())}
    schools = _schools_at(units, [one.in_school_at for one in standing if one.in_school_at is not None])
    return [_outcome(unit, named, index in schools) for index, unit in enumerate(units)]


def administrative(units: Iterable[Unit], points: Iterable[Standing]) -> Administrative:
    """Count units in which an open point stands; a code listed twice is known once.

    One without a code is known too, though nobody can tell whether a point stands in it.
    """
    standing = list(points)
    listed = [unit for unit in units if unit.kind in KINDS]
    coded = {(unit.kind, unit.code): unit for unit in reversed(listed) if unit.code}
    known = [*coded.values(), *(unit for unit in listed if not unit.code)]
    outcomes = has_point(known, standing)
    by_kind = {kind: [one for unit, one in zip(known, outcomes, strict=True) if unit.kind == kind] for kind in KINDS}
    return Administrative(
        by_kind={kind: Count(found.count(Outcome.COVERED), len(found)) for kind, found in by_kind.items() if found},
        points_without_area=sum(not one.area for one in standing),
    )


def _outcome(unit: Unit, named: Mapping[int, set[str]], in_school: bool) -> Outcome:
    digits = _DIGITS.get(unit.kind, len("440802001001"))
    if in_school or (unit.code is not None and unit.code[:digits] in named[digits]):
        return Outcome.COVERED
    told = unit.code is not None if unit.kind in _DIGITS else unit.position is not None
    return Outcome.NOT_COVERED if told else Outcome.WITHOUT_POSITION


def _schools_at(units: Sequence[Unit], stands: Sequence[Position]) -> set[int]:
    """Which of the units are schools where a point stands."""
    placed = {i: unit.position for i, unit in enumerate(units) if unit.kind == "school" and unit.position is not None}
    if not placed:
        return set()
    near, indexes, threshold = Near(list(placed.values())), list(placed), Threshold(SCHOOL_KM)
    nearest = [near.nearest(position) for position in stands]
    return {indexes[one] for km, one in nearest if threshold.holds(km)}
