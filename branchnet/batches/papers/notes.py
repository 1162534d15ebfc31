"""What a handover note and an overdue letter say, once: the page and Word print the same words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import get_locale, ngettext

from branchnet.batches.papers import rules
from branchnet.batches.papers.queries import Good, PaperLine
from branchnet.batches.queries import BatchHead
from branchnet.batches.queries.listing import End
from branchnet.errors import Conflict
from branchnet.language import _, day_name, days_long
from branchnet.points.agreements import AgreementRow


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a note: what it is, in figures, in capital numerals where it is signed for, and what is left open."""

    label: str
    text: str
    capital: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who hands over or takes in: what they are in this handover, and who of them signs. No name: written by hand."""

    role: str
    name: str
    signers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Note:
    """A handover note (交接单), complete."""

    title: str
    number: str
    day: str
    mark: str
    facts: Sequence[Fact]
    terms: str
    parties: Sequence[Party]
    copies: str
    keepers: Sequence[str]
    here: Sequence[PaperLine] = ()
    """A short list stands on the note itself."""
    pages: Sequence[Sequence[PaperLine]] = ()
    """A longer one is appended, page by page."""
    appended: str = ""
    agreed: bool = True
    """Whether an agreement binds the point on that day."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An overdue letter (催还函), complete."""

    title: str
    number: str
    to: str
    paragraphs: Sequence[str]
    contact: str
    sender: str
    day: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a batch holds, as its note lists and adds it up."""

    lines: Sequence[PaperLine]
    boxes: int
    goods: Sequence[Good] = ()
    sum: rules.Sum = field(init=False)

    @property
    def loose(self) -> int:
        """Copies (册) that lie in no box."""
        return sum(line.quantity for line in self.lines if not line.box)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sum", rules.add_up(self.lines))


SHORT = 8
"""So many rows at most stand on the note itself, which stays one sheet."""


BLANK = "____________"
"""To be written by hand."""


def mark_of(state: str) -> str:
    """What stands large over a paper of a batch that has not left or never will."""
    return {"draft": _("未发出"), "cancelled": _("已取消")}.get(state, "")


def terms_on_paper(terms: str) -> str:
    """On which terms books are handed over, in one word."""
    return {"deposit": _("寄存"), "gift": _("赠送")}.get(terms, terms)


def handover_note(
    batch: BatchHead,
    library: str,
    kind: str,
    contents: Contents,
    agreement: AgreementRow | None,
    copies: int,
    appended: bool,
) -> Note:
    """The note of a batch that somebody hands to somebody else. ``kind``: kind and terms in words."""
    lines = contents.lines
    short = len(lines) <= SHORT and sum(rules.rows_of(line) for line in lines) <= SHORT
    pages = rules.pages_of(contents.lines) if appended and not short else []
    return Note(
        title=_("图书交接单"),
        number=batch.number,
        day=day_name(batch.dispatched_on) if batch.dispatched_on else _("　　　　年　　月　　日"),
        mark=mark_of(batch.state),
        facts=_facts(batch, library, kind, contents, agreement),
        terms=_terms(batch),
        parties=_parties(batch, library),
        copies=copies_said(copies),
        keepers=keepers(copies, batch.kind),
        here=contents.lines if appended and short else (),
        pages=pages,
        appended=_appended(len(pages)) if appended or not contents.lines else _("书目见装箱单。"),
        agreed=agreement is not None or batch.kind == "accession",
    )


def _facts(batch: BatchHead, library: str, kind: str, contents: Contents, agreement: AgreementRow | None) -> list[Fact]:
    giver, taker = _roles(batch.kind)
    facts = [
        Fact(giver, _name(batch.start, library)),
        Fact(taker, _name(batch.end, library)),
        Fact(_("类型"), kind),
        Fact(_("协议编号"), agreement.number if agreement else _("无")),
    ]
    if batch.due_back_on:
        facts.append(Fact(_("应还日期"), day_name(batch.due_back_on)))
    if batch.settles:
        facts.append(Fact(_("收回的批次"), batch.settles))
    facts.append(books(contents.sum.copies, contents.boxes, contents.loose))
    facts.append(worth(contents.sum))
    if contents.goods:
        facts.append(_goods(contents.goods))
    if batch.note:
        facts.append(Fact(_("备注"), batch.note))
    return facts


def books(copies: int, boxes: int, loose: int = 0) -> Fact:
    """册, in how many boxes, and how many copies lie in none of them."""
    text = _("%(copies)s 册", copies=f"{copies:,}")
    aside = ngettext("装 %(num)d 箱", "装 %(num)d 箱", boxes) if boxes else ""
    if boxes and loose:
        aside = _("%(boxes)s，另散装 %(copies)s 册", boxes=aside, copies=f"{loose:,}")
    return Fact(_("图书"), text, in_capitals(_("%(number)s册", number=rules.capitals(copies))), aside)


def worth(found: rules.Sum) -> Fact:
    """码洋, and how many copies are not in it because nobody knows their price."""
    if not found.priced:
        return Fact(_("码洋"), _("没有定价"))
    aside = _("另有 %(count)s 册没有定价，没有计入", count=f"{found.unpriced:,}") if found.unpriced else ""
    text = _("%(yuan)s 元", yuan=rules.yuan(found.fen))
    return Fact(_("码洋"), text, in_capitals(rules.capital_yuan(found.fen)), aside)


def _goods(goods: Sequence[Good]) -> Fact:
    """What goes along, each by its own unit; pieces (件) are what adds up, as far as they were counted."""
    named = [
        _("%(name)s %(number)s %(unit)s", name=good.name, number=f"{good.number:,}", unit=good.unit)
        if good.number is not None
        else _("%(name)s（没有点数）", name=good.name)
        for good in goods
    ]
    pieces = sum(good.number or 0 for good in goods)
    capital = in_capitals(_("%(number)s件", number=rules.capitals(pieces))) if pieces else ""
    aside = _("共 %(count)s 件", count=f"{pieces:,}") if pieces else ""
    return Fact(_("随附物品"), _("、").join(named), capital, aside)


def in_capitals(said: str) -> str:
    """Capital numerals guard a Chinese paper against a stroke too many; in English there are none."""
    return said if str(get_locale() or "zh").startswith("zh") else ""


def _roles(kind: str) -> tuple[str, str]:
    """Party A is the library; what comes back is read the other way round. Between two points A gives."""
    if kind in ("return", "accession"):
        return (_("交回方（乙方）") if kind == "return" else _("捐赠方（乙方）")), _("接收方（甲方）")
    return _("移交方（甲方）"), _("接收方（乙方）")


def _name(end: End, library: str) -> str:
    if end.name is not None:
        return _("%(name)s（%(code)s）", name=end.name, code=end.code)
    return "" if end.kind == "supply" else library


def _parties(batch: BatchHead, library: str) -> list[Party]:
    giver, taker = _roles(batch.kind)
    parties = [
        Party(giver, _name(batch.start, library), (_("经办人"), _("负责人"))),
        Party(taker, _name(batch.end, library), (_("接收人"), _("负责人"))),
    ]
    if batch.kind == "rotation":
        parties.append(Party(_("总馆"), library, (_("经办人"), _("负责人"))))
    return parties


def _terms(batch: BatchHead) -> str:
    if batch.kind == "return":
        return _("以上图书由乙方交回甲方，双方当面点清。")
    if batch.kind == "accession":
        return _("以上图书由乙方捐赠给甲方，双方当面点清。")
    if batch.terms == "gift":
        return _("以上图书由甲方赠送给乙方，签收后归乙方所有。")
    if batch.kind == "delivery":
        return _("以上图书由甲方寄存在乙方，仍归甲方所有；乙方负责保管和借阅，到期交回。")
    return _("以上图书由甲方寄存在乙方，仍归甲方所有；乙方负责保管和借阅。")


def copies_said(copies: int) -> str:
    """In how many copies (份) a note is signed."""
    return _("本单一式两份。") if copies == 2 else _("本单一式三份。")


def keepers(copies: int, kind: str = "") -> list[str]:
    """Which copy is whose; the third is filed, or kept by the library that stands between two points."""
    third = _("总馆存") if kind == "rotation" else _("归档")
    return [_("甲方存"), _("乙方存"), third][:copies]


def _appended(pages: int) -> str:
    return ngettext("书目附后 %(num)d 页。", "书目附后 %(num)d 页。", pages) if pages else ""


def overdue_letter(
    batch: BatchHead, library: str, copies: tuple[int, int], today: date, contact: tuple[str, str | None]
) -> Letter:
    """To whom a delivery went and who still has it: what, since when, how late, and whom to call.

    ``copies`` (册): sent, and still there. Raises Conflict("not_overdue") where nothing is late.
    """
    sent, due = batch.dispatched_on, batch.due_back_on
    brought, left = copies
    if sent is None or due is None or batch.collected_on is not None or today <= due or not left:
        raise Conflict("not_overdue", number=batch.number)
    name, phone = contact
    return Letter(
        title=_("关于归还图书的函"),
        number=batch.number,
        to=batch.end.name or "",
        paragraphs=[
            _(
                "我馆于%(sent)s向贵处送书 %(copies)s 册（批次 %(number)s），约定%(due)s归还。"
                "至今已经超过约定 %(late)s，还有 %(left)s 册%(capital)s没有归还。",
                sent=day_name(sent),
                copies=f"{brought:,}",
                left=f"{left:,}",
                capital=in_capitals(_("（大写：%(number)s册）", number=rules.capitals(left))),
                number=batch.number,
                due=day_name(due),
                late=days_long((today - due).days),
            ),
            _("这些图书还要送到别的学校和村里去。请在收到本函后 7 天内清点好图书，并与我馆联系，商定取书的时间。"),
            _("如果图书已经归还，或者需要续借，请告诉我们，并请不必理会本函。感谢贵处对孩子们读书的支持！"),
        ],
        contact=_("联系人：%(name)s　电话：%(phone)s", name=name or BLANK, phone=phone or BLANK),
        sender=library,
        day=day_name(today),
    )
