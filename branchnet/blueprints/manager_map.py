"""The manager's map: on the screen with its table, on paper, and as a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from flask import Response, current_app, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.scope import networks_named
from branchnet.blueprints.addresses import from_address
from branchnet.blueprints.api_map import community_links, edge, sought
from branchnet.blueprints.coverage_words import way_words
from branchnet.blueprints.manager import blueprint, href
from branchnet.blueprints.map_lists import held, lists, ways_by_km
from branchnet.config import Settings
from branchnet.coverage.cards import community_card
from branchnet.coverage.cells import CellCount, counted
from branchnet.coverage.drawn import Asked, map_drawn
from branchnet.coverage.edge import Box
from branchnet.coverage.home import MOST_COUNTIES, home
from branchnet.coverage.layer_words import figure_words, layer_column, layer_names, layer_note, mark_words
from branchnet.coverage.light_schemas import DEEPEST_ZOOM, LayerQuery, PageQuery
from branchnet.coverage.map import shell
from branchnet.coverage.picture import Told, picture
from branchnet.coverage.queries import months_with_facts
from branchnet.coverage.view import MapView
from branchnet.coverage.words import map_words, point_kinds
from branchnet.language import _, day_name, month_name
from branchnet.points import ground

RADII_KM = (1.0, 2.0, 3.0, 5.0, 10.0)
ROWS_A_PAGE = 100
ROWS_ON_PAPER = 2_000
MOST_LISTED = 2_000
"""With more points or communities than these, communities are drawn when their layer is switched on."""
SCREEN = 1_125
"""Degrees of longitude that a screen of 800 pixels shows at zoom 0."""
DOWN_FIRST = frozenset({"copies", "visits", "loans", "last_month", "covers", "figure"})
CHINA: Box = (18.0, 73.5, 53.6, 135.1)
WHOLE_ZOOM = 9.0


@dataclass(frozen=True)
class Wide:
    """A map of counts by cell, for there are too many points: the fullest cell first."""

    cells: list[CellCount]
    zoom: float

    @property
    def points(self) -> int:
        """How many points (个) there are in all."""
        return sum(cell.points for cell in self.cells)


@blueprint.get("/map")
@require("map.see")
def map_page() -> str:
    """The map, its figures, and the same points as a table; of too many points the cells."""
    given = from_address(PageQuery())
    page, order = given.pop("page"), given.pop("sort")
    opened = {name: given.pop(name) for name in ("community", "point")}
    found = sought(given)
    card = community_card(found, opened["community"]) if opened["community"] else None
    parts = _parts(found)
    asked_by = {**parts, "sort": order}
    made = map_drawn(found)
    rows: Sequence[Any]
    shown: dict[str, Any]
    if made is None:
        wide = _wide(found)
        rows, box = wide.cells, found.box or _around(wide.cells)
        codes = _counties(rows)
        parts["zoom"] = f"{wide.zoom:g}"
        shown = {"view": None, "wide": wide, "places": _places(rows, page), "box_href": _box_href(asked_by, box)}
    else:
        points, view = made
        rows = points.ordered(order, view.reach.within_reach_of)
        codes, box = _ground(found, view)
        shown = {"view": view, "figures": points.figures, "columns": _columns(found, parts, order)}
    return render_template(
        "manager/map.html",
        **shown,
        drawn=shell(
            codes if len(codes) <= MOST_COUNTIES else (),
            lambda path: url_for("static", filename=path),
            edge(),
            box and edge().box_out(box),
        ),
        asked=found,
        network=found.network,
        as_of=found.day,
        km=f"{found.within_km:g}",
        point_href=lambda one: href(found, one),
        hrefs=_hrefs(parts),
        settings=_settings(),
        choices=_choices(found),
        kinds=point_kinds(),
        words={**map_words(), "marks": mark_words(found.layer)},
        layer_note=layer_note(found.layer),
        marks=mark_words(found.layer),
        figure_words=lambda figure: figure_words(found.layer, figure),
        rows=rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        pages=_pages(len(rows), page, lambda number: url_for("manager.map_page", page=number, **asked_by)),
        opened=opened,
        card=card,
        card_links=community_links(found, card) if card else [],
        past=_past(found),
        lists=lists(found, made[1]) if made else {},
        held=held(made[1]) if made else "",
        listed=made is not None and max(len(made[0].points), len(made[1].communities)) <= MOST_LISTED,
    )


@blueprint.get("/map/print")
@require("map.see")
def map_print() -> str:
    """The picture and the table on paper, with title, day, source and 审图号."""
    given = from_address(PageQuery())
    order = given.pop("sort")
    for name in ("page", "community", "point"):
        given.pop(name)
    found = sought(given)
    made = map_drawn(found)
    parts = _parts(found)
    rows = made[0].ordered(order, made[1].reach.within_reach_of) if made else []
    return render_template(
        "manager/map_print.html",
        asked=found,
        view=made[1] if made else None,
        held=held(made[1]) if made else "",
        title=_title(found),
        figures=made[0].figures if made else {},
        columns=_columns(found, parts, order, links=False),
        figure_words=lambda figure: figure_words(found.layer, figure),
        kinds=point_kinds(),
        rows=rows[:ROWS_ON_PAPER],
        count=len(rows),
        as_of=found.day,
        km=f"{found.within_km:g}",
        source=ground.SOURCE,
        settings=_settings(),
        picture_href=_hrefs(parts)["picture"],
        back_href=url_for("manager.map_page", **parts),
    )


@blueprint.get("/map.png")
@require("map.see")
def map_picture() -> Response:
    """The same points drawn as a picture, with title, day, source and 审图号."""
    found = sought(from_address(LayerQuery()))
    made = map_drawn(found)
    cells = _wide(found).cells if made is None else []
    codes, box = _ground(found, made[1]) if made else (_counties(cells), found.box)
    kinds, marks = point_kinds(), mark_words(found.layer)
    told = Told(
        title=_title(found),
        plain_title=f"{found.network.slug} {found.month}",
        note=_note(found, made and made[1]),
        foot=_foot(found),
        plain_foot=f"{found.day} · {ground.SOURCE}",
        kinds=kinds,
        marks=marks,
        covered=_("%(km)s 公里内有书", km=f"{found.within_km:g}"),
        not_covered=_("%(km)s 公里内没有书", km=f"{found.within_km:g}"),
        rough=_("带圈：位置是大约的"),
        cells=_("服务点"),
    )
    drawn = codes if len(codes) <= MOST_COUNTIES else ()
    return Response(picture(told, made, cells, ground.outlines(drawn), box), mimetype="image/png")


def _ground(found: Asked, view: MapView) -> tuple[tuple[str, ...], Box | None]:
    """The counties that are drawn, and the box that is seen first: as asked for, else where the network is at home."""
    codes, box = home(view)
    return codes, found.box or box


def _parts(found: Asked) -> dict[str, Any]:
    """The parts of an address that ask for the same map."""
    parts = {"network": found.network.slug, "month": found.month, "within": f"{found.within_km:g}"}
    asked_for = {name: request.args[name] for name in ("layer", "box") if request.args.get(name)}
    return parts | asked_for


def _hrefs(parts: dict[str, Any]) -> dict[str, str]:
    """Where the map fetches what it draws, and where it is on paper and as a picture."""
    cards = {name: parts[name] for name in ("network", "month", "within")}
    whole = {name: part for name, part in parts.items() if name != "zoom"}
    return {
        "points": url_for("api.map_points", **parts),
        "communities": url_for("api.map_communities", **whole),
        "point": url_for("api.map_point", point_id=0, **cards),
        "community": url_for("api.map_community", community_id=0, **cards),
        "whole": url_for("manager.map_page", **{name: part for name, part in whole.items() if name != "box"}),
        "print": url_for("manager.map_print", **whole),
        "picture": url_for("manager.map_picture", **whole),
    }


def _columns(found: Asked, parts: dict[str, Any], order: str, *, links: bool = True) -> list[Any]:
    """The heads of the table. Each leads to the rows sorted by it; the one they are sorted by, to the other way."""

    def head(name: str, label: str, **more: Any) -> dict[str, Any]:
        up, down = name, f"-{name}"
        first = down if name in DOWN_FIRST else up
        turned = {up: down, down: up}.get(order, first)
        way = {"href": url_for("manager.map_page", **{**parts, "sort": turned})} if links else {}
        return {"label": label, "sorted": {up: "ascending", down: "descending"}.get(order), **way, **more}

    layer, past = layer_column(found.layer), _past(found)
    figures = (
        [head("figure", str(layer.pop("label")), **layer)]
        if layer is not None
        else [
            head("visits", _("当年阅览") if past else _("今年阅览"), numeric=True, unit=_("人次")),
            head("loans", _("当年外借") if past else _("今年外借"), numeric=True, unit=_("册次")),
        ]
    )
    return [
        head("name", _("服务点")),
        head("kind", _("类型")),
        head("copies", _("月底图书") if past else _("现有图书"), numeric=True, unit=_("册")),
        *figures,
        head("last_month", _("最近一次月报")),
        head("covers", _("%(km)s 公里内的村、社区、学校", km=f"{found.within_km:g}"), numeric=True, unit=_("个")),
        *([_("地图")] if links else []),
    ]


def _past(found: Asked) -> bool:
    """Whether all of it is as of the end of a month that is over: nothing of it is *now*."""
    return found.day < found.today


def _title(found: Asked) -> str:
    return _("%(network)s：%(what)s", network=found.network.name, what=layer_names()[found.layer])


def _foot(found: Asked) -> str:
    told = [
        _("截至 %(day)s", day=day_name(found.day)),
        _("县界：%(source)s，只作示意", source=ground.SOURCE),
        _review(),
    ]
    return " · ".join(filter(None, told))


def _note(found: Asked, view: MapView | None) -> str:
    """What the sizes and shapes of a picture mean beyond its legend, and how many are reached."""
    if view is None:
        return _("点太多，这里只画每一格有几个：圆越大，服务点越多。")
    empty = _("空心：那时没有书，或没有开放") if _past(found) else _("空心：现在没有书，或没有开放")
    hollow = empty if found.layer == "books" else ""
    percent = found.threshold.detour_percent
    way = _("路按直线的 %(percent)s%% 算", percent=percent) if percent != 100 else ""
    reached = _(
        "%(km)s 公里内有书的%(what)s：%(n)s / %(of)s。",
        km=f"{found.within_km:g}",
        what=held(view),
        n=f"{view.reached.n:,}",
        of=f"{view.reached.of:,}",
    )
    untold = _("其中 %(n)s 个没有位置，不能判断。", n=view.without_position) if view.without_position else ""
    return " ".join(filter(None, (reached, untold, layer_note(found.layer), hollow, way)))


def _review() -> str:
    number = _settings().map_review_number
    return _("审图号：%(number)s", number=number) if number else ""


def _settings() -> Settings:
    found: Settings = current_app.config["BRANCHNET"]
    return found


def _wide(found: Asked) -> Wide:
    """The cells of a map of too many points, as large as its box asks for; without a box as small as can be told."""
    zoom = WHOLE_ZOOM if found.box is None else _zoom(found.box)
    cells = counted(found.slugs, found.day, zoom, found.box)
    return Wide(sorted(cells, key=lambda cell: -cell.points), zoom)


def _around(cells: Sequence[CellCount]) -> Box | None:
    """The box around the middles of cells, with a little more."""
    if not cells:
        return None
    lats, lons = [cell.lat for cell in cells], [cell.lon for cell in cells]
    return min(lats) - 0.1, min(lons) - 0.1, max(lats) + 0.1, max(lons) + 0.1


def _zoom(box: Box) -> float:
    """The zoom at which a screen shows a box."""
    return min(max(log2(SCREEN / max(box[3] - box[1], 0.01)), 0.0), float(DEEPEST_ZOOM))


def _counties(cells: Sequence[CellCount]) -> tuple[str, ...]:
    found = (ground.county_at(cell.lat, cell.lon) for cell in cells)
    return tuple(sorted({area.code for area in found if area is not None}))


def _places(cells: Sequence[CellCount], page: int) -> dict[CellCount, str]:
    """The county in the middle of each cell of a page."""
    shown = cells[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    found = {cell: ground.county_at(cell.lat, cell.lon) for cell in shown}
    return {cell: area.name if area else "" for cell, area in found.items()}


def _box_href(parts: dict[str, Any], box: Box | None) -> Callable[[CellCount], str]:
    """From a cell to the map of what is around its middle, a quarter as wide as this one."""
    south, west, north, east = box or CHINA
    up, aside = (north - south) / 8, (east - west) / 8

    def made(cell: CellCount) -> str:
        lat, lon = edge().out(cell.lat, cell.lon)
        around = f"{lat - up:.4f},{lon - aside:.4f},{lat + up:.4f},{lon + aside:.4f}"
        return url_for("manager.map_page", **{**parts, "box": around})

    return made


def _pages(count: int, page: int, way: Callable[[int], str]) -> dict[str, Any]:
    """Which page of the table this is, of how many, and where the ones beside it are."""
    last = max(1, -(-count // ROWS_A_PAGE))
    beside = {number: way(number) for number in (page - 1, page + 1) if 1 <= number <= last}
    return {"this": page, "last": last, "before": beside.get(page - 1), "after": beside.get(page + 1)}


def _choices(found: Asked) -> dict[str, list[tuple[str, str]]]:
    ways = ways_by_km(found)
    radii = [*sorted(ways), *sorted({*RADII_KM, found.within_km} - ways.keys())]
    words = way_words()
    return {
        "networks": [(network.slug, network.name) for network in networks_named(staff().networks)],
        "months": [
            (month, month_name(month)) for month in months_with_facts(found.slugs, found.today) if month >= found.began
        ],
        "layers": list(layer_names().items()),
        "radii": [
            (f"{km:g}", _("%(way)s %(km)s 公里", way=words[ways[km]], km=f"{km:g}"))
            if km in ways
            else (f"{km:g}", _("%(km)s 公里", km=f"{km:g}"))
            for km in radii
        ],
    }
