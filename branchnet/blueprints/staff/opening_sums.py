"""The sum sheet of a ledger (总账核对单): printed and signed, and as Excel. What is not known is said to be so."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template

from branchnet.access.guards import require, staff
from branchnet.batches.lists.queries import ListHead
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.staff.opening_page import ledger_head, told_of
from branchnet.blueprints.staff.opening_words import sums_quality
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import NotFound
from branchnet.language import _
from branchnet.sheets import Column, Sheet


@blueprint.get("/opening/<int:list_id>/sums")
@require("stock.open")
def opening_sums(list_id: int) -> str:
    """The sum sheet, to be printed and signed."""
    head = ledger_head(list_id)
    return render_template(
        "staff/opening/sums.html",
        list=head,
        sums=_sums(head),
        wrong=head.summary.get("wrong", 0),
        network=staff().act.network.name,
    )


@blueprint.get("/opening/<int:list_id>/sums.xlsx")
@require("stock.open")
def opening_sums_file(list_id: int) -> Response:
    """The sum sheet as Excel."""
    head = ledger_head(list_id)
    sums = _sums(head)
    columns = (
        Column(_("编号")),
        Column(_("服务点"), width=32),
        Column(_("在架"), "number", _("册")),
        Column(_("其中带条码"), "number", _("册")),
        Column(_("未还送书"), "number", _("册")),
        Column(_("合计"), "number", _("册")),
        Column(_("书名"), "number", _("种")),
        Column(_("码洋"), "fen", _("元")),
        Column(_("没有定价"), "number", _("册")),
        Column(_("余/估"), width=30),
    )
    lines = [(row["code"] or None, row["name"] or _("总馆书架"), *_figures(row)) for row in sums["rows"]]
    total = (None, _("合计"), *_figures(sums["all"]))
    title = _("总账核对单")
    wrong = head.summary.get("wrong", 0)
    if wrong:
        shown = _("总账核对单：不全，%(wrong)s 行有问题，不能签字", wrong=f"{wrong:,}")
        foot = ["", shown]
    else:
        shown = title
        foot = ["", _("经办人：") + "\u3000" * 12 + _("负责人：") + "\u3000" * 12 + _("日期：")]
    foot.insert(1, _("余：不少于这个数；估：估计的数。没有定价的书不在码洋里。"))
    return excel(f"{title} {sums['day']}", Sheet(title, shown, told_of(head), columns, lines, total, foot))


def _figures(row: Mapping[str, Any]) -> list[Any]:
    """The figures of a place: list prices of which none is known are no 0."""
    figures = [row[name] for name in ("standing", "scanned", "out", "copies", "titles")]
    fen = _("未知") if row["copies"] and row["unpriced"] >= row["copies"] else row["fen"]
    return [*figures, fen, row["unpriced"], sums_quality(row) or None]


def _sums(head: ListHead) -> Mapping[str, Any]:
    sums: Mapping[str, Any] | None = head.summary.get("more")
    if not sums:
        raise NotFound(list_id=head.id)
    return sums
