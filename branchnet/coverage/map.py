"""The map's shell, drawn by folium: an empty map, the outlines of the counties, and two empty layers.

Only trusted text passes through folium's templates: a name inside one runs as script however it is escaped.
So names of places and points come later, as JSON, and ``static/js/map.js`` sets them as text. Nothing is
fetched from outside: folium's own lists of scripts are replaced, and there are no tiles unless the installation
names some, which the script lays under it. Of folium's head only the links are kept, for the rest forbids
zooming and restyles the whole page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

import folium
from branca.element import Figure
from folium.plugins import MarkerCluster
from markupsafe import Markup

from branchnet.coverage.edge import PLAIN, Box, Edge
from branchnet.points import ground

Asset = Callable[[str], str]
"""From a path under ``static/`` to the address it is served at."""

SCRIPTS = ("vendor/leaflet/leaflet.js", "vendor/markercluster/leaflet.markercluster.js")
STYLES = ("vendor/leaflet/leaflet.css", "vendor/markercluster/MarkerCluster.css")

_CHINA = (18.0, 73.5, 53.6, 135.1)
# Without tiles nothing says how deep one may go, and clusters need to know.
_DEEPEST_ZOOM = 17


@dataclass(frozen=True)
class MapShell:
    """The parts of a map page: link ``styles`` and ``scripts``, run ``script`` in a block with a nonce."""

    name: str
    """The variable, and the element's id, under which the browser finds the map."""
    points_layer: str
    communities_layer: str
    ground_layer: str
    html: Markup
    script: Markup
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    source: str
    """Whose outlines are drawn: to be shown beside the map."""


def shell(area_codes: Iterable[str], asset: Asset, edge: Edge = PLAIN, box: Box | None = None) -> MapShell:
    """The map of the counties under these codes (all of China where there are none), fitted to them or to a box."""
    codes = tuple(sorted(set(area_codes)))
    drawn = folium.Map(
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        maxZoom=_DEEPEST_ZOOM,
        zoomSnap=0.25,
    )
    counties = folium.GeoJson(edge.outlines(codes), style_function=_county_style, control=False)
    communities = folium.FeatureGroup(control=False)
    points = MarkerCluster(  # type: ignore[no-untyped-call]  # folium types its core and not its plugins
        control=False,
        maxClusterRadius=34,
        spiderfyDistanceMultiplier=1.8,
        showCoverageOnHover=False,
        animate=False,
        chunkedLoading=True,
    )
    for layer in (counties, communities, points):
        layer.add_to(drawn)
    drawn.fit_bounds(_corners(box or edge.bounds(codes) or _CHINA), padding=(16, 16))
    return _parts(drawn, points, communities, counties, asset)


def _parts(
    drawn: folium.Map,
    points: MarkerCluster,
    communities: folium.FeatureGroup,
    counties: folium.GeoJson,
    asset: Asset,
) -> MapShell:
    for part in (drawn, points, communities, counties):
        # Fixed names instead of random ones: the same map is the same text, and the page can name its parts.
        part._id = "coverage"  # noqa: SLF001
    for part in (drawn, points):
        # On the instance: the lists of the class are shared by every map of the process.
        part.default_js, part.default_css = [], []
    figure = cast("Figure", drawn.get_root())
    figure.render()
    return MapShell(
        name=drawn.get_name(),
        points_layer=points.get_name(),
        communities_layer=communities.get_name(),
        ground_layer=counties.get_name(),
        html=Markup(figure.html.render()),  # noqa: S704 - folium's own markup around our fixed names
        script=Markup(figure.script.render()),  # noqa: S704 - outlines and options, nothing that was typed
        scripts=tuple(asset(path) for path in SCRIPTS),
        styles=tuple(asset(path) for path in STYLES),
        source=ground.SOURCE,
    )


def _county_style(_feature: dict[str, Any]) -> dict[str, str]:
    """Colours are the style sheet's, so that they follow the reader's dark mode and the printer."""
    return {"className": "map-county"}


def _corners(box: Box) -> list[list[float]]:
    south, west, north, east = box
    return [[south, west], [north, east]]
