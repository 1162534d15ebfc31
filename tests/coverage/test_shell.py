"""The map's shell: nothing from outside, nothing of the class changed, nothing in it that anybody typed."""

import re

import folium
from folium.plugins import MarkerCluster

from branchnet.coverage.map import MapShell, shell


def drawn(*codes: str) -> MapShell:
    return shell(codes, lambda path: f"/static/{path}")


def test_every_address_is_our_own() -> None:
    made = drawn("440882")
    assert made.scripts == (
        "/static/vendor/leaflet/leaflet.js",
        "/static/vendor/markercluster/leaflet.markercluster.js",
    )
    assert all(address.startswith("/static/") for address in (*made.scripts, *made.styles))
    assert "//" not in made.html + re.sub(r"https?", "", made.script)


def test_folium_itself_stays_as_it_was() -> None:
    """Its lists are shared by all maps of a process: changing them in place would change every other map."""
    before = list(folium.Map.default_js), list(MarkerCluster.default_css)
    drawn("440882")
    assert (folium.Map.default_js, MarkerCluster.default_css) == before


def test_the_same_map_is_the_same_text() -> None:
    assert drawn("440882", "440881") == drawn("440881", "440882", "440881")


def test_the_parts_carry_the_names_the_page_looks_for() -> None:
    made = drawn("440882")
    for name in (made.name, made.points_layer, made.communities_layer, made.ground_layer):
        assert f"var {name} = L." in made.script
    assert f'id="{made.name}"' in made.html


def test_there_are_no_tiles_no_attribution_of_others_and_no_inline_style() -> None:
    made = drawn("440882")
    assert "tileLayer" not in made.script
    assert '"attributionControl": false' in made.script
    assert '"maxZoom": 17' in made.script
    assert "style=" not in made.html
    assert "<" not in made.script.replace("<script>", "")


def test_without_an_area_the_map_shows_china() -> None:
    assert '"features": []' in drawn().script
    assert "[[18.0, 73.5], [53.6, 135.1]]" in drawn().script
