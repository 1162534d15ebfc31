"""Where a network is at home: what the map fits at first, so that one far-off row does not stretch it. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from branchnet.coverage.edge import Box
from branchnet.coverage.view import CommunityOnMap, MapView, PointOnMap
from branchnet.points import ground

FAR = 3.0
"""What lies so many times as far from the middle as three quarters of all that is drawn, lies far off."""
NEAREST_KM, KM_A_DEGREE = 50.0, 111.0
MOST_COUNTIES = 60
"""Outlines of so many counties are drawn at most: each weighs some 2 kB."""


def home(view: MapView) -> tuple[tuple[str, ...], Box | None]:
    """The counties to be drawn, and the box around them and the bulk of points and communities (WGS-84).

    None where nothing says where that is; no county where there are too many.
    """
    few = view.area_codes if len(view.area_codes) <= MOST_COUNTIES else ()
    inner = _bulk(_positions(view.points, view.communities))
    if inner is None:
        return few, None
    codes = tuple(code for code in few if _near(code, inner))
    box = ground.bounds(codes)
    return codes, inner if box is None else _both(box, inner)


def _positions(points: Iterable[PointOnMap], communities: Iterable[CommunityOnMap]) -> Sequence[tuple[float, float]]:
    """Of each where it is, else the middle of its county."""
    found = []
    rows = [
        *((one.lat, one.lon, one.area_code) for one in points),
        *((one.lat, one.lon, one.code) for one in communities),
    ]
    for lat, lon, code in rows:
        if lat is not None and lon is not None:
            found.append((lat, lon))
        elif code and (box := _county(code[:6])) is not None:
            found.append(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    return found


@lru_cache(maxsize=4096)
def _county(code: str) -> Box | None:
    return ground.bounds((code,))


def _bulk(at: Sequence[tuple[float, float]]) -> Box | None:
    """The box around all but what is far off."""
    if not at:
        return None
    degrees = np.array(at)
    middle = np.median(degrees, axis=0)
    away = (degrees - middle) * KM_A_DEGREE * (1.0, np.cos(np.radians(middle[0])))
    km = np.hypot(away[:, 0], away[:, 1])
    kept = degrees[km <= max(FAR * float(np.quantile(km, 0.75)), NEAREST_KM)]
    south, west = kept.min(axis=0)
    north, east = kept.max(axis=0)
    return float(south), float(west), float(north), float(east)


def _near(code: str, inner: Box) -> bool:
    """Whether a county is not far from a box."""
    box, far = _county(code), NEAREST_KM / KM_A_DEGREE
    if box is None:
        return False
    south, west, north, east = inner
    return box[0] <= north + far and south - far <= box[2] and box[1] <= east + far and west - far <= box[3]


def _both(one: Box, other: Box) -> Box:
    south, west, north, east = zip(one, other, strict=True)
    return min(south), min(west), max(north), max(east)
