"""The clerk's lists as Excel: narrowed as the page was, of whose rows one sees."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from flask_babel import pgettext

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.batches import queries
from branchnet.batches.queries import BatchRow
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.staff import words
from branchnet.blueprints.staff.batch import head_of
from branchnet.blueprints.staff.books import point_seen
from branchnet.blueprints.staff.community_words import position_status
from branchnet.blueprints.staff.listing import asked_batches
from branchnet.blueprints.staff.points import points_listed
from branchnet.blueprints.staff.root import blueprint, libraries_seen
from branchnet.language import _
from branchnet.points.towns import TOWN_DIGITS, town_names
from branchnet.sheets import Column, Sheet
from branchnet.stock import finding, lives
from branchnet.stock.finding import Found
from branchnet.words import place_words

AT_ONCE = 5_000
"""Lots whose places are read at a time."""


@blueprint.get("/batches.xlsx")
@require("batch.see")
def batches_file() -> Response:
    """All batches that the list's filters leave, sorted as it is."""
    who = staff()
    asked = asked_batches()
    rows, _count = queries.batches_listed(
        who.networks, asked.filters, who.act.today(), size=finding.EXPORTED_TO, order=asked.order
    )
    columns = (
        Column(_("批次")),
        Column(_("类型")),
        Column(_("从"), width=28),
        Column(_("到"), width=28),
        Column(_("走到哪一步")),
        Column(_("发出"), "day"),
        Column(_("应还"), "day"),
        Column(_("数量"), "number", _("册")),
        Column(_("网络")),
    )
    libraries = libraries_seen()
    lines = (_batch(row, libraries) for row in rows)
    total = (_("合计"), *[None] * 6, sum(row.copies for row in rows), None)
    return _answer(pgettext("list", "批次"), asked.told, columns, lines, total)


def _batch(row: BatchRow, libraries: dict[str, str]) -> tuple[Any, ...]:
    return (
        row.number,
        words.kind_words(row.kind),
        row.start.name or place_words(row.start.kind),
        row.end.name or place_words(row.end.kind),
        words.stage_words(row.stage),
        row.dispatched_on,
        row.due_back_on,
        row.copies,
        libraries[row.network],
    )


@blueprint.get("/batches/<number>/lines.xlsx")
@require("batch.see")
def lines_file(number: str) -> Response:
    """All lines of a batch with all that is known of their books."""
    head = head_of(number)
    columns = (Column(_("箱号"), "number"), *_book_columns(), Column(_("数量"), "number", _("册")))
    lines = ((row.box, *_book(row), row.quantity) for row in queries.lines_in_full(head.network_id, head.id))
    return _answer(_("%(number)s 的清单", number=number), [], columns, lines)


def _book_columns() -> tuple[Column, ...]:
    return (
        Column(_("书名"), width=36),
        Column(_("条码"), width=18),
        Column(_("作者"), width=18),
        Column(_("出版社"), width=18),
        Column(_("ISBN"), width=16),
        Column(_("索书号"), width=16),
        Column(_("分类"), width=10),
        Column(_("出版年"), "text", width=8),
        Column(_("定价"), "fen", _("元"), 10),
    )


def _book(row: Any) -> tuple[Any, ...]:
    year = None if row.year is None else str(row.year)
    return (
        row.title,
        row.barcode,
        row.author,
        row.publisher,
        row.isbn,
        row.call_number,
        row.category,
        year,
        row.price_fen,
    )


@blueprint.get("/copies.xlsx")
@require("batch.see")
def copies_file() -> Response:
    """All that a search finds, with where each stands: a counted lot has a row for each of its places."""
    who = staff()
    text = finding.normal(request.args.get("q", ""))
    rows, _count = finding.copies_found(who.networks, text, size=finding.EXPORTED_TO) if text else ([], 0)
    columns = (
        *_book_columns(),
        Column(_("现在在哪里"), width=28),
        Column(_("从哪天起"), "day"),
        Column(_("批次")),
        Column(_("数量"), "number", _("册")),
        Column(_("网络")),
    )
    return _answer(_("找到的书"), [_("查找：%(asked)s", asked=text)], columns, _with_places(rows))


