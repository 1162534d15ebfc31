"""One difference: what it is about, how it ends, what is paid for it; and its ending taken back."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.access.sent import Sent
from branchnet.batches import commands, queries, rules
from branchnet.batches.losses import registers
from branchnet.batches.losses.finds import finds_of_case
from branchnet.batches.losses.registers import CaseRow
from branchnet.batches.losses.rules import REPORTED
from branchnet.batches.losses.schemas import CloseForm, PaidForm, PayForm
from branchnet.batches.schemas import ReverseForm
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.loss_words import closing_words, repair_words, source_words
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.steps import named
from branchnet.errors import Invalid
from branchnet.language import _

ENDS = ("found", "miscounted", "lost", "damaged", "repaired", "worn", "surplus")
"""In the order in which they are offered."""
PAID_FOR = frozenset({"lost", "damaged", "repaired", "worn"})
"""Endings for which something may be paid."""


@blueprint.get("/cases/<int:case_id>")
@require("batch.see")
def case(case_id: int) -> str:
    """A difference of a batch, a stocktake or a report."""
    return _page(case_id, Refusal())


@blueprint.post("/cases/<int:case_id>/close")
@require("batch.write")
def close_case(case_id: int) -> Answer:
    """It ends as what it turned out to be; what is to be paid for it is agreed with it."""
    who = staff()
    row = registers.case_row([who.network_id], case_id, who.act.today())

    def step(sent: dict[str, Any]) -> Outcome:
        if sent["amount"] and sent["resolution"] not in PAID_FOR:
            raise Invalid(fields={"amount": "no_amount"})
        lots = named(who.network_id, sent, sent["copies"] or row.quantity)
        day = sent["happened_on"]
        part = commands.resolve_some(who.act, case_id, sent["copies"], sent["resolution"], day, lots)
        if sent["amount"]:
            commands.agree_to_pay(who.act, part, sent["amount"], day, sent["paid_on"])
        return {"case": part}

    def said(done: Outcome) -> str:
        if done["case"] == case_id:
            return _("这条差异结案了。")
        return _("其中一部分结案了，成了差异 #%(number)s；其余的还没结。", number=done["case"])

    return _press("close", case_id, CloseForm(), step, said)


@blueprint.post("/cases/<int:case_id>/reverse")
@require("batch.write")
def reverse_case(case_id: int) -> Answer:
    """It was closed by mistake: its copies go back, and it is open again."""

    def step(sent: dict[str, Any]) -> None:
        commands.reverse_closing(staff().act, case_id, sent["reason"])

    return _press("reverse_case", case_id, ReverseForm(), step, _("结案撤回了，书记回原处，差异重新打开。"))


@blueprint.post("/cases/<int:case_id>/pay")
@require("batch.write")
def agree_to_pay(case_id: int) -> Answer:
    """What is to be paid was agreed."""

    def step(sent: dict[str, Any]) -> None:
        commands.agree_to_pay(staff().act, case_id, sent["amount"], sent["agreed_on"], note=sent["note"])

    return _press("pay", case_id, PayForm(), step, _("赔偿记下了。"))


@blueprint.post("/cases/<int:case_id>/paid")
@require("batch.write")
def receive_payment(case_id: int) -> Answer:
    """What was agreed was received."""

    def step(sent: dict[str, Any]) -> None:
        commands.receive_payment(staff().act, case_id, sent["paid_on"])

    return _press("paid", case_id, PaidForm(), step, _("收到赔偿，记下了。"))


@blueprint.post("/cases/<int:case_id>/unpaid")
@require("batch.write")
def drop_payment(case_id: int) -> Answer:
    """Nothing is to be paid after all."""

    def step(_sent: dict[str, Any]) -> None:
        commands.drop_payment(staff().act, case_id)

    return _press("unpaid", case_id, Sent(), step, _("不赔了，记下了。"))


def _press(form: str, case_id: int, schema: Sent, step: Any, said: str | Callable[[Outcome], str]) -> Answer:
    return press(
        form,
        schema,
        {"case": case_id},
        step,
        said,
        lambda _done: url_for("staff.case", case_id=case_id),
        lambda refusal: _page(case_id, refusal),
    )


def _page(case_id: int, refusal: Refusal) -> str:
    who = staff()
    row = registers.case_row(who.networks, case_id, who.act.today())
    is_open, own = row.closed_on is None, writes(row.network_id)
    return render_template(
        "staff/losses/case.html",
        case=row,
        source=source_words(row),
        refusal=refusal,
        writes=own,
        ends=_ends(row) if is_open else [],
        to_name=is_open and _to_name(row),
        counted=_counted(row) if is_open and own else [],
        ending=row.resolution and closing_words(row, row.resolution),
        repairs=registers.repairs_of([row.network_id], case_id, who.act.today()),
        repair_words=repair_words,
        finds=finds_of_case(row.network_id, row.id, row.entry_id, who.act.today()),
        payable=row.kind in REPORTED,
        day=who.act.today(),
        # A refused form's own address cannot be asked for again.
        language_next=url_for("staff.case", case_id=case_id),
    )


def _counted(row: CaseRow) -> list[tuple[int, str]]:
    """Counted lots that may be meant: of its batch, or else those that stand there."""
    if row.batch_id is not None:
        lots = queries.counted_lots_of(row.network_id, row.batch_id)
    else:
        lots = queries.counted_lots_at(row.network_id, row.place.place_id)
    return [(lot.id, lot.title) for lot in lots]


def _to_name(row: CaseRow) -> bool:
    """Whether it has to be said which copies it is about, before any of them can move."""
    sent = row.batch is not None
    routes = (rules.route(row.kind, row.in_transit, end, sent=sent) for end in rules.RESOLUTIONS[row.kind])
    return row.lot_id is None and any(routes)


def _ends(row: CaseRow) -> list[tuple[str, str]]:
    return [(end, closing_words(row, end)) for end in ENDS if end in rules.RESOLUTIONS[row.kind]]
