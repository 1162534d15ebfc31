"""Packing lists and the list of a handover as Excel."""

from collections.abc import Iterable, Sequence

from branchnet.batches.papers.queries import PaperLine
from branchnet.batches.papers.rules import Sum, add_up, by_box
from branchnet.language import _
from branchnet.sheets import Column, Sheet


def packing_sheets(number: str, to: str, mark: str, lines: Sequence[PaperLine]) -> list[Sheet]:
    """A sheet for each box, what lies loose last."""
    told = (number, to, mark)
    sheets = [_sheet(_box(box), _("装箱单"), (*told, _box(box)), rows) for box, rows in by_box(lines)]
    return sheets or [_sheet(_("装箱单"), _("装箱单"), told, [])]


def list_sheet(number: str, to: str, mark: str, lines: Sequence[PaperLine]) -> Sheet:
    """All lines in the order of the handover note's list, with its numbers."""
    return _sheet(_("书目"), _("交接书目"), (number, to, mark), lines)


def _box(box: int) -> str:
    return _("第 %(number)d 箱", number=box) if box else _("散放")


def _sheet(name: str, title: str, told: Sequence[str], lines: Sequence[PaperLine]) -> Sheet:
    found = add_up(lines)
    columns = [
        Column(_("序号"), "number", width=6),
        Column(_("书名"), width=40),
        Column(_("著者"), width=18),
        Column(_("条码"), width=18),
        Column(_("索书号"), width=16),
        Column(_("财产登记号"), width=16),
        Column(_("箱号"), width=8),
        Column(_("数量"), "number", _("册"), 10),
        Column(_("单价"), "fen", _("元"), 12),
        Column(_("码洋"), "fen", _("元"), 14),
    ]
    return Sheet(name, title, told, columns, _rows(lines), _total(found), _foot(found))


def _rows(lines: Iterable[PaperLine]) -> Iterable[Sequence[object]]:
    for number, line in enumerate(lines, start=1):
        worth = None if line.price_fen is None else line.price_fen * line.quantity
        named = (line.title, line.author, line.barcode, line.call_number, line.property_number, _box(line.box))
        yield (number, *named, line.quantity, line.price_fen, worth)


def _total(found: Sum) -> Sequence[object]:
    worth = found.fen if found.priced else None
    return (None, _("合计"), None, None, None, None, None, found.copies, None, worth)


def _foot(found: Sum) -> Sequence[str]:
    return [_("有 %(count)s 册没有定价，没有计入码洋。", count=f"{found.unpriced:,}")] if found.unpriced else []
