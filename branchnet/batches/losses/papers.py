"""A disposal list as a paper: in the columns of the register of state property, as Excel and as Word."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from branchnet.batches.losses.registers import DisposalLineRow, DisposalRow
from branchnet.batches.papers.rules import yuan
from branchnet.batches.papers.word import HEADING, WIDTH, blank_paper, line, saved, table
from branchnet.language import _
from branchnet.sheets import Column, Sheet


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line of the list, and why it is on it, in words."""

    line: DisposalLineRow
    reason: str

    @property
    def fen(self) -> int | None:
        """List price of all its copies in fen (码洋); None: unknown."""
        return None if self.line.price_fen is None else self.line.price_fen * self.line.quantity

    @property
    def since(self) -> str:
        """The day of its case."""
        return self.line.brought.on.isoformat() if self.line.brought else ""


@dataclass(frozen=True, slots=True)
class DisposalPaper:
    """A list with its library and the words of its state."""

    library: str
    disposal: DisposalRow
    state: str
    rows: Sequence[PaperRow]

    @property
    def title(self) -> str:
        """What stands over it."""
        return _("图书资产处置单")

    @property
    def file_name(self) -> str:
        """What its files are called, without an ending."""
        return f"{_('处置单')} {self.disposal.number}"

    @property
    def told(self) -> list[str]:
        """Its number, its day, its approval or that it has none, and how many copies have no price."""
        made = self.disposal
        found = [_("编号：%(number)s", number=made.number), _("日期：%(day)s", day=made.made_on.isoformat())]
        if made.approved_on is None:
            found.append(_("状态：%(state)s", state=self.state))
        else:
            approval = _("批准文号：%(number)s", number=made.approval_number)
            found += [approval, _("批准日期：%(day)s", day=made.approved_on.isoformat())]
        if made.unpriced:
            found.append(_("没有定价的 %(count)s 册", count=f"{made.unpriced:,}"))
        return found


def signers() -> list[str]:
    """Who signs, in the order of a Chinese library's paper."""
    return [_("经办人"), _("部门负责人"), _("资产管理员"), _("单位负责人")]


def disposal_sheet(paper: DisposalPaper) -> Sheet:
    """The list as a sheet."""
    columns = (
        Column(_("序号"), "number", width=7),
        Column(_("财产登记号"), width=18),
        Column(_("条码"), width=18),
        Column(_("题名"), width=40),
        Column(_("数量"), "number", _("册"), 10),
        Column(_("单价"), "fen", _("元"), 10),
        Column(_("码洋"), "fen", _("元"), 12),
        Column(_("原因"), width=16),
        Column(_("哪一天登记"), "day"),
    )
    rows = (
        (
            number,
            row.line.property_number,
            row.line.barcode,
            row.line.title,
            row.line.quantity,
            row.line.price_fen,
            row.fen,
            row.reason,
            row.line.brought.on if row.line.brought else None,
        )
        for number, row in enumerate(paper.rows, start=1)
    )
    made = paper.disposal
    total = (None, _("合计"), None, None, made.copies, None, made.fen, None, None)
    signed = [f"{signer}{_('（签字）：')}" for signer in signers()]
    return Sheet(made.number, paper.title, [paper.library, *paper.told], columns, rows, total, signed)


def disposal_word(paper: DisposalPaper) -> bytes:
    """The list as .docx."""
    document, made = blank_paper(), paper.disposal
    line(document, paper.library, 14, align=ALIGN.CENTER)
    line(document, paper.title, 20, bold=True, align=ALIGN.CENTER, font=HEADING)
    line(document, "　　".join(paper.told), 11)
    heads = [_("序号"), _("财产登记号"), _("条码"), _("题名"), _("册"), _("单价"), _("码洋"), _("原因")]
    body = [
        [
            str(number),
            row.line.property_number or "",
            row.line.barcode or "",
            row.line.title,
            f"{row.line.quantity:,}",
            "" if row.line.price_fen is None else yuan(row.line.price_fen),
            "" if row.fen is None else yuan(row.fen),
            row.reason,
        ]
        for number, row in enumerate(paper.rows, start=1)
    ]
    total = ["", _("合计"), "", "", f"{made.copies:,}", "", yuan(made.fen), ""]
    table(document, [1.0, 2.4, 2.8, 5.2, 1.0, 1.5, 1.8, 1.7], [heads, *body, total], size=9)
    signed = [f"{one}{_('（签字）：')}" for one in signers()]
    table(document, [WIDTH / len(signed)] * len(signed), [signed], height=1.4)
    return saved(document)
