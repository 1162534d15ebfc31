"""Distances on the ellipsoid of WGS-84: the geodesic, and two bounds of it that cost next to nothing.

Positions become points in space, metres from the centre of the Earth. The straight line (chord) between two of them is
never longer than the geodesic: the lower bound. The upper one is Schur's theorem: a geodesic bends nowhere more than a
circle of the ellipsoid's smallest radius of curvature, b²/a (along the meridian at the equator), so its chord is at
least that circle's: s ≤ 2R·asin(c / 2R). At 3 km the two lie 0.03 mm apart, at 100 km a metre. So the geodesic itself
need be measured only for what lies between the two, and for what is shown.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

Position = tuple[float, float]
Numbers = NDArray[np.float64]

SLACK_M = 0.001
"""What rounding may take from a coordinate of 6.4 million metres, many times over."""
_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_SMALLEST_M = _EQUATOR_M * (1 - _FLATTENING) ** 2


def km_between(one: Position, other: Position) -> float:
    """The geodesic: what is compared, stored and shown."""
    return float(geodesic(one, other).km)


def longest_m(chord_m: Any) -> Any:
    """No geodesic over this chord is longer; infinite where that is not known, nearly on the other side of the Earth.

    Of a number or of an array of them.
    """
    half = np.asarray(chord_m) / (2 * _SMALLEST_M)
    return np.where(half < 1, 2 * _SMALLEST_M * np.arcsin(np.minimum(half, 1)), np.inf) + SLACK_M


def earth_centred(positions: Sequence[Position] | Numbers) -> Numbers:
    """Metres from the centre of the Earth along three axes; a row for each latitude and longitude in degrees."""
    radians = np.radians(np.asarray(positions, dtype=np.float64).reshape(-1, 2))
    lat, lon = radians[:, 0], radians[:, 1]
    squashed = (1 - _FLATTENING) ** 2
    sine, cosine = np.sin(lat), np.cos(lat)
    radius = _EQUATOR_M / np.sqrt(cosine**2 + squashed * sine**2)
    across = radius * cosine
    return np.column_stack((across * np.cos(lon), across * np.sin(lon), radius * squashed * sine))