def _with_places(rows: list[Found]) -> Iterator[tuple[Any, ...]]:
    who = staff()
    today, libraries = who.act.today(), libraries_seen()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        places = lives.standings(who.networks, [row.id for row in some], today)
        for row in some:
            for found in places.get(row.id, ()):
                name = found.spot.name or place_words(found.spot.kind)
                yield (*_book(row), name, found.since, found.batch, found.quantity, libraries[row.network])
            if row.id not in places:
                yield (*_book(row), _("账上没有它的位置"), None, None, 0, libraries[row.network])


@blueprint.get("/points/<code>/books.xlsx")
@require("point.see")
def books_file(code: str) -> Response:
    """All that stands at a point."""
    network, point = point_seen(code)
    text = finding.normal(request.args.get("q", ""))
    rows, sums = finding.books_at(network.id, point.place_id, text, size=finding.EXPORTED_TO)
    columns = (
        *_book_columns(),
        Column(_("数量"), "number", _("册")),
        Column(_("码洋"), "fen", _("元")),
        Column(_("册数怎么来的"), width=20),
    )
    lines = ((*_book(row), row.quantity, _worth(row), words.quality_words(row.quality)) for row in rows)
    worth = sums.worth_fen if sums.unpriced < sums.copies else _("未知")
    total = (_("合计"), *[None] * 8, sums.copies, worth, words.quality_words(sums.quality))
    told = [_("查找：%(asked)s", asked=text) if text else "", _("没有定价的 %(count)s 册", count=sums.unpriced)]
    return _answer(_("%(point)s 的书", point=point.name), told, columns, lines, total)


def _worth(row: Found) -> int | str:
    """List prices of so many, in fen; a word where nobody knows one."""
    return _("未知") if row.price_fen is None else row.price_fen * row.quantity


@blueprint.get("/points.xlsx")
@require("point.see")
def points_file() -> Response:
    """The points of one's own network that the list's text finds."""
    listed = points_listed()
    columns = (
        Column(_("服务点"), width=32),
        Column(_("编号")),
        Column(_("类型")),
        Column(_("老师"), width=18),
        Column(_("开放"), "day"),
        Column(_("关闭"), "day"),
        Column(_("学生"), "number", _("名")),
        Column(_("在那里的书"), "number", _("册")),
        Column(_("乡镇"), width=18),
        Column(_("纬度")),
        Column(_("经度")),
        Column(_("位置")),
    )
    towns = town_names([staff().network_id])
    lines = [
        (
            point.name,
            point.code,
            words.point_kind_words(point.kind),
            _("，").join(listed.teachers.get(point.id, [])),
            point.opened_on,
            point.closed_on,
            point.pupils,
            held.copies if (held := listed.held.get(point.place_id)) else 0,
            towns.get((point.area_code or "")[:TOWN_DIGITS]),
            None if point.lat is None else f"{point.lat:.6f}",
            None if point.lon is None else f"{point.lon:.6f}",
            position_status(point.quality)[0],
        )
        for point in listed.points
    ]
    total = (_("合计"), *[None] * 6, sum(held.copies for held in listed.held.values()), *[None] * 4)
    told = [_("查找：%(asked)s", asked=listed.text)] if listed.text else []
    return _answer(pgettext("list", "服务点"), told, columns, lines, total)


def _answer(title: str, told: list[str], columns: tuple[Column, ...], rows: Any, total: Any = None) -> Response:
    act = staff().act
    day = act.today().isoformat()
    sheet = Sheet(title, title, [_network_name(act), *told, _("导出日期：%(day)s", day=day)], columns, rows, total)
    return excel(f"{title} {day}", sheet)


def _network_name(act: Act) -> str:
    return act.network.name
