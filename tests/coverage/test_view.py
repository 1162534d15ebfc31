"""The view: both coverages side by side, and ten thousand points that stay light."""

import gzip
import json
from typing import Any

from branchnet.coverage.rules import Count, Threshold
from branchnet.coverage.schemas import MapData
from branchnet.coverage.view import CommunityOnMap, MapView, PointOnMap, as_columns, map_view


def point(number: int, lat: float | None, lon: float | None, **other: Any) -> PointOnMap:
    given: dict[str, Any] = {
        "network_id": 1,
        "code": f"P{number:05}",
        "name": f"第{number}小学流动服务点",
        "kind": "mobile_point",
        "is_open": True,
        "quality": "exact" if lat is not None else None,
        "area_code": "440881118201",
        "copies": 100,
        "copies_quality": "exact",
        "visits": 12,
        "loans": None,
        "last_month": "2026-10",
    }
    return PointOnMap(id=number, lat=lat, lon=lon, **(given | other))


def village(number: int, lat: float | None, lon: float | None, **other: Any) -> CommunityOnMap:
    given: dict[str, Any] = {
        "kind": "village",
        "code": f"440881118{number:03}",
        "name": f"第{number}村",
        "town": "长山镇",
        "quality": "exact" if lat is not None else None,
        "children": None,
    }
    return CommunityOnMap(id=number, lat=lat, lon=lon, **(given | other))


def columns(view: MapView) -> dict[str, Any]:
    data = MapData().dump({"network": "n", **as_columns(view, lambda one: f"/manage/points/{one.code}")})
    assert isinstance(data, dict)
    return data


def test_towns_are_counted_where_points_are_registered_and_never_as_reached() -> None:
    town = village(0, 21.5, 110.0, kind="town", code="440881118000")
    view = map_view(
        "2026-10", Threshold(3), [point(1, 21.5, 110.0)], [town, village(201, 21.51, 110.0), village(202, 21.9, 110.0)]
    )
    assert view.reached == Count(1, 2)
    assert view.administrative.by_kind == {"town": Count(1, 1), "village": Count(1, 2)}
    assert [one.name for one in view.communities] == ["第201村", "第202村"]
    assert view.area_codes == ("440881",)


def test_a_closed_point_is_drawn_and_counts_for_nothing() -> None:
    view = map_view("2026-10", Threshold(3), [point(1, 21.5, 110.0, is_open=False)], [village(201, 21.5, 110.0)])
    assert view.reached == Count(0, 1)
    assert view.administrative.by_kind == {"village": Count(0, 1)}
    assert columns(view)["points"]["open"] == [False]


def test_children_are_counted_only_where_somebody_knows_them() -> None:
    places = [village(201, 21.5, 110.0, children=40), village(202, 21.9, 110.0, children=60), village(203, None, None)]
    view = map_view("2026-10", Threshold(3), [point(1, 21.5, 110.0)], places)
    assert view.children == Count(40, 100)
    assert view.without_position == 1


def test_columns_are_of_one_length_and_fit_their_schema() -> None:
    view = map_view("2026-10", Threshold(3), [point(1, 21.5, 110.0), point(2, None, None)], [village(201, 21.5, 110.0)])
    data = columns(view)
    for part, rows in (("points", 2), ("communities", 1)):
        assert {len(column) for column in data[part].values()} == {rows}
    assert MapData().validate(data) == {}
    assert data["points"]["covers"] == [[201], []]


def test_ten_thousand_points_stay_light() -> None:
    spread = [(number * 0.618034 % 1, number * 0.754878 % 1) for number in range(10_000)]
    points = [
        point(number, round(20.3 + north, 6), round(109.7 + east, 6), copies=int(north * 3000))
        for number, (north, east) in enumerate(spread)
    ]
    villages = [village(number, 21.0 + number / 1000, 110.2) for number in range(300)]
    view = map_view("2026-10", Threshold(3), points, villages)
    body = json.dumps(columns(view), ensure_ascii=False, separators=(",", ":"))
    assert len(gzip.compress(body.encode())) < 400_000
