"""One ledger on one page, its rows with a problem as Excel, and the empty workbook."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.batches.lists import queries
from branchnet.batches.lists.queries import ListHead
from branchnet.batches.opening.headings import PARTS
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.opening_words import ledger_problem, ledger_state_words, template_notes
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.words import host_words, point_kind_words
from branchnet.errors import BranchNetError, NotFound
from branchnet.jobs.sweeping import ATTEMPTS
from branchnet.language import _, one_after_another
from branchnet.models.place import HOSTS, POINT_KINDS
from branchnet.sheets import Column, Sheet
from branchnet.stock.lists.cells import text_of
from branchnet.words import say

PAGE = 50
CHOICES = ("kind", "host", "datum", "community", "quality")


def ledger_head(list_id: int) -> ListHead:
    """A ledger of one's own network. Raises NotFound."""
    head = queries.list_head(staff().network_id, list_id)
    if head.purpose != "opening":
        raise NotFound(list_id=list_id)
    return head


def show(list_id: int, refusal: Refusal) -> str:
    """The page of a ledger; with a refusal, why not."""
    who = staff()
    head, work = ledger_head(list_id), queries.work_on(who.network_id, list_id)
    _heading, rows = queries.problems_of(who.network_id, list_id)
    ordered = sorted(rows, key=lambda row: not row[2])
    page = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "staff/opening/one.html",
        list=head,
        state_words=ledger_state_words,
        summary=head.summary,
        sums=head.summary.get("more") or {},
        written=head.summary.get("written"),
        refused_by=_why_not(head.summary.get("refused")),
        busy=work is not None and work.busy,
        work=work,
        given_up=work is not None and work.state == "failed" and work.attempts >= ATTEMPTS,
        rows=[_row(row) for row in ordered[(page - 1) * PAGE : page * PAGE]],
        count=len(rows),
        page=page,
        pages=max(-(-len(rows) // PAGE), 1),
        refusal=refusal,
        language_next=url_for("staff.opening", list_id=list_id),
    )


def _why_not(refused: Mapping[str, Any] | None) -> str:
    if refused is None:
        return ""
    code = {"list_not_all_good": "opening_not_all_good"}.get(refused["code"], refused["code"])
    return one_after_another([*say(BranchNetError(code, **refused["data"]))])


def _row(row: Sequence[Any]) -> dict[str, Any]:
    number, cells, problems, warnings = row
    return {
        "sheet": cells[0],
        "number": number,
        "cells": " · ".join(text for cell in cells[1:] if (text := text_of(cell)))[:80],
        "wrong": _said(problems),
        "strange": _said(warnings),
    }


def _said(problems: Sequence[Any]) -> str:
    return one_after_another([ledger_problem(told) for told in problems]) if problems else ""


@blueprint.get("/opening/<int:list_id>/problems.xlsx")
@require("stock.open")
def opening_problems(list_id: int) -> Response:
    """The rows that are wrong or strange, as they came, with the reason before them."""
    head = ledger_head(list_id)
    _heading, rows = queries.problems_of(head.network_id, list_id)
    width = max((len(row[1]) for row in rows), default=1)
    columns = [
        Column(_("工作表")),
        Column(_("第几行"), "number", width=8),
        Column(_("有什么问题"), width=60),
        Column(_("能入账，有话要说"), width=50),
        *(Column(_("第 %(number)s 栏", number=number), width=16) for number in range(1, width)),
    ]
    lines = (
        [
            cells[0],
            number or None,
            _said(problems) or None,
            _said(warnings) or None,
            *(text_of(cells[at]) if at < len(cells) else None for at in range(1, width)),
        ]
        for number, cells, problems, warnings in rows
    )
    title = _("%(name)s：有问题的行", name=head.file_name.rsplit(".", 1)[0])
    return excel(title, Sheet(_("有问题的行"), title, told_of(head), columns, lines))


def told_of(head: ListHead) -> list[str]:
    """Whose ledger a sheet is made of, of which day, from which file."""
    day = (head.summary.get("more") or {}).get("day", "")
    return [staff().act.network.name, _("期初日 %(day)s", day=day), head.file_name]


@blueprint.get("/opening.xlsx")
@require("stock.open")
def opening_template() -> Response:
    """The empty workbook with the right headings."""
    words = {
        "kind": [point_kind_words(kind) for kind in POINT_KINDS],
        "host": [host_words(host) for host in HOSTS],
        "datum": ["WGS84", "天地图", "高德", "腾讯", "百度"],
        "community": ["是", "否"],
        "quality": ["余", "估"],
    }
    notes = template_notes(words)
    made = [
        Sheet(
            part.word,
            part.word,
            [_("照栏目名填；不知道的留空。鼠标停在栏目名上，看这一栏填什么。")],
            [
                Column(
                    heads[0],
                    _KINDS.get(name, "text"),
                    choices=words.get(name, ()),
                    required=name in part.needs,
                    note=notes.get((word, name)) or notes.get(("", name), ""),
                )
                for name, heads in part.names.items()
            ],
            (),
        )
        for word, part in PARTS.items()
    ]
    return excel(_("期初台账模板"), *made)


_KINDS: dict[str, Any] = {"opened_on": "day", "sent_on": "day", "due_back_on": "day", "price": "fen"}
"""Columns of the template that are not text: Excel then asks for a day or a sum."""
