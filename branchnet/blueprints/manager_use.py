"""书与用: what the books of points do, beside each other, beside the year before, and beside what is like them."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.scope import below, networks_named
from branchnet.blueprints.addresses import from_address
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.manager import blueprint
from branchnet.calendar.rules import month_of, months_before
from branchnet.coverage.compared import GROUPS, Comparison, Line, compared, ranked
from branchnet.coverage.queries import last_day, network_seen
from branchnet.coverage.use_schema import UseQuery
from branchnet.coverage.use_words import INDICATOR_UNITS, group_words, indicator_words, line_name
from branchnet.coverage.words import point_kinds
from branchnet.language import _
from branchnet.models import Network
from branchnet.sheets import Column, Sheet

ROWS_A_PAGE = 200
YEAR = 12
KEPT = ("network", "from", "to", "by", "show", "sort", "order", "sleeping")
"""What goes along to the next page of the table, and to the file."""


@blueprint.get("/use")
@require("map.see")
def use() -> str:
    """A table of points or groups of them, ranked by what one asks."""
    asked = from_address(UseQuery())
    network, found = _found(asked)
    lines = _ordered(found, asked)
    pages = max(1, -(-len(lines) // ROWS_A_PAGE))
    page = min(asked.pop("page"), pages)
    sent = {name: value for name, value in request.args.items() if name in KEPT}
    return render_template(
        "manager/use.html",
        asked=asked,
        network=network,
        found=found,
        now=month_of(Act(network.id).today()),
        lines=lines[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        count=len(lines),
        sleeping=sum(line.sleeps for line in lines),
        name_of=lambda line: line_name(found, line.key),
        href_of=lambda line: _href(found, line),
        sorted_by=lambda sort: _sorted_by(asked, sent, sort),
        page=page,
        pages=pages,
        sent=sent,
        networks=[(one.slug, one.name) for one in networks_named(staff().networks)],
        groups=group_words(),
        offered=GROUPS if len(found.networks) > 1 else GROUPS[:3],
        indicators=indicator_words(),
        unit=INDICATOR_UNITS[asked["show"]](),
        kinds=point_kinds(),
    )


@blueprint.get("/use.xlsx")
@require("map.see")
def use_file() -> Response:
    """All rows with all indicators as Excel; an empty cell is not known."""
    asked = from_address(UseQuery())
    network, found = _found(asked)
    told = [network.name, _("空着的是不知道。"), _("导出日期：%(day)s", day=Act(network.id).today())]
    title = _("书与用 %(first)s 到 %(last)s", first=found.first, last=found.last)
    rows = (_row(found, line) for line in _ordered(found, asked))
    return excel(title, Sheet(_("书与用"), title, told, _columns(), rows))


def _found(asked: dict[str, Any]) -> tuple[Network, Comparison]:
    """Of one's own network with those below it, the twelve months before this one, unless told otherwise.

    Raises NotFound for a network that one may not see, Invalid for months that have not begun.
    """
    who = staff()
    network = network_seen(who, asked["network"])
    today = Act(network.id).today()
    months = [
        asked["since"] or months_before(month_of(today), YEAR),
        asked["until"] or months_before(month_of(today), 1),
    ]
    asked["since"], asked["until"] = min(months), max(months)
    seen = below(network.id, last_day(asked["until"], today)) & who.networks
    return network, compared(seen, asked["since"], asked["until"], asked["by"], today)


def _ordered(found: Comparison, asked: dict[str, Any]) -> list[Line]:
    """As asked; sleeping shelves first, where one wants to see them, the most books on top."""
    if found.began is None or found.last < found.began:
        return []
    lines = ranked(found.lines, asked["show"], asked["sort"], up=asked["order"] == "up")
    if not asked["sleeping"]:
        return lines
    asleep = ranked([line for line in lines if line.sleeps], asked["show"], "copies")
    return asleep + [line for line in lines if not line.sleeps]


def _sorted_by(asked: dict[str, Any], sent: dict[str, Any], sort: str) -> dict[str, str | None]:
    """A column's head: where it leads, and how the rows stand by it now."""
    now = asked["order"] if asked["sort"] == sort and not asked["sleeping"] else None
    order = "up" if now == "down" else "down"
    others = {name: value for name, value in sent.items() if name != "sleeping"}
    words = {"up": "ascending", "down": "descending", None: None}
    return {"href": url_for("manager.use", **{**others, "sort": sort, "order": order}), "sorted": words[now]}


def _href(found: Comparison, line: Line) -> str:
    """Where the records of a row are: a point's page; a library's rows; the readings of a kind's or a town's points.

    The grid of readings shows one library: of several there is no page for what is alike in them.
    """
    if found.by == "point" and isinstance(line.key, int):
        point = found.points[line.key]
        return url_for("manager.point", code=point.code, network=found.networks[point.network_id].slug)
    months: dict[str, Any] = {"from": found.first, "to": found.last}
    if found.by in ("network", "subtree") and isinstance(line.key, int):
        return url_for("manager.use", network=found.networks[line.key].slug, **months)
    if line.key is None or len(found.networks) > 1:
        return ""
    (network,) = found.networks.values()
    narrowed: dict[str, Any] = {found.by: line.key, "year": found.last[:4]}
    return url_for("staff.readings", network=network.slug, **narrowed)


def _columns() -> Sequence[Column]:
    ours = [
        Column(_("名称"), width=30),
        Column(_("编号")),
        Column(_("类型")),
        Column(_("网络"), width=24),
        Column(_("服务点"), "number", _("个"), 10),
        Column(_("期末图书"), "number", _("册")),
        Column(_("书在点上"), "decimal", _("册·月")),
        Column(_("很少有人借"), width=10),
    ]
    words = indicator_words()
    for name, word in words.items():
        unit = INDICATOR_UNITS[name]()
        ours += [
            Column(word, "decimal", unit),
            Column(_("%(what)s，去年同期", what=word), "decimal", unit),
            Column(_("%(what)s，中位数", what=word), "decimal", unit),
        ]
    return ours


def _row(found: Comparison, line: Line) -> list[Any]:
    point = found.points.get(line.key) if found.by == "point" and isinstance(line.key, int) else None
    return [
        line_name(found, line.key),
        point and point.code,
        point and point_kinds()[point.kind],
        point and found.networks[point.network_id].name,
        line.now.points,
        line.now.copies,
        line.now.book_months,
        _("是") if line.sleeps else None,
        *(values[name] for name in indicator_words() for values in (line.values, line.last_year, line.similar)),
    ]
