"""Parts of a point's page that come in pages: its whole life, and what stands there by title."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from branchnet.blueprints.timeline_words import Lane, Told, drawing, told
from branchnet.coverage.rules.lanes import Line
from branchnet.coverage.timeline import PAGE as LIFE_A_PAGE
from branchnet.coverage.timeline import timeline
from branchnet.coverage.titles import PAGE as TITLES_A_PAGE
from branchnet.coverage.titles import TitleHere, titles_at
from branchnet.models import Network
from branchnet.points.queries import Point


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of something: which of how many, of so many in all, and what the address of another page carries."""

    count: int
    page: int
    pages: int
    asked: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Life(Paged):
    """All of a point's life as a drawing, and a page of it as a list, the newest first."""

    line: Line
    lanes: list[Lane]
    rows: list[Told]


@dataclass(frozen=True, slots=True)
class Titles(Paged):
    """A page of the titles that stand at a point."""

    rows: list[TitleHere]


def life_shown(point: Point, network: Network, today: date) -> Life:
    """The page of its life that the address asks for."""
    found = timeline(point, today)
    pages = max(-(-len(found) // LIFE_A_PAGE), 1)
    page = min(_asked("page"), pages)
    line, lanes = drawing(point, found, today)
    rows = [told(one, point.code, network.slug) for one in found[(page - 1) * LIFE_A_PAGE : page * LIFE_A_PAGE]]
    address = {"code": point.code, "network": network.slug, "titles": request.args.get("titles"), "_anchor": "life"}
    return Life(len(found), page, pages, address, line, lanes, rows)


def titles_shown(point: Point, network: Network) -> Titles:
    """The page of its titles that the address asks for."""
    page = _asked("titles")
    rows, count = titles_at(network.id, point.place_id, page)
    address = {"code": point.code, "network": network.slug, "page": request.args.get("page")}
    return Titles(count, page, max(-(-count // TITLES_A_PAGE), 1), address, rows)


def _asked(name: str) -> int:
    return min(max(request.args.get(name, 1, type=int), 1), 10_000)
