"""What coverage counts: the communities of the register, and the points, each with where it belongs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from branchnet.extensions import db
from branchnet.models import Community
from branchnet.points.queries import Point
from branchnet.points.registered import IN_REGISTER
from branchnet.readings.rules import SCHOOL_HOSTS

URBAN, RURAL = "urban", "rural"
_TOWN, _COUNTY = 9, 6
"""Digits of the statistical code that name the town, and the county."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A community, or a point, as coverage counts it. Towns and counties are named as the register names them."""

    id: int
    network_id: int
    kind: str
    code: str | None
    name: str
    county: str
    town: str
    urban: str | None
    """urban or rural by the statistical classification; None where nobody wrote it down."""
    children: int | None
    lat: float | None
    lon: float | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Names:
    """What the register calls the towns and counties of its codes, and which villages are urban."""

    by_code: Mapping[str, str]
    urban: Mapping[str, str]

    def county(self, code: str | None) -> str:
        """The county of a code; its six digits where the register does not name it; nothing without a code."""
        return self.by_code.get(code[:_COUNTY], code[:_COUNTY]) if code else ""

    def town(self, code: str | None) -> str:
        """The town of a code, in the same way; nothing for a county's own code."""
        if not code or code[_COUNTY:_TOWN].strip("0") == "":
            return ""
        return self.by_code.get(code[:_TOWN], code[:_TOWN])


By = Callable[[Listed], str]
DIMENSIONS: Mapping[str, By] = {
    "network": lambda row: str(row.network_id),
    "county": lambda row: row.county,
    "town": lambda row: f"{row.county} {row.town}" if row.county or row.town else "",
    "urban": lambda row: row.urban or "",
}
"""What numbers are broken down by; each gives a text that stands in addresses too, empty where nobody knows.

A town's is county, space, town: without the town it is not the county's name, which another group bears.
"""


def towns_unlisted(register: Sequence[Listed]) -> list[tuple[str, str]]:
    """County and name of towns of which places are in the register, but not the town itself: no count has them."""
    listed = {(one.county, one.town) for one in register if one.kind == "town"}
    named = dict.fromkeys((one.county, one.town) for one in register if one.town)
    return [town for town in named if town not in listed]


def register_of(networks: Iterable[int]) -> tuple[list[Listed], Names]:
    """The register of these networks, in the order of its codes, and its names. A code that two keep is known once."""
    rows = db.session.execute(
        select(
            Community.id,
            Community.network_id,
            Community.kind,
            Community.code,
            Community.parent_code,
            Community.name,
            Community.county,
            Community.town,
            Community.urban_rural,
            Community.children,
            Community.lat,
            Community.lon,
            Community.quality,
        )
        .where(Community.network_id.in_(sorted(networks)), IN_REGISTER)
        .order_by(Community.id)
    ).all()
    first: dict[str, int] = {}
    for row in rows:
        if row.code:
            first.setdefault(row.code, row.id)
    known = [row for row in rows if not row.code or first[row.code] == row.id]
    names = _names(known)
    return [_listed(row, names) for row in known], names


def points_listed(points: Sequence[Point], names: Names) -> list[Listed]:
    """Points in the same form: where one belongs is said by the area in which it is registered."""
    return [
        Listed(
            id=point.id,
            network_id=point.network_id,
            kind=point.kind,
            code=point.code,
            name=point.name,
            county=names.county(point.area_code),
            town=names.town(point.area_code),
            urban=names.urban.get(point.area_code or ""),
            children=None,
            lat=point.lat,
            lon=point.lon,
            exact=point.quality == "exact",
        )
        for point in points
    ]


def _names(rows: Iterable[Any]) -> Names:
    by_code: dict[str, str] = {}
    urban: dict[str, str] = {}
    digits = {"county": _COUNTY, "town": _TOWN}
    for row in rows:
        code, kind = row.code, row.kind
        if code and kind in digits:
            by_code[code[: digits[kind]]] = row.name
        said = _urban(row.urban_rural)
        if code and said:
            urban[code] = said
    return Names(by_code, urban)


def _listed(row: Any, names: Names) -> Listed:
    where = row.code or row.parent_code
    kind, name = row.kind, row.name
    return Listed(
        id=row.id,
        network_id=row.network_id,
        kind=kind,
        code=row.code,
        name=name,
        county=row.county or names.county(where),
        town=name if kind == "town" else row.town or names.town(where),
        urban=_urban(row.urban_rural),
        children=row.children,
        lat=row.lat,
        lon=row.lon,
        exact=row.quality == "exact",
    )


def _urban(classification: str | None) -> str | None:
    """Of the three digits of the statistical classification (城乡分类代码) the first: 1 urban, 2 rural."""
    return {"1": URBAN, "2": RURAL}.get((classification or "")[:1])


def in_school(point: Point) -> bool:
    """Whether a point stands in a school."""
    return point.host in SCHOOL_HOSTS or point.kind == "delivery_school"


def in_school_at(point: Point) -> tuple[float, float] | None:
    """Where a point stands that stands in a school, if that is known exactly."""
    if not in_school(point) or point.quality != "exact" or point.lat is None or point.lon is None:
        return None
    return point.lat, point.lon
