"""Datums: what goes out comes back within a metre, over the three areas that the project began with."""

import math

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from branchnet.points.datum import (
    Datum,
    gcj02_from_wgs84,
    to_wgs84,
    wgs84_from_bd09,
    wgs84_from_cgcs2000,
    wgs84_from_gcj02,
)

AREAS = {
    "zhanjiang": ((20.24, 21.89), (109.70, 110.95)),
    "hongshan": ((42.10, 42.32), (118.91, 119.12)),
    "changping": ((40.05, 40.30), (115.89, 116.46)),
}
positions = st.sampled_from(sorted(AREAS)).flatmap(
    lambda area: st.tuples(*(st.floats(low, high) for low, high in AREAS[area]))
)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(geodesic(one, other).m)


def baidu(lat: float, lon: float) -> tuple[float, float]:
    """The forward formula of BD-09, written down once more and apart from the library under test."""
    pi = math.pi * 3000 / 180
    radius = math.hypot(lat, lon) + 0.00002 * math.sin(lat * pi)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * pi)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


@given(positions)
def test_gcj02_there_and_back_within_a_metre(position: tuple[float, float]) -> None:
    shifted = gcj02_from_wgs84(*position)
    assert 100 < metres(position, shifted) < 1000
    assert metres(position, wgs84_from_gcj02(*shifted)) < 1


@given(positions)
def test_bd09_back_within_a_metre(position: tuple[float, float]) -> None:
    assert metres(position, wgs84_from_bd09(*baidu(*gcj02_from_wgs84(*position)))) < 1


def test_a_published_pair_of_gcj02() -> None:
    """Pairs in Shanghai and Beijing that open implementations agree on."""
    assert metres(gcj02_from_wgs84(39.915, 116.404), (39.91640428150164, 116.41024449916938)) < 0.01
    assert metres(gcj02_from_wgs84(31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)) < 0.01
    assert metres(wgs84_from_gcj02(31.17530398364597, 121.531541859215), (31.1774276, 121.5272106)) < 0.05


def test_tianditu_needs_no_shift() -> None:
    assert wgs84_from_cgcs2000(21.27, 110.36) == (21.27, 110.36)


@pytest.mark.parametrize("position", [(51.5, -0.12), (-33.9, 151.2)])
def test_outside_china_the_datums_are_one(position: tuple[float, float]) -> None:
    assert gcj02_from_wgs84(*position) == position
    assert wgs84_from_gcj02(*position) == position
    assert wgs84_from_bd09(*position) == position


@pytest.mark.parametrize("datum", list(Datum))
def test_a_named_datum_finds_its_own_way(datum: Datum) -> None:
    truth = (21.27, 110.36)
    shifted = gcj02_from_wgs84(*truth)
    given_as = {Datum.GCJ02: shifted, Datum.BD09: baidu(*shifted)}.get(datum, truth)
    assert metres(to_wgs84(datum, *given_as), truth) < 0.05


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("position", [(91.0, 0.0), (0.0, 181.0), (math.nan, 110.0), (21.0, math.inf)])
def test_what_is_not_on_the_globe_is_refused(datum: Datum, position: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="not a position"):
        to_wgs84(datum, *position)


def amap(lat: float, lon: float) -> tuple[float, float]:
    """The forward formula of GCJ-02, written down once more and apart from the library under test."""
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    waves = 20 * math.sin(6 * pi * x) + 20 * math.sin(2 * pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (waves + 20 * math.sin(pi * y) + 40 * math.sin(pi * y / 3)) * 2 / 3
    north += (160 * math.sin(pi * y / 12) + 320 * math.sin(pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (waves + 20 * math.sin(pi * x) + 40 * math.sin(pi * x / 3)) * 2 / 3
    east += (150 * math.sin(pi * x / 12) + 300 * math.sin(pi * x / 30)) * 2 / 3
    axis, squared = 6378245.0, 0.00669342162296594323
    bend = 1 - squared * math.sin(math.radians(lat)) ** 2
    along = axis * (1 - squared) / bend**1.5
    across = axis / math.sqrt(bend) * math.cos(math.radians(lat))
    return lat + math.degrees(north / along), lon + math.degrees(east / across)


# Towers and squares from one end of the country to the other, as GPS gives them.
LANDMARKS = {
    "Tiananmen": (39.90734, 116.39089),
    "Oriental Pearl": (31.24169, 121.49491),
    "Canton Tower": (23.10896, 113.31923),
    "Zhanjiang": (21.27079, 110.35941),
    "Chifeng": (42.25778, 118.88694),
    "Urumqi": (43.82592, 87.61688),
    "Sanya": (18.25250, 109.51194),
}


@pytest.mark.parametrize("name", LANDMARKS)
def test_known_points_within_a_metre_both_ways(name: str) -> None:
    """Each map's degrees by a formula of our own; ours agree with them, and bring them back."""
    truth = LANDMARKS[name]
    on_amap = amap(*truth)
    on_baidu = baidu(*on_amap)
    assert metres(on_amap, gcj02_from_wgs84(*truth)) < 0.01
    assert metres(truth, wgs84_from_gcj02(*on_amap)) < 0.1
    assert metres(truth, wgs84_from_bd09(*on_baidu)) < 0.1
    # Taken for one another they are hundreds of metres off: a mistaken datum cannot pass for a rounding.
    assert metres(truth, on_amap) > 100
    assert metres(truth, on_baidu) > 400
    assert metres(truth, wgs84_from_gcj02(*on_baidu)) > 400


def test_a_published_pair_of_bd09() -> None:
    """A pair in Beijing that open implementations (coordtransform and others) are tested with."""
    on_amap, on_baidu = (39.915, 116.404), (39.92133699351021, 116.41036949371029)
    assert metres(baidu(*on_amap), on_baidu) < 0.01
    assert metres(wgs84_from_bd09(*on_baidu), wgs84_from_gcj02(*on_amap)) < 0.1
