"""Communities, or positions of service points, from Excel or CSV: tried first, then entered; refused rows go back."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import perform
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.community_words import (
    change_words,
    column_words,
    heeded_words,
    problem_words,
    rows_words,
)
from branchnet.blueprints.staff.root import blueprint
from branchnet.coverage.files.carried import carried, read_carried
from branchnet.coverage.files.entering import enter_places
from branchnet.coverage.files.headings import COLUMNS
from branchnet.coverage.files.judging import Judged, judge
from branchnet.coverage.files.reading import FIELDS, LIMITS, OF_POINTS, RETURNED, not_understood, rows_of
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _, one_after_another
from branchnet.sheets import FIRST_ROW, Column, Sheet
from branchnet.stock.lists import read_table
from branchnet.stock.lists.cells import text_of

SHOWN = 200
"""Rows of each table on the page; the rest is counted."""
WHAT = ("communities", "points")
RowsWords = Callable[[Sequence[str]], str]
Answer = str | Response | tuple[str, int]


@blueprint.get("/communities/import")
@require("community.write")
def place_import() -> str:
    """The form for a file, and the way to its template."""
    return _page(Refusal())


@blueprint.post("/communities/import")
@require("community.write")
def places_imported() -> Answer:
    """Try a file; or enter the rows that were tried (``step=save``); or give the refused ones back (``step=back``)."""
    try:
        points = _points()
        match request.form.get("step"):
            case "save":
                return _save(points)
            case "back":
                return _back(points)
        return _tried(points)
    except BranchNetError as error:
        refusal = refused(error, "import")
        return _page(refusal), refusal.status


def _points() -> bool:
    what = request.form.get("what", WHAT[0])
    if what not in WHAT:
        raise Invalid(fields={"what": "kind"})
    return what == "points"


def _tried(points: bool) -> str:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(fields={"file": "file_missing"})
    name = re.split(r"[/\\]", sent.filename)[-1].strip()[:150] or "?"
    table = read_table(name, sent.stream.read(LIMITS.size + 1), LIMITS)
    found = judge(staff().act, rows_of(table, points), points)
    groups: dict[str, list[Judged]] = {"refused": [], "changed": [], "new": [], "same": []}
    for one in found:
        groups[one.outcome].append(one)
    return render_template(
        "staff/communities/tried.html",
        name=name,
        what=WHAT[points],
        counts={outcome: len(rows) for outcome, rows in groups.items()},
        refused=[(one, _reasons(one, points)) for one in groups["refused"][:SHOWN]],
        changed=[(one, change_words(one), heeded_words(one)) for one in _heeded_first(groups["changed"])[:SHOWN]],
        new=[(one, _cells(one)) for one in groups["new"][:SHOWN]],
        heads=[column_words()[field] for field in FIELDS],
        strange=not_understood(table, points),
        shown=SHOWN,
        carried=carried([*groups["changed"], *groups["new"]]),
        # All of them: what is wrong with a row is often that another one is there.
        back=carried(found),
        language_next=url_for("staff.place_import"),
    )


def _heeded_first(changed: list[Judged]) -> list[Judged]:
    """In a long list what is to be looked at twice must not lie beyond its end."""
    return sorted(changed, key=lambda one: not heeded_words(one))


def _reasons(one: Judged, points: bool, rows: RowsWords = rows_words) -> list[tuple[str, str]]:
    columns = {**column_words(), "code": _("编号")} if points else column_words()
    return [(columns.get(problem.field, ""), problem_words(problem, rows)) for problem in one.problems]


def _cells(one: Judged) -> list[str]:
    return [text_of(cell) for cell in one.row.cells]


def _save(points: bool) -> str:
    act, rows = staff().act, request.form.get("rows", "")
    table = read_carried(rows)
    body = {"what": WHAT[points], "rows": rows}
    done = perform(act, op_id(), "enter_places", body, lambda: dict(enter_places(act, table, points)))
    return render_template("staff/communities/entered.html", done=done, points=points)


def _back(points: bool) -> Response:
    """The refused rows as they came, each with what is wrong with it, to be put right and sent again."""
    found = judge(staff().act, rows_of(read_carried(request.form.get("rows", "")), points), points)
    refused = [one for one in found if one.problems]
    names = _heads(points)
    called = _called(found, refused)
    cells = [dict(zip(FIELDS, _cells(one), strict=True)) for one in refused]
    rows = [
        [*(its[field] for field in names), _why(one, points, called)] for one, its in zip(refused, cells, strict=True)
    ]
    heads = [*(Column(name, width=14) for name in names.values()), Column(RETURNED, width=60)]
    return excel(_("不能收的行"), Sheet("不能收的行", _("不能收的行"), [staff().act.network.name], heads, rows))


def _heads(points: bool) -> dict[str, str]:
    """By field the columns of our own files, as the template has them."""
    if points:
        return {field: COLUMNS[field][0] for field in OF_POINTS} | {"code": "编号"}
    return {field: names[0] for field, names in COLUMNS.items()}


def _called(found: list[Judged], refused: list[Judged]) -> RowsWords:
    """What rows are called in the file that is given back: by where they stand in it, else by their names."""
    stands = {str(one.row.number): str(at) for at, one in enumerate(refused, start=FIRST_ROW)}
    named = {str(one.row.number): one.row.name or one.row.code for one in found}

    def called(numbers: Sequence[str]) -> str:
        there = [stands[number] for number in numbers if number in stands]
        taken = [_("能收的“%(name)s”", name=named[number]) for number in numbers if number not in stands]
        return _("、").join([*([rows_words(there)] if there else []), *taken])

    return called


def _why(one: Judged, points: bool, rows: RowsWords) -> str:
    reasons = _reasons(one, points, rows)
    return one_after_another([f"{column}{_('：')}{words}" if column else words for column, words in reasons])


def _page(refusal: Refusal) -> str:
    return render_template(
        "staff/communities/import.html",
        refusal=refusal,
        megabytes=LIMITS.size // 1_000_000,
        whats=[("communities", _("村、社区、学校（需求点）")), ("points", _("服务点的位置"))],
        language_next=url_for("staff.place_import"),
    )


@blueprint.get("/communities/template.xlsx")
@require("community.write")
def place_template() -> Response:
    """A workbook to fill in, with what each column takes: of communities, or (``what=points``) of service points."""
    if request.args.get("what") == "points":
        return _points_template()
    notes: dict[str, dict[str, Any]] = {
        "kind": {"choices": ("县区", "乡镇", "村", "社区", "学校"), "required": True},
        "name": {"required": True, "width": 26},
        "code": {"width": 18},
        "datum": {"choices": ("WGS84", "天地图", "高德", "腾讯", "百度")},
        "quality": {"choices": ("准确", "大约")},
    }
    columns = [Column(names[0], **notes.get(field, {})) for field, names in COLUMNS.items()]
    told = [
        _("代码写统计用区划代码；没有代码的，写县区和乡镇。有经纬度就写坐标系，大约的写大约。"),
        _("不知道有多少孩子就空着，不要写 0。"),
    ]
    return excel(_("需求点模板"), Sheet("需求点", _("村、社区、学校（需求点）"), told, columns, ()))


def _points_template() -> Response:
    notes: dict[str, dict[str, Any]] = {
        "name": {"width": 26},
        "lat": {"required": True},
        "lon": {"required": True},
        "datum": {"choices": ("WGS84", "天地图", "高德", "腾讯", "百度"), "required": True},
        "quality": {"choices": ("准确", "大约")},
    }
    columns = [Column(head, **notes.get(field, {})) for field, head in _heads(points=True).items()]
    told = [_("编号或全称写一个就够了。这里只是补上或改准位置；搬了家的，请在那个点的页上用“搬迁”。")]
    return excel(_("服务点位置模板"), Sheet("服务点", _("服务点的位置"), told, columns, ()))
