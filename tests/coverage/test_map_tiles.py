"""Tiles are settings: none by default, their own server and no other where there are, and shifted with their datum."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.config import BadSettings, Settings
from branchnet.coverage.edge import PLAIN, Edge
from branchnet.points import ground
from branchnet.points.datum import Datum, gcj02_from_wgs84
from tests.coverage.test_map_drawn import COMMUNITIES, MOBILE, POINTS, places
from tests.support.world import World

URL = "https://tiles.example.org/{z}/{x}/{y}.png"
TILES = {"tiles_url": URL, "tiles_attribution": "某某地图", "map_review_number": "GS(2026)0001号"}

pages = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"tiles_datum": "bd09"}, "Baidu"),
        ({"tiles_url": URL}, "ATTRIBUTION"),
        ({"tiles_url": "https://{s}.example.org/{z}/{x}/{y}.png", "tiles_attribution": "x"}, "one host"),
        ({"tiles_url": "https://example.org/tiles", "tiles_attribution": "x"}, "{z}"),
        ({"tiles_url": "https://a.org;script-src *//{z}/{x}/{y}", "tiles_attribution": "x"}, "http"),
        ({"tiles_url": "javascript:alert(1)/{z}/{x}/{y}", "tiles_attribution": "x"}, "http"),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(BadSettings, match=re.escape(told)):
        Settings(**wrong).check()


@pages
def test_without_settings_no_page_may_ask_another_server(manager: FlaskClient, stocked: World) -> None:
    answer = manager.get("/manage/map")
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "data-tiles" not in answer.get_data(as_text=True)
    assert "审图号" not in answer.get_data(as_text=True)


@pages
def test_with_tiles_only_the_map_may_ask_their_server(app: Flask, manager: FlaskClient, stocked: World) -> None:
    app.config["BRANCHNET"] = replace(app.config["BRANCHNET"], **TILES)
    answer = manager.get("/manage/map")
    html = answer.get_data(as_text=True)
    assert "img-src 'self' data: https://tiles.example.org;" in answer.headers["Content-Security-Policy"]
    assert f'data-tiles="{URL}"' in html
    assert "底图：某某地图。" in html
    assert "审图号：GS(2026)0001号" in html
    assert "审图号：GS(2026)0001号" in manager.get("/manage/map/print").get_data(as_text=True)
    assert "example.org" not in manager.get("/manage/points/CL-01").headers["Content-Security-Policy"]


@pages
def test_on_shifted_tiles_all_that_is_drawn_is_shifted(app: Flask, manager: FlaskClient, stocked: World) -> None:
    app.config["BRANCHNET"] = replace(app.config["BRANCHNET"], **TILES, tiles_datum="gcj02")
    point, drawn = stocked.point_ids[0], gcj02_from_wgs84(*MOBILE)
    assert places(manager.get(POINTS).get_json()["points"])[point] == pytest.approx(drawn, abs=1e-5)
    card = manager.get(f"{POINTS}/{point}").get_json()
    assert (card["lat"], card["lon"]) == pytest.approx(drawn, abs=1e-7)
    near = gcj02_from_wgs84(21.2800, 110.3594)
    assert near in [
        pytest.approx(at, abs=1e-5) for at in places(manager.get(COMMUNITIES).get_json()["communities"]).values()
    ]
    # The programs' answer stays WGS-84.
    assert MOBILE[0] in manager.get("/api/v1/map").get_json()["points"]["lat"]


def test_outlines_and_boxes_go_over_the_edge_too() -> None:
    shifted = Edge(Datum.GCJ02)
    first = ground.outlines(("440802",))["features"][0]["geometry"]["coordinates"]
    moved = shifted.outlines(("440802",))["features"][0]["geometry"]["coordinates"]
    while not isinstance(first[0], float):
        first, moved = first[0], moved[0]
    assert moved == pytest.approx(gcj02_from_wgs84(first[1], first[0])[::-1], abs=1e-4)
    box = (21.0, 110.0, 21.5, 110.5)
    south, west, north, east = shifted.into((*shifted.out(*box[:2]), *shifted.out(*box[2:])))
    assert (south, west) < (21.0, 110.0)
    assert 110.5 < east < 110.52
    assert 21.5 < north < 21.52
    assert PLAIN.into(box) == box
