"""A year's readings from Excel or CSV, and earlier years from the old ledger: tried first, then entered."""

import re
from dataclasses import asdict
from typing import Any

from flask import Response, render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.entered_words import (
    column_words,
    outcome_told,
    problem_words,
    report_words,
    window_words,
)
from branchnet.blueprints.staff.matching import names_apart
from branchnet.blueprints.staff.root import blueprint
from branchnet.calendar.rules import month_of
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.points.queries import Point, points_on
from branchnet.readings.commands import enter_many
from branchnet.readings.files.carried import carried, read_carried
from branchnet.readings.files.judging import Judged, judge
from branchnet.readings.files.reading import LIMITS, rows_of
from branchnet.readings.rules import REPORTS_BY_STAY, months_open
from branchnet.sheets import Column, Sheet
from branchnet.stock.lists import read_table
from branchnet.words.plausible import doubt_words

SHOWN = 200
"""Rows of each table on the page; the rest is counted."""
FIRST_YEAR = 1990
Answer = str | tuple[str, int]


@blueprint.get("/readings/import")
@require("reading.write")
def reading_import() -> str:
    """The form for a file, and the way to its template."""
    return _page(Refusal())


@blueprint.post("/readings/import")
@require("reading.write")
def imported() -> Answer:
    """Try a file; or (``step=save``) enter the rows that were tried."""
    try:
        if request.form.get("step") == "save":
            return _save()
        return _tried()
    except BranchNetError as error:
        refusal = refused(error, "import")
        return _page(refusal), refusal.status


def _tried() -> str:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(fields={"file": "file_missing"})
    name = re.split(r"[/\\]", sent.filename)[-1].strip()[:150] or "?"
    read = rows_of(read_table(name, sent.stream.read(LIMITS.size + 1), LIMITS))
    found = judge(staff().act, read.rows)
    groups: dict[str, list[Judged]] = {"refused": [], "replaces": [], "new": [], "same": []}
    for one in found:
        groups[one.outcome].append(one)
    for changes in (groups["replaces"], groups["new"]):
        changes.sort(key=lambda one: not one.doubts)
    return render_template(
        "staff/readings/tried.html",
        name=name,
        blank=read.blank,
        strange=read.strange,
        counts={outcome: len(rows) for outcome, rows in groups.items()},
        doubted=sum(bool(one.doubts) for one in found),
        waits=sum(one.waits for one in found if one.outcome in ("new", "replaces")),
        refused=[(one, _problems(one)) for one in groups["refused"][:SHOWN]],
        replaces=[_told(one) for one in groups["replaces"][:SHOWN]],
        new=[_told(one) for one in groups["new"][:SHOWN]],
        shown=SHOWN,
        carried=carried(found),
        language_next=url_for("staff.reading_import"),
    )


def _problems(one: Judged) -> list[tuple[str, str]]:
    columns = column_words()
    return [(columns.get(problem.field, ""), problem_words(problem)) for problem in one.problems]


def _told(one: Judged) -> dict[str, Any]:
    """A row in words: the point, the window, what it says, what is there, what may be a slip."""
    return {
        "point": one.point.name if one.point else "",
        "window": window_words(one.row.window) if one.row.window else "",
        "report": report_words(one.row.report),
        "there": report_words(one.there) if one.there else "",
        "doubts": [doubt_words(doubt) for doubt in one.doubts],
    }


def _save() -> str:
    act = staff().act
    points = points_on([act.network_id], act.today())
    rows = read_carried(request.form.get("rows", ""), {point.code: point for point in points})
    body = {"rows": [[row.point_id, row.window, row.based_on, asdict(row.report)] for row in rows]}
    kept = perform(act, op_id(), "enter_file", body, lambda: {"rows": enter_many(act, rows)})["rows"]
    apart, by_id = names_apart(points), {point.id: point for point in points}
    saved = [outcome for outcome in kept if "receipt" in outcome]
    rest = [pair for pair in zip(rows, kept, strict=True) if pair[1].get("held") or "refused" in pair[1]]
    return render_template(
        "staff/readings/entered.html",
        rows=[
            (
                apart[by_id[row.point_id].code],
                window_words(row.window),
                report_words(row.report),
                outcome_told(one),
                one,
            )
            for row, one in rest[:SHOWN]
        ],
        saved=len(saved),
        more=max(len(rest) - SHOWN, 0),
        again=url_for("staff.reading_import"),
    )


def _page(refusal: Refusal) -> str:
    return render_template(
        "staff/readings/import.html",
        refusal=refusal,
        megabytes=LIMITS.size // 1_000_000,
        year=staff().act.today().year,
        language_next=url_for("staff.reading_import"),
    )


@blueprint.get("/readings/template.xlsx")
@require("reading.write")
def reading_template() -> Response:
    """A workbook to fill in: points with the months of a year in which they are open; a sheet for earlier years."""
    act = staff().act
    today = act.today()
    year = min(max(request.args.get("year", today.year, type=int), FIRST_YEAR), today.year)
    points = points_on([act.network_id], today)
    return excel(_("月报模板 %(year)d", year=year), _months_sheet(act, points, year), _earlier_sheet())


def _months_sheet(act: Act, points: list[Point], year: int) -> Sheet:
    today = act.today()
    rows = [
        (point.code, point.name, month, *[None] * 6)
        for point in points
        if point.kind not in REPORTS_BY_STAY
        for month in sorted(months_open(point.opened_on, point.closed_on, today))
        if month[:4] == str(year) and month <= month_of(today)
    ]
    told = [act.network.name, _("没数的空着，数了是零写 0；整个月没开放，在“没有开放”写“是”。空着的行不会动。")]
    return Sheet("月报", _("月报 %(year)d", year=year), told, _columns([Column("月份", width=10)]), rows)


def _earlier_sheet() -> Sheet:
    told = [_("以前的旧账：一个学期或一年一行，写明从哪天到哪天，例如 2021-09-01 到 2022-01-20。不会分摊到月。")]
    days = [Column("从", "day", width=12), Column("到", "day", width=12)]
    return Sheet("旧账", _("旧账：学期或全年"), told, _columns(days), ())


def _columns(window: list[Column]) -> list[Column]:
    # The headings are what a file is known by: the same in every language.
    points: list[Any] = [Column("编号"), Column("服务点", width=30, required=True)]
    numbers = [
        Column(head, "number", width=10) for head in ("校内阅览", "校内外借", "校外阅览", "校外外借", "开放天数")
    ]
    return [*points, *window, *numbers, Column("没有开放", width=10, choices=("是",))]
