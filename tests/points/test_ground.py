"""The ground: the right county for known positions, outlines that are small and whose borders still meet."""

import json

import pytest
import shapely
from shapely.geometry import shape

from branchnet.points.ground import Area, areas_under, bounds, county_at, outlines

ZHANJIANG = ("440800",)


@pytest.mark.parametrize(
    ("lat", "lon", "code", "name"),
    [
        (21.2660, 110.3590, "440802", "赤坎区"),
        (20.9140, 110.0910, "440882", "雷州市"),
        (42.2960, 118.9480, "150402", "红山区"),
        (40.2200, 116.2250, "110114", "昌平区"),
    ],
)
def test_the_county_of_a_known_position(lat: float, lon: float, code: str, name: str) -> None:
    assert county_at(lat, lon) == Area(code, name)


def test_at_sea_and_abroad_there_is_no_county() -> None:
    assert county_at(19.0, 113.5) is None
    assert county_at(51.5, -0.12) is None


def test_codes_of_every_length_name_their_counties() -> None:
    assert len(areas_under("440800")) == 9
    assert areas_under("440800000000") == areas_under("440800")
    assert areas_under("150402004201") == (Area("150402", "红山区"),)
    assert {area.code[:2] for area in areas_under("440000")} == {"44"}
    assert areas_under("990000") == ()


@pytest.mark.parametrize("code", ["", "44", "4408"])
def test_a_short_code_is_refused_rather_than_meaning_everything(code: str) -> None:
    with pytest.raises(ValueError, match="not an area code"):
        areas_under(code)


def test_outlines_are_small_and_named() -> None:
    drawn = outlines(ZHANJIANG)
    assert len(json.dumps(drawn)) < 30_000
    assert {"code": "440882", "name": "雷州市"} in [feature["properties"] for feature in drawn["features"]]
    assert len(json.dumps(outlines(("440000",)))) < 150_000


def test_simplified_borders_still_meet() -> None:
    """Neighbours simplified one by one would overlap or leave slivers; together the areas still add up."""
    shapes = [shapely.make_valid(shape(feature["geometry"])) for feature in outlines(ZHANJIANG)["features"]]
    together = shapely.union_all(shapes)
    assert sum(one.area for one in shapes) == pytest.approx(together.area, rel=5e-4)


def test_an_outline_still_holds_its_towns() -> None:
    leizhou = next(f for f in outlines(("440882",))["features"] if f["id"] == "440882")
    assert shape(leizhou["geometry"]).contains(shapely.Point(110.091, 20.914))


def test_unknown_codes_draw_nothing_and_have_no_box() -> None:
    assert outlines(("990000",))["features"] == []
    assert bounds(("990000",)) is None
    assert bounds(()) is None


def test_the_box_holds_the_area() -> None:
    box = bounds(("150402",))
    assert box is not None
    south, west, north, east = box
    assert south < 42.296 < north
    assert west < 118.948 < east
