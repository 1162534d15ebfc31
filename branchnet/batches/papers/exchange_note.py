"""What the one note of an exchange visit says: brought, taken back and short, each with what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from branchnet.batches.papers import rules
from branchnet.batches.papers.notes import Contents, Fact, Note, Party, books, copies_said, in_capitals, keepers, worth
from branchnet.batches.queries import ExchangeRow, ShortRow
from branchnet.batches.queries.listing import End
from branchnet.language import _, day_name
from branchnet.points.agreements import AgreementRow

NAMED = 3
"""So many titles of what is short stand on the note."""


@dataclass(frozen=True, slots=True)
class Told:
    """What went both ways, and what did not come."""

    brought: Contents
    taken: Contents
    shorts: Sequence[ShortRow]


def exchange_note(
    row: ExchangeRow,
    point: End,
    library: str,
    told: Told,
    agreement: AgreementRow | None,
    copies: int,
) -> Note:
    """The note of a visit. Both batches keep a note and a list of their own; this one tells of both."""
    school = _("%(name)s（%(code)s）", name=point.name, code=point.code)
    facts = [
        Fact(_("甲方"), library),
        Fact(_("乙方"), school),
        Fact(_("协议编号"), agreement.number if agreement else _("无")),
        *_amount(_("带去"), row.outgoing, told.brought),
        *_amount(_("换回"), row.returning, told.taken),
        *_short(told.shorts),
    ]
    if row.note:
        facts.append(Fact(_("备注"), row.note))
    return Note(
        title=_("换书交接单"),
        number=_("%(outgoing)s、%(returning)s", outgoing=row.outgoing, returning=row.returning),
        day=day_name(row.happened_on),
        mark="",
        facts=facts,
        terms=_terms(row.terms, bool(told.shorts)),
        parties=[
            Party(_("甲方"), library, (_("经办人"), _("负责人"))),
            Party(_("乙方"), school, (_("经办人"), _("负责人"))),
        ],
        copies=copies_said(copies),
        keepers=keepers(copies),
        appended=_("书目见两批各自的交接单。"),
        agreed=agreement is not None,
    )


def _terms(terms: str, short: bool) -> str:
    said = (
        _("带去的图书由甲方赠送给乙方，签收后归乙方所有；换回的图书由乙方交回甲方，双方当面点清。")
        if terms == "gift"
        else _("带去的图书由甲方寄存在乙方，仍归甲方所有；换回的图书由乙方交回甲方，双方当面点清。")
    )
    return said + _("短少的图书由乙方继续查找，随下次换书交回。") if short else said


def _amount(label: str, number: str, contents: Contents) -> list[Fact]:
    """册 with its batch, and 码洋."""
    amount = books(contents.sum.copies, contents.boxes)
    aside = _("；").join(part for part in (_("批次 %(number)s", number=number), amount.aside) if part)
    return [
        replace(amount, label=label, aside=aside),
        replace(worth(contents.sum), label=_("%(label)s的码洋", label=label)),
    ]


def _short(shorts: Sequence[ShortRow]) -> list[Fact]:
    """How many did not come, and which, where only a few lots are meant."""
    copies = sum(short.quantity for short in shorts)
    if not copies:
        return [Fact(_("短少"), _("没有短少"))]
    text = _("%(copies)s 册", copies=f"{copies:,}")
    capital = in_capitals(_("%(number)s册", number=rules.capitals(copies)))
    named = _("、").join(_("《%(title)s》", title=short.title or "") for short in shorts[:NAMED])
    aside = named + (_("等") if len(shorts) > NAMED else "")
    return [
        Fact(_("短少"), text, capital, aside),
        replace(worth(rules.add_up(shorts)), label=_("%(label)s的码洋", label=_("短少"))),
    ]
