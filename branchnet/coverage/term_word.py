"""A term's use, to be stamped (使用情况确认表): what the paper says, the same printed from a page and as Word."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.text.paragraph import Paragraph

from branchnet.batches.papers.word import HEADING, WIDTH, blank_paper, line, saved, table
from branchnet.language import _

FIRST = 3.4
"""Centimetres of the column that names months."""
SEAL = 1.6
"""And of the height of what is signed and stamped."""


@dataclass(frozen=True, slots=True)
class TermPaper:
    """The paper of a point: texts, in their order. What has no numbers says why, in one text over all columns."""

    library: str
    code: str
    point: str
    term: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str] | str]]
    sums: Sequence[str]
    books: Sequence[tuple[str, str]]

    @property
    def title(self) -> str:
        """What the paper is called."""
        return _("使用情况确认表")

    @property
    def where(self) -> str:
        """Whose it is."""
        return _("服务点：%(point)s", point=self.point)

    @property
    def note(self) -> str:
        """What stands below the numbers."""
        return _("空着的是没有数。借书的人不能各月相加，不在表上。")

    @property
    def confirmed(self) -> str:
        """What is signed."""
        return _("以上各数与实际相符。")

    @property
    def signers(self) -> tuple[str, str]:
        """Who signs, side by side."""
        return _("学校（服务点）经办人签字："), _("图书馆经办人签字：")


def terms_word(papers: Sequence[TermPaper]) -> bytes:
    """These papers as one .docx, each on a page of its own."""
    document = blank_paper()
    for number, paper in enumerate(papers):
        _one(document, paper).paragraph_format.page_break_before = number > 0
    return saved(document)


def _one(document: Paper, paper: TermPaper) -> Paragraph:
    first = line(document, f"{paper.library}　　{paper.code}", 11)
    line(document, paper.title, 18, bold=True, align=ALIGN.CENTER, font=HEADING)
    line(document, f"{paper.where}　　{paper.term}", 11)
    columns = len(paper.heads) - 1
    rows = [
        [label, *([cells] + [""] * (columns - 1) if isinstance(cells, str) else cells)] for label, cells in paper.rows
    ]
    widths = [FIRST] + [(WIDTH - FIRST) / columns] * columns
    table(document, widths, [paper.heads, *rows, [_("合计"), *paper.sums]], size=9)
    line(document, paper.note, 9)
    table(document, [5.4, WIDTH - 5.4], paper.books)
    line(document, paper.confirmed, 11)
    half = [WIDTH / 2] * 2
    table(document, half, [paper.signers, [_("（盖章）")] * 2, [_("　　　　年　　月　　日")] * 2], height=SEAL)
    return first
