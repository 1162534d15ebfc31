"""Disposal lists (处置单): what waits, a list of it, its approval; printed, as Excel and as Word."""

from typing import Any

from flask import Response, render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome
from branchnet.access.scope import networks_named
from branchnet.access.sent import Sent
from branchnet.batches import commands
from branchnet.batches.losses import papers, registers
from branchnet.batches.losses.finds import finds_of
from branchnet.batches.losses.registers import DisposalRow
from branchnet.batches.losses.rules import WAITING
from branchnet.batches.losses.schemas import ApproveForm, DraftForm
from branchnet.batches.losses.waiting import PAGE, Chosen, waiting, waiting_in_all
from branchnet.batches.papers.rules import yuan
from branchnet.batches.papers.word import MIMETYPE
from branchnet.batches.schemas import ReverseForm
from branchnet.blueprints import downloads
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.staff.loss_words import disposal_shape
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import blueprint, local_time, writes
from branchnet.blueprints.staff.words import move_words
from branchnet.errors import Invalid
from branchnet.language import _
from branchnet.stock.finding import normal
from branchnet.words import place_words
from branchnet.words.losses import list_state_words


@blueprint.get("/disposals/new")
@require("batch.write")
def new_disposal() -> str:
    """What waits, narrowed by place and text, for a new list or for one that there is (``to``)."""
    return _new_page(Refusal())


@blueprint.post("/disposals/new")
@require("batch.write")
def make_disposal() -> Answer:
    """All of it, or what was ticked, goes on a list."""
    ticked = sorted(_chosen(request.form.getlist("line")))

    def step(sent: dict[str, Any]) -> Outcome:
        who = staff()
        chosen = None if sent["which"] == "all" else ticked
        if chosen == []:
            raise Invalid("nothing_chosen", fields={"line": "nothing_chosen"})
        if sent["to"]:
            found = _own(sent["to"])
            commands.add_to_disposal(who.act, found.id, chosen)
            return {"number": found.number}
        return {"number": commands.draft_disposal(who.act, sent["happened_on"], chosen, sent["note"]).number}

    return press(
        "draft",
        DraftForm(),
        {"lines": ticked},
        step,
        _("列进处置单了。还没有批准，书还在账上。"),
        lambda done: url_for("staff.disposal", number=done["number"]),
        _new_page,
    )


def _chosen(lines: list[str]) -> set[Chosen]:
    """``12-3``: a lot and a place; what is none is no choice."""
    pairs = [line.partition("-") for line in lines]
    return {(int(lot), int(place)) for lot, _dash, place in pairs if lot.isdecimal() and place.isdecimal()}


