"""The edge at which positions leave for the map, and boxes come back: on the datum of the tiles, where there are any.

Everything that is stored and computed is WGS-84. Tiles on GCJ-02 are shifted by some hundred metres in China: what is
drawn on them is shifted with them, on the way out.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from branchnet.points import ground
from branchnet.points.datum import Datum, gcj02_from_wgs84, wgs84_from_gcj02

Box = tuple[float, float, float, float]
"""South, west, north, east, in degrees."""
# A shift moves a corner by no more than this: what stands at the border of a box is asked for too.
_MOST_SHIFT = 0.01


@dataclass(frozen=True, slots=True)
class Edge:
    """The datum on which the map is drawn."""

    datum: Datum = Datum.WGS84

    def out(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a WGS-84 position is drawn."""
        return gcj02_from_wgs84(lat, lon) if self.datum is Datum.GCJ02 else (lat, lon)

    def into(self, box: Box) -> Box:
        """A box of the map as one of WGS-84 that holds at least the same places."""
        if self.datum is not Datum.GCJ02:
            return box
        south, west = wgs84_from_gcj02(*box[:2])
        north, east = wgs84_from_gcj02(*box[2:])
        return south - _MOST_SHIFT, west - _MOST_SHIFT, north + _MOST_SHIFT, east + _MOST_SHIFT

    def box_out(self, box: Box) -> Box:
        """Where a box of WGS-84 is drawn."""
        return (*self.out(*box[:2]), *self.out(*box[2:]))

    def outlines(self, codes: tuple[str, ...]) -> dict[str, Any]:
        """The outlines of the counties under these codes, where they are drawn. Shared: not to be changed."""
        return ground.outlines(codes) if self.datum is not Datum.GCJ02 else _shifted(tuple(sorted(set(codes))))

    def bounds(self, codes: tuple[str, ...]) -> Box | None:
        """The box around these areas, where it is drawn; None where none of the codes is known."""
        box = ground.bounds(codes)
        return None if box is None else self.box_out(box)


PLAIN = Edge()
"""Nothing is shifted: without tiles, and on tiles of WGS-84 or CGCS2000."""


@lru_cache(maxsize=64)
def _shifted(codes: tuple[str, ...]) -> dict[str, Any]:
    made = ground.outlines(codes)
    return {
        **made,
        "features": [
            {**one, "geometry": {**one["geometry"], "coordinates": _moved(one["geometry"]["coordinates"])}}
            for one in made["features"]
        ],
    }


def _moved(part: Any) -> Any:
    """The same rings, each vertex shifted: GeoJSON has longitude first."""
    if part and isinstance(part[0], int | float):
        lat, lon = gcj02_from_wgs84(part[1], part[0])
        return [round(lon, 4), round(lat, 4)]
    return [_moved(one) for one in part]
