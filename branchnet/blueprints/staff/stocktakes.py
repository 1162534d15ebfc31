"""The register of stocktakes, the beginning of one, and its sheet (盘点表) to be printed and signed."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import pgettext
from werkzeug.wrappers import Response as AnyResponse

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches.queries.listing import End, ends_of
from branchnet.batches.stocktaking import commands, queries
from branchnet.batches.stocktaking.queries import PAGE, Filters, Row
from branchnet.batches.stocktaking.schemas import BeginForm
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint, libraries_seen, writes
from branchnet.blueprints.staff.stocktake import foreign, head_seen
from branchnet.blueprints.staff.stocktake_words import stocktake_words, way_words
from branchnet.errors import BranchNetError, NotFound
from branchnet.language import _
from branchnet.points.queries import central_place, point_on, points_on
from branchnet.sheets import Column, Sheet
from branchnet.stock.finding import EXPORTED_TO
from branchnet.words import place_words

STATES = ("counting", "closed", "cancelled", "differences")


def _asked() -> tuple[Filters, dict[str, str]]:
    """What the address narrows the register to, and the parts of the address that say it."""
    state, text = request.args.get("state", ""), request.args.get("q", "").strip()[:60]
    filters = Filters(state if state in STATES else "", text)
    return filters, {name: value for name, value in (("state", filters.state), ("q", text)) if value}


@blueprint.get("/stocktakes")
@require("batch.see")
def stocktakes() -> str:
    """Stocktakes, newest first, narrowed by state and place."""
    who = staff()
    filters, sent = _asked()
    page = max(request.args.get("page", 1, type=int), 1)
    rows, count = queries.stocktakes_listed(who.networks, filters, who.act.today(), page)
    return render_template(
        "staff/stocktakes/list.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // PAGE), 1),
        filters=filters,
        asked=sent,
        states=[(state, stocktake_words(state)) for state in STATES],
        own=who.act.network.slug,
        writes=writes(who.network_id),
        several=len(who.networks) > 1,
    )


@blueprint.get("/stocktakes.xlsx")
@require("batch.see")
def stocktakes_file() -> Response:
    """All stocktakes that the filters leave."""
    who = staff()
    filters, _sent = _asked()
    rows, _count = queries.stocktakes_listed(who.networks, filters, who.act.today(), size=EXPORTED_TO)
    columns = (
        Column(_("盘点号")),
        Column(_("在哪里"), width=28),
        Column(_("怎么盘")),
        Column(_("情况")),
        Column(_("开始"), "day"),
        Column(_("结束"), "day"),
        Column(_("点到"), "number", _("册")),
        Column(_("少了"), "number", _("册")),
        Column(_("多了"), "number", _("册")),
        Column(_("未结差异"), "number", pgettext("differences", "条")),
        Column(_("网络")),
    )
    day = who.act.today().isoformat()
    told = [
        who.act.network.name,
        stocktake_words(filters.state) if filters.state else "",
        _("查找：%(asked)s", asked=filters.text) if filters.text else "",
        _("导出日期：%(day)s", day=day),
    ]
    title, libraries = _("盘点登记"), libraries_seen()
    return excel(f"{title} {day}", Sheet(title, title, told, columns, [_line(row, libraries) for row in rows]))


def _line(row: Row, libraries: dict[str, str]) -> tuple[Any, ...]:
    return (
        row.number,
        row.place.name or place_words(row.place.kind),
        way_words(row.way),
        stocktake_words(row.state),
        row.begun_on,
        row.ended_on,
        row.counted,
        row.short,
        row.over,
        row.open,
        libraries[row.network],
    )


@blueprint.get("/stocktakes/new")
@require("batch.write")
def new_stocktake() -> str:
    """Begin one: where, how, and since when."""
    return _new_page(Refusal())


@blueprint.post("/stocktakes/new")
@require("batch.write")
def begin_stocktake() -> AnyResponse | tuple[str, int]:
    """It begins."""
    who = staff()
    try:
        sent = read(BeginForm(), request.form)

        def effect() -> Outcome:
            place_id = _place(who.act, sent["at"])
            return {"number": commands.begin(who.act, place_id, sent["way"], sent["begun_on"], sent["note"]).number}

        done = perform(who.act, op_id(), "begin_stocktake", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "begin")
        return _new_page(refusal), refusal.status
    return redirect(url_for("staff.stocktake", number=done["number"]), 303)


def _place(act: Act, code: str | None) -> int:
    """The place of a point's code; without one the central library's shelf. Raises NotFound."""
    if code is None:
        return central_place(act.network_id, "shelf")
    return point_on([act.network_id], code, act.today()).place_id


def _new_page(refusal: Refusal) -> str:
    who = staff()
    day = who.act.today()
    points = points_on([who.network_id], day)
    return render_template(
        "staff/stocktakes/new.html",
        refusal=refusal,
        places=[(point.code, point.name) for point in points],
        at=request.args.get("at", ""),
        day=day,
        ways=[(way, way_words(way)) for way in ("count", "scan")],
        language_next=url_for("staff.new_stocktake"),
    )


@blueprint.get("/stocktakes/<number>/sheet")
@require("batch.see")
def stocktake_sheet(number: str) -> str:
    """The sheet on paper: blank, to count with (the books' numbers on it or not), or filled, to be signed."""
    head = head_seen(number)
    if head.stocktake.state == "cancelled":
        raise NotFound(number=number)
    found = queries.figures_of(head.stocktake)
    blank = request.args.get("blank") == "1"
    books = queries.titles_of(head.stocktake) if blank else []
    return render_template(
        "staff/stocktakes/sheet.html",
        head=head,
        stocktake=head.stocktake,
        place=_named_then(head.place, head.stocktake.network_id, head.stocktake.begun_on),
        library=Act(head.stocktake.network_id).network.name,
        foreign=foreign(head),
        blank=blank,
        titles=books,
        tally=queries.tally_of(head.stocktake),
        lines=[line for line in found.variance.lines if not line.serial or line.difference],
        off=sum((line.counted or 0) - line.expected for line in found.variance.lines),
        agreed=sum(1 for line in found.variance.lines if line.serial and not line.difference),
        untold=found.variance.untold,
        day=staff().act.today(),
    )


def _named_then(place: End, network_id: int, day: Any) -> str:
    """What the place was called when they counted: a paper printed again says the same."""
    named = ends_of({place.place_id}, [network_id], day).get(place.place_id, place)
    return named.name or place_words(named.kind)
