"""Administrative coverage: towns, villages and residential areas with an open point, of so many known.

It never mixes with reach: it asks where a point is registered, not how far it is, and whether it is open, not
whether books are there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# In the 12-digit statistical code the first nine digits name the town, all twelve the village or
# residential area.
_DIGITS = {"town": 9, "village": 12, "residential": 12}


@dataclass(frozen=True, slots=True)
class Unit:
    """A town, village or residential area of the register, with its 12-digit statistical code."""

    kind: str
    code: str


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


def administrative(units: Iterable[Unit], open_point_areas: Iterable[str | None]) -> Administrative:
    """Count units in which an open point stands. A point in a village stands in its town as well."""
    areas = list(open_point_areas)
    named = {digits: {area[:digits] for area in areas if area} for digits in set(_DIGITS.values())}
    totals: dict[str, list[int]] = {}
    for unit in set(units):
        digits = _DIGITS.get(unit.kind)
        if digits is None:
            continue
        count = totals.setdefault(unit.kind, [0, 0])
        count[0] += unit.code[:digits] in named[digits]
        count[1] += 1
    return Administrative(
        by_kind={kind: Count(*totals[kind]) for kind in _DIGITS if kind in totals},
        points_without_area=sum(not area for area in areas),
    )