def _new_page(refusal: Refusal) -> str:
    who, asked = staff(), request.args
    place, text = asked.get("place", ""), normal(asked.get("q", ""))
    page = max(asked.get("page", 1, type=int), 1)
    place = place if place in WAITING else ""
    rows, lines, copies = waiting(who.network_id, place, text, page)
    to = asked.get("to", "")
    return render_template(
        "staff/losses/waiting.html",
        rows=rows,
        lines=lines,
        copies=copies,
        in_all=waiting_in_all(who.network_id) if place or text else copies,
        place=place,
        places=[(kind, place_words(kind)) for kind in WAITING],
        text=text,
        to=to,
        page=page,
        pages=max(-(-lines // PAGE), 1),
        asked={"place": place or None, "q": text or None, "to": to or None},
        chosen=set(request.form.getlist("line")),
        refusal=refusal,
        day=who.act.today(),
        yuan=yuan,
        language_next=url_for("staff.new_disposal"),
    )


@blueprint.get("/disposals/<number>")
@require("batch.see")
def disposal(number: str) -> str:
    """A list: what stands on it and why, where it stands, and what comes next."""
    return _page(number, Refusal())


@blueprint.post("/disposals/<number>/lines/<int:line_id>/remove")
@require("batch.write")
def remove_from_disposal(number: str, line_id: int) -> Answer:
    """A line is taken off a draft."""

    def step(found: DisposalRow, _sent: dict[str, Any]) -> None:
        commands.remove_from_disposal(staff().act, found.id, line_id)

    return _press(f"remove-{line_id}", number, Sent(), step, _("拿掉了，书继续等处置。"))


@blueprint.post("/disposals/<number>/approve")
@require("batch.write")
def approve_disposal(number: str) -> Answer:
    """It was approved: all its copies leave the books."""

    def step(found: DisposalRow, sent: dict[str, Any]) -> None:
        commands.approve_disposal(staff().act, found.id, sent["approval_number"], sent["approved_on"])

    return _press("approve", number, ApproveForm(), step, _("批准记下了，单上的书已从账上注销。"))


@blueprint.post("/disposals/<number>/cancel")
@require("batch.write")
def cancel_disposal(number: str) -> Answer:
    """A draft is given up."""

    def step(found: DisposalRow, _sent: dict[str, Any]) -> None:
        commands.cancel_disposal(staff().act, found.id)

    return _press("cancel_disposal", number, Sent(), step, _("处置单作废了，书继续等处置。"))


@blueprint.post("/disposals/<number>/reverse")
@require("batch.write")
def reverse_disposal(number: str) -> Answer:
    """An approval was recorded by mistake."""

    def step(found: DisposalRow, sent: dict[str, Any]) -> None:
        commands.reverse_disposal(staff().act, found.id, sent["reason"])

    return _press("reverse_disposal", number, ReverseForm(), step, _("批准撤回了，书又在等处置；处置单回到草稿。"))


@blueprint.get("/disposals/<number>/paper")
@require("batch.see")
def disposal_paper(number: str) -> str:
    """The list, to be printed and signed."""
    return render_template(
        "staff/losses/disposal_paper.html",
        made=_paper(number),
        signers=papers.signers(),
        network=request.args.get("network"),
        yuan=yuan,
    )


@blueprint.get("/disposals/<number>/list.xlsx")
@require("batch.see")
def disposal_excel(number: str) -> Response:
    """The list as Excel, in the columns of the register of state property."""
    made = _paper(number)
    return downloads.excel(made.file_name, papers.disposal_sheet(made))


@blueprint.get("/disposals/<number>/list.docx")
@require("batch.see")
def disposal_word(number: str) -> Response:
    """The list as Word."""
    made = _paper(number)
    return downloads.as_file(papers.disposal_word(made), f"{made.file_name}.docx", MIMETYPE)


def _paper(number: str) -> papers.DisposalPaper:
    found, who = _seen(number), staff()
    library = next(network.name for network in networks_named(who.networks) if network.id == found.network_id)
    lines = [
        papers.PaperRow(line, move_words(line.brought.reason) if line.brought else place_words(line.place))
        for line in registers.lines_of_disposal(found)
    ]
    return papers.DisposalPaper(library, found, list_state_words(found.state), lines)


def _press(form: str, number: str, schema: Sent, step: Any, said: str) -> Answer:
    def do(sent: dict[str, Any]) -> None:
        step(_own(number), sent)

    return press(
        form,
        schema,
        {"disposal": number},
        do,
        said,
        lambda _done: url_for("staff.disposal", number=number),
        lambda refusal: _page(number, refusal),
    )


def _own(number: str) -> DisposalRow:
    who = staff()
    return registers.disposal_named([who.network_id], number, who.act.network.slug)


def _seen(number: str) -> DisposalRow:
    """The list of one's own network, or of the one that the address names. Raises NotFound."""
    who = staff()
    return registers.disposal_named(who.networks, number, request.args.get("network") or who.act.network.slug)


def _page(number: str, refusal: Refusal) -> str:
    who, found = staff(), _seen(number)
    zone, page = who.act.network.time_zone, max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "staff/losses/disposal.html",
        disposal=found,
        lines=registers.lines_of_disposal(found, page),
        page=page,
        pages=max(-(-found.lines // registers.LINES_PAGE), 1),
        state=list_state_words(found.state),
        shape=disposal_shape(found.state),
        approvals=[
            (one, local_time(one.recorded_at, zone), one.undone_at and local_time(one.undone_at, zone))
            for one in registers.approvals_of(found)
        ],
        finds=finds_of(found.network_id, found.number, who.act.today()),
        network=request.args.get("network"),
        refusal=refusal,
        writes=writes(found.network_id),
        day=who.act.today(),
        yuan=yuan,
        language_next=url_for("staff.disposal", number=number, network=request.args.get("network")),
    )
