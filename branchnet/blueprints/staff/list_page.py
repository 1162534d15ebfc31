"""One list on one page: being read, tried, taken in; what is wrong with it row by row, also as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from branchnet.access.guards import require, staff
from branchnet.batches.lists import queries
from branchnet.batches.lists.known import PURPOSES
from branchnet.batches.lists.queries import ListHead
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.list_words import places_in, problem_words
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError
from branchnet.jobs.sweeping import ATTEMPTS
from branchnet.language import _, one_after_another
from branchnet.points.queries import names_of_places
from branchnet.sheets import Column, Sheet
from branchnet.stock.lists.cells import text_of
from branchnet.stock.lists.headings import letter
from branchnet.words import say

PAGE = 50
KINDS = ("wrong", "strange")


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with something to say: its number, barcode and title as they came, and what there is to say."""

    number: int
    barcode: str
    title: str
    wrong: str
    strange: str


@blueprint.get("/lists/<int:list_id>")
@require("batch.write")
def list_page(list_id: int) -> str | AnyResponse:
    """Where a list stands; asked by its own progress bar, nothing but whether to look again."""
    work = queries.work_on(staff().network_id, list_id)
    if "HX-Request" in request.headers and not (work and work.busy):
        return Response(headers={"HX-Refresh": "true"})
    head = queries.list_head(staff().network_id, list_id)
    if head.purpose == "opening":
        return redirect(url_for("staff.opening", list_id=list_id), 303)
    if head.state == "uploaded" and work is None and PURPOSES[head.purpose].names:
        return redirect(url_for("staff.list_columns", list_id=list_id), 303)
    return show(list_id, Refusal())


def show(list_id: int, refusal: Refusal) -> str:
    """The page of a list; with a refusal, as it was sent and why not."""
    who = staff()
    head, work = queries.list_head(who.network_id, list_id), queries.work_on(who.network_id, list_id)
    _heading, rows = queries.problems_of(who.network_id, list_id)
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else "wrong"
    by_kind = {"wrong": [row for row in rows if row[2]], "strange": [row for row in rows if not row[2]]}
    if not by_kind["wrong"] and "kind" not in request.args:
        kind = "strange"
    page = max(request.args.get("page", 1, type=int), 1)
    of_page = by_kind[str(kind)][(page - 1) * PAGE : page * PAGE]
    return render_template(
        "staff/lists/list.html",
        list=head,
        summary=head.summary,
        sums=head.summary.get("sums", {}),
        written=head.summary.get("written"),
        refused_by=_why_not(head.summary.get("refused")),
        busy=work is not None and work.busy,
        work=work,
        given_up=work is not None and work.state == "failed" and work.attempts >= ATTEMPTS,
        kind=kind,
        counts={name: len(found) for name, found in by_kind.items()},
        rows=_shown(head, of_page),
        page=page,
        pages=max(-(-len(by_kind[str(kind)]) // PAGE), 1),
        refusal=refusal,
        day=who.act.today(),
        language_next=url_for("staff.list_page", list_id=list_id),
    )


def _why_not(refused: Mapping[str, Any] | None) -> str:
    """Why a list could not be read or taken in, in the reader's words."""
    return "" if refused is None else one_after_another([*say(BranchNetError(refused["code"], **refused["data"]))])


def _shown(head: ListHead, rows: Sequence[Any]) -> list[Shown]:
    _options, columns = queries.options_of(head.network_id, head.id)
    fields, places = columns.get("fields", {}), _places(head, rows)
    return [
        Shown(
            number,
            _cell(cells, fields.get("barcode")),
            _cell(cells, fields.get("title")),
            _said(problems, places),
            _said(warnings, places),
        )
        for number, cells, problems, warnings in rows
    ]


def _places(head: ListHead, rows: Sequence[Any]) -> Mapping[int, str]:
    named = places_in(rows)
    return names_of_places(head.network_id, named, staff().act.today()) if named else {}


def _cell(cells: Sequence[Any], column: int | None) -> str:
    return text_of(cells[column]) if column is not None and column < len(cells) else ""


def _said(problems: Sequence[Any], places: Mapping[int, str]) -> str:
    return one_after_another([problem_words(told, places) for told in problems]) if problems else ""


@blueprint.get("/lists/<int:list_id>/problems")
@require("batch.write")
def list_problems(list_id: int) -> Response:
    """The rows that are wrong or strange as an Excel file: as they came, with the reason in a column."""
    who = staff()
    head = queries.list_head(who.network_id, list_id)
    heading, rows = queries.problems_of(who.network_id, list_id)
    places = _places(head, rows)
    width = max((len(row[1]) for row in rows), default=len(heading))
    names = [text_of(heading[column]) if column < len(heading) else "" for column in range(width)]
    made = Sheet(
        name=_("有问题的行"),
        title=_("%(name)s：有问题的行", name=head.file_name),
        told=[who.act.network.name, who.act.today().isoformat()],
        columns=[
            *(Column(name or letter(column), width=16) for column, name in enumerate(names)),
            Column(_("为什么没有加入"), width=60),
            Column(_("加入了，但没有记的"), width=40),
            Column(_("原来在第几行"), "number"),
        ],
        rows=(
            [
                *(_cell(cells, column) or None for column in range(width)),
                _said(problems, places) or None,
                _said(warnings, places) or None,
                number,
            ]
            for number, cells, problems, warnings in rows
        ),
    )
    return excel(_("%(name)s：有问题的行", name=head.file_name.rsplit(".", 1)[0]), made)
