"""All readings that hold in a period as Excel: an empty cell was not counted, a 0 was."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from branchnet.access.guards import require, staff
from branchnet.access.scope import networks_named
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.staff.entered_words import span_words
from branchnet.blueprints.staff.reading_words import channel_words
from branchnet.blueprints.staff.root import blueprint, local_time
from branchnet.blueprints.staff.words import point_kind_words
from branchnet.calendar.rules import bounds, month_of
from branchnet.language import _
from branchnet.models import Network
from branchnet.points.queries import Point, points_on
from branchnet.points.towns import TOWN_DIGITS, town_names
from branchnet.readings.register import Registered, registered
from branchnet.sheets import Column, Sheet
from branchnet.words.plausible import method_words


@blueprint.get("/readings.xlsx")
@require("reading.see")
def readings_file() -> Response:
    """Of one's own network, and for managers of those below; notes are for the network's own people alone."""
    who = staff()
    first, last = _asked()
    points = {point.id: point for point in points_on(who.networks, bounds(last)[1])}
    networks = {network.id: network for network in networks_named(who.networks)}
    towns = town_names(who.networks)
    rows = (
        _row(one, points[one.point_id], networks[one.network_id], towns, own=one.network_id == who.network_id)
        for one in registered(who.networks, first, last)
    )
    told = [who.act.network.name, _("空着的是没有数，0 是数了没有。"), _("导出日期：%(day)s", day=who.act.today())]
    title = _("月报 %(first)s 到 %(last)s", first=first, last=last)
    return excel(title, Sheet(_("月报"), title, told, _columns(), rows))


def _asked() -> tuple[str, str]:
    """The months of the address, in their order; without them this year up to now."""
    now = month_of(staff().act.today())
    first, last = (_month(name) or other for name, other in (("from", f"{now[:4]}-01"), ("to", now)))
    return min(first, last), max(first, last)


def _month(name: str) -> str | None:
    text = request.args.get(name, "")
    try:
        bounds(text)
    except ValueError:
        return None
    return text


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("服务点"), width=30),
        Column(_("编号")),
        Column(_("乡镇")),
        Column(_("类型")),
        Column(_("网络"), width=24),
        Column(_("报的是"), width=10),
        Column(_("月份"), width=10),
        Column(_("从"), "day"),
        Column(_("到"), "day"),
        Column(_("批次")),
        Column(_("校内阅览"), "number", _("人次")),
        Column(_("校内外借"), "number", _("册次")),
        Column(_("校外阅览"), "number", _("人次")),
        Column(_("校外外借"), "number", _("册次")),
        Column(_("借书的人"), "number", _("人")),
        Column(_("开放天数"), "number", _("天")),
        Column(_("没有开放"), width=10),
        Column(_("怎么数的")),
        Column(_("怎么来的"), width=18),
        Column(_("回执号")),
        Column(_("收到"), width=18),
        Column(_("备注"), width=30),
    )


def _row(one: Registered, point: Point, network: Network, towns: Mapping[str, str], *, own: bool) -> tuple[Any, ...]:
    return (
        point.name,
        point.code,
        towns.get((point.area_code or "")[:TOWN_DIGITS]),
        point_kind_words(point.kind),
        network.name,
        span_words(one.window_kind),
        one.month,
        one.first_on,
        one.last_on,
        one.batch,
        one.in_school_visits,
        one.in_school_loans,
        one.community_visits,
        one.community_loans,
        one.borrowers,
        one.days_open,
        _("是") if one.not_open else None,
        one.method and method_words(one.method),
        channel_words(one.channel),
        one.receipt,
        local_time(one.submitted_at, network.time_zone),
        one.note if own else None,
    )
