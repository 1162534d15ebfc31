"""Datums of Chinese maps, turned into WGS-84: the one datum that is stored.

Degrees everywhere, latitude first. Inverses are iterated until they agree with the forward formula to about
0.01 m; BD-09 is undone in its two steps, each iterated, which is closer than undoing both at once.
"""

from enum import StrEnum
from typing import NamedTuple

import prcoords


class Wgs84(NamedTuple):
    """A position as GPS gives it, in degrees."""

    lat: float
    lon: float


class Gcj02(NamedTuple):
    """A position on the datum of Amap, Tencent and Google's Chinese maps, in degrees."""

    lat: float
    lon: float


class Datum(StrEnum):
    """What a pair of degrees is measured on."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def wgs84_from_gcj02(lat: float, lon: float) -> Wgs84:
    """A position of Amap, Tencent or the place register. Outside China the two datums are one."""
    _check(lat, lon)
    if not _shifted(lat, lon):
        return Wgs84(lat, lon)
    found = prcoords.gcj_wgs_bored((lat, lon))
    return Wgs84(found.lat, found.lon)


def wgs84_from_bd09(lat: float, lon: float) -> Wgs84:
    """A position of Baidu's maps and of its geocoder."""
    _check(lat, lon)
    if not _shifted(lat, lon):
        return Wgs84(lat, lon)
    between = prcoords.bd_gcj_bored((lat, lon))
    return wgs84_from_gcj02(between.lat, between.lon)


def wgs84_from_cgcs2000(lat: float, lon: float) -> Wgs84:
    """A position of Tianditu: the same, but for the drift of continents since 2000 (under a metre)."""
    _check(lat, lon)
    return Wgs84(lat, lon)


def gcj02_from_wgs84(lat: float, lon: float) -> Gcj02:
    """Where a stored position belongs on a Chinese web map."""
    _check(lat, lon)
    if not _shifted(lat, lon):
        return Gcj02(lat, lon)
    found = prcoords.wgs_gcj((lat, lon))
    return Gcj02(found.lat, found.lon)


def to_wgs84(datum: Datum, lat: float, lon: float) -> Wgs84:
    """A position on a named datum, as it is stored. Raises ValueError where it is not on the globe."""
    match datum:
        case Datum.GCJ02:
            return wgs84_from_gcj02(lat, lon)
        case Datum.BD09:
            return wgs84_from_bd09(lat, lon)
        case Datum.CGCS2000:
            return wgs84_from_cgcs2000(lat, lon)
        case Datum.WGS84:
            _check(lat, lon)
            return Wgs84(lat, lon)


def _check(lat: float, lon: float) -> None:
    # Written so that NaN fails too.
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"not a position in degrees: {lat}, {lon}")


def _shifted(lat: float, lon: float) -> bool:
    """Whether the shift applies: the maps shift what lies in a box around China, and nothing else."""
    return bool(prcoords.sanity_in_china_p(prcoords.Coords(lat, lon)))
