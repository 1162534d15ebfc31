"""Where the demo plays and who is in it: plain facts, no application and no database.

`source` says of every point and batch whether an annual report names it or the demo invents it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Source = Literal["report", "invented"]
Level = Literal["county", "town", "village"]
PointKind = Literal["branch", "mobile_point", "delivery_school", "mobile_stop", "book_house"]
PositionQuality = Literal["exact", "approximate"]
Role = Literal["clerk", "manager", "admin"]


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the register of counties, towns and villages. Coordinates are GCJ-02 degrees."""

    code: str
    name: str
    parent: str
    level: Level
    ur_code: str
    lon_gcj02: float
    lat_gcj02: float
    province: str
    city: str
    county: str
    town: str


@dataclass(frozen=True, slots=True)
class Network:
    """A central library with its points. `region` is the prefix of the register codes it serves."""

    code: str
    name: str
    region: str
    barcode_prefix: str
    central_name: str
    central_position_from: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signs in. The name is a role's, not a human being's."""

    network: str
    login: str
    display_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who answers for one or more points by one personal link. No phone is ever given."""

    network: str
    key: str
    display_name: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A service point.

    `position_from` is the register row whose coordinate it is given: its own village or township (`exact`),
    or the town or county around it (`approximate`). `enrolment` in pupils (名), or unknown.
    """

    network: str
    code: str
    name: str
    kind: PointKind
    host: str
    place_code: str
    position_from: str
    position_quality: PositionQuality
    opened_on: date
    unveiled_on: date | None
    open_to_community: bool
    enrolment: int | None
    source: Source

    @property
    def is_school(self) -> bool:
        """Whether the school calendar says when it is open."""
        return self.host.endswith("_school") or self.host == "kindergarten"


@dataclass(frozen=True, slots=True)
class Term:
    """A school term of a network's calendar, both days included."""

    network: str
    name: str
    first: date
    last: date
