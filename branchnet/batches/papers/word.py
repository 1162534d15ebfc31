"""Papers as Word, for whoever wants to change a word before it is printed. A4, fonts that Chinese Word has."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from branchnet.batches.papers.notes import BLANK, Fact, Letter, Note
from branchnet.batches.papers.queries import PaperLine
from branchnet.batches.papers.rules import plain, yuan
from branchnet.language import _

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BODY, HEADING, LATIN = "宋体", "黑体", "Times New Roman"
WIDTH = 17.4
"""Centimetres between the margins."""
CM = 567
"""Twentieths of a point to the centimetre, as Word measures tables."""
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'


def handover_word(note: Note, library: str) -> bytes:
    """A handover note as .docx, with its list."""
    paper = blank_paper()
    if note.mark:
        line(paper, note.mark, 22, bold=True, align=ALIGN.CENTER, font=HEADING)
    line(paper, library, 14, align=ALIGN.CENTER)
    line(paper, note.title, 20, bold=True, align=ALIGN.CENTER, font=HEADING)
    line(paper, _("编号：%(number)s　　日期：%(day)s", number=note.number, day=note.day), 11, align=ALIGN.RIGHT)
    table(paper, [3.4, 14.0], [[fact.label, told(fact)] for fact in note.facts])
    line(paper, note.terms + note.appended, 11)
    if note.here:
        _list(paper, note.here, 1)
    line(paper, _("实收 ______ 册，短少 ______ 册，破损 ______ 册。"), 11)
    width = WIDTH / len(note.parties)
    rows: list[list[str]] = [[party.role for party in note.parties]]
    rows += [
        [f"{party.signers[place]}{_('（签字）：')}" for party in note.parties]
        for place in range(min(len(party.signers) for party in note.parties))
    ]
    rows += [[_("（盖章）")] * len(note.parties), [_("　　　　年　　月　　日")] * len(note.parties)]
    table(paper, [width] * len(note.parties), rows, height=1.1)
    line(paper, note.copies + "".join(f"  □ {keeper}" for keeper in note.keepers), 10)
    _append(paper, note)
    return saved(paper)


def _append(paper: Paper, note: Note) -> None:
    first = 1
    for number, page in enumerate(note.pages, start=1):
        head = line(
            paper,
            _(
                "%(number)s 书目　第 %(page)d 页，共 %(pages)d 页",
                number=note.number,
                page=number,
                pages=len(note.pages),
            ),
            11,
        )
        head.paragraph_format.page_break_before = True
        _list(paper, page, first)
        first += len(page)


def letter_word(letter: Letter) -> bytes:
    """An overdue letter as .docx."""
    paper = blank_paper()
    line(paper, letter.sender, 16, align=ALIGN.CENTER)
    line(paper, letter.title, 20, bold=True, align=ALIGN.CENTER, font=HEADING)
    line(paper, _("%(to)s：", to=letter.to), 14).paragraph_format.space_before = Pt(24)
    for text in [*letter.paragraphs, letter.contact]:
        line(paper, text, 14).paragraph_format.first_line_indent = Pt(28)
    sender = line(paper, _("%(library)s（盖章）", library=letter.sender), 14, align=ALIGN.RIGHT)
    sender.paragraph_format.space_before = Pt(36)
    line(paper, letter.day, 14, align=ALIGN.RIGHT)
    return saved(paper)


def told(fact: Fact) -> str:
    """A row of a note as one text: figures, capital numerals, what is left open."""
    capital = _("（大写：%(said)s）", said=fact.capital) if fact.capital else ""
    aside = _("；%(aside)s", aside=fact.aside) if fact.aside else ""
    return (fact.text or BLANK) + capital + aside


def _list(paper: Paper, lines: Sequence[PaperLine], first: int) -> None:
    heads = [_("序号"), _("书名"), _("条码"), _("索书号"), _("册"), _("单价"), _("箱号")]
    rows = ([_cell(value) for value in _line(number, row)] for number, row in enumerate(lines, start=first))
    table(paper, [1.0, 7.4, 3.1, 2.3, 0.8, 1.5, 1.3], [heads, *rows], size=9)


def _line(number: int, row: PaperLine) -> list[Any]:
    price = None if row.price_fen is None else yuan(row.price_fen)
    return [number, row.title, row.barcode, row.call_number, row.quantity, price, row.box or _("散")]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def blank_paper() -> Paper:
    """An empty A4 page with our margins and fonts."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = paper.styles["Normal"]
    style.font.name = LATIN
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    _number_pages(section.footer.paragraphs[0])
    return paper


def _number_pages(paragraph: Paragraph) -> None:
    """The page and how many there are, as fields that Word fills in."""
    paragraph.alignment = ALIGN.CENTER
    for part in ("PAGE", " / ", "NUMPAGES"):
        field = f'<w:fldSimple {nsdecls("w")} w:instr="{part}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        text = f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{part}</w:t></w:r>'
        paragraph._p.append(parse_xml(text if part == " / " else field))  # noqa: SLF001 - no public way to a field


def line(
    paper: Paper,
    text: str,
    size: float,
    bold: bool = False,
    align: ALIGN = ALIGN.LEFT,
    font: str = BODY,
) -> Paragraph:
    """A paragraph of one look."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(plain(text))
    run.bold, run.font.size, run.font.name = bold, Pt(size), LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - no public way
    return paragraph


def table(
    paper: Paper, widths: Sequence[float], rows: Iterable[Sequence[str]], size: float = 11, height: float = 0.0
) -> None:
    """A ruled table, columns in cm, rows at least so many cm high.

    Its XML is written whole: cell by cell it takes 35 times as long.
    """
    columns = [round(width * CM) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    body = "".join(_row(columns, row, size, height) for row in rows)
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )
    paper.element.body.insert(-1, parse_xml(xml))


def _row(columns: Sequence[int], row: Sequence[str], size: float, height: float) -> str:
    high = f'<w:trHeight w:val="{round(height * CM)}" w:hRule="atLeast"/>' if height else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/></w:pPr>'
        f'<w:r><w:rPr><w:sz w:val="{round(size * 2)}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(text))}</w:t></w:r></w:p></w:tc>'
        for width, text in zip(columns, row, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{high}</w:trPr>{cells}</w:tr>"


def saved(paper: Paper) -> bytes:
    """The file."""
    out = BytesIO()
    paper.save(out)
    return out.getvalue()
