"""Papers of a batch: read, printed from the browser, and taken along as Word or Excel; and where they were filed."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.brought import standing_at
from branchnet.batches.papers import excel, labels, notes, rules, word
from branchnet.batches.papers import queries as read_papers
from branchnet.batches.papers.notes import Contents, Letter, Note
from branchnet.batches.queries import BatchHead
from branchnet.batches.queries.listing import ends_of
from branchnet.batches.rules import can
from branchnet.batches.schemas import FilingForm
from branchnet.blueprints import downloads
from branchnet.blueprints.forms import op_id, refused
from branchnet.blueprints.staff.batch import head_of, show
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.words import kind_words
from branchnet.errors import BranchNetError, Conflict, NotFound
from branchnet.language import _
from branchnet.points.agreements import agreement_at
from branchnet.words import place_words, say


@blueprint.context_processor
def _offered() -> dict[str, Any]:
    """Which papers a batch has, and whether it has been signed for, as its page asks."""
    return {"handed_over": rules.HANDED_OVER, "signed_for": lambda state: can("file", state)}


@blueprint.get("/batches/<number>/papers/handover-note")
@require("batch.see")
def handover_note(number: str) -> str:
    """The handover note, its list appended unless ``list=no``; signed in ``copies`` copies."""
    head = named_head(number)
    note = _note(head)
    return render_template("staff/papers/handover.html", **paper_of(head), note=note, listed=_listed(), yuan=rules.yuan)


@blueprint.get("/batches/<number>/papers/handover-note.docx")
@require("batch.see")
def handover_word(number: str) -> Response:
    """The handover note as Word."""
    head = named_head(number)
    note = _note(head)
    return downloads.as_file(word.handover_word(note, _library(head)), f"{note.title} {number}.docx", word.MIMETYPE)


@blueprint.get("/batches/<number>/papers/handover-list.xlsx")
@require("batch.see")
def handover_list(number: str) -> Response:
    """The list of a handover as Excel, with the note's numbers."""
    head = named_head(number)
    lines = read_papers.paper_lines(head.network_id, head.id)
    return downloads.excel(
        f"{_('交接书目')} {number}", excel.list_sheet(number, _far(head), notes.mark_of(head.state), lines)
    )


@blueprint.get("/batches/<number>/papers/packing-list")
@require("batch.see")
def packing_list(number: str) -> str:
    """What is in each box: of all boxes, or of one (``box``; 0: what lies loose)."""
    head = named_head(number)
    lines = read_papers.paper_lines(head.network_id, head.id, request.args.get("box", type=int))
    return render_template(
        "staff/papers/packing.html",
        **paper_of(head),
        parcels=[(box, rows, rules.add_up(rows)) for box, rows in rules.by_box(lines)],
        boxes=read_papers.boxes_of(head.network_id, head.id),
        yuan=rules.yuan,
    )


@blueprint.get("/batches/<number>/papers/packing-list.xlsx")
@require("batch.see")
def packing_excel(number: str) -> Response:
    """The packing list as Excel, a sheet for each box."""
    head = named_head(number)
    lines = read_papers.paper_lines(head.network_id, head.id)
    sheets = excel.packing_sheets(number, _far(head), notes.mark_of(head.state), lines)
    return downloads.excel(f"{_('装箱单')} {number}", *sheets)


@blueprint.get("/batches/<number>/papers/labels")
@require("batch.see")
def box_labels(number: str) -> str:
    """A label for each box, to be cut out."""
    head = named_head(number)
    boxes = read_papers.labels_of(head.network_id, head.id)
    return render_template(
        "staff/papers/labels.html", **paper_of(head), labels=[(box, *labels.qr_path(box.text)) for box in boxes]
    )


@blueprint.get("/batches/<number>/papers/overdue-letter")
@require("batch.see")
def overdue_letter(number: str) -> str | Answer:
    """The letter that asks for a delivery that is late, and whom it goes to; one that is not leads to the batch."""
    head = named_head(number)
    try:
        letter = _letter(head)
    except Conflict as error:
        return _not_late(head, error)
    calls = queries.whom_to_call([head.network_id], [head], staff().act.today())
    call = calls.get(head.end.place_id)
    return render_template("staff/papers/overdue.html", **paper_of(head), letter=letter, call=call)


@blueprint.get("/batches/<number>/papers/overdue-letter.docx")
@require("batch.see")
def overdue_word(number: str) -> Response | Answer:
    """The letter as Word."""
    head = named_head(number)
    try:
        letter = _letter(head)
    except Conflict as error:
        return _not_late(head, error)
    return downloads.as_file(word.letter_word(letter), f"{letter.title} {number}.docx", word.MIMETYPE)


def _not_late(head: BatchHead, error: Conflict) -> Answer:
    flash("".join(say(error)), "info")
    return redirect(url_for("staff.batch_page", number=head.number, network=_foreign(head)), 303)


@blueprint.post("/batches/<number>/filing")
@require("batch.write")
def file_papers(number: str) -> Answer | tuple[str, int]:
    """Where the signed papers are filed, and where pictures are kept."""
    who = staff()
    batch_id = queries.own_batch(who.network_id, number)
    try:
        sent = read(FilingForm(), request.form)

        def effect() -> Outcome:
            commands.file_papers(who.act, batch_id, **sent)
            return {}

        perform(who.act, op_id(), "file_papers", {"batch": number, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, "filing")
        return show(number, refusal), refusal.status
    flash(_("档号和照片的存放处记下了。"), "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


def named_head(number: str) -> BatchHead:
    """The batch with the names that its ends bore on the day it left: a paper printed again says the same."""
    head = head_of(number)
    if head.dispatched_on is None:
        return head
    named = ends_of({head.start.place_id, head.end.place_id}, [head.network_id], head.dispatched_on)
    start, end = (named.get(end.place_id, end) for end in (head.start, head.end))
    return replace(head, start=start, end=end)


def paper_of(head: BatchHead) -> dict[str, Any]:
    """What every paper's page needs; ``network``: what its links name where the batch is another network's."""
    return {
        "batch": head,
        "library": _library(head),
        "mark": notes.mark_of(head.state),
        "to": _far(head),
        "writes": writes(head.network_id),
        "network": _foreign(head),
    }


def _foreign(head: BatchHead) -> str | None:
    return None if head.network_id == staff().network_id else head.network


def _library(head: BatchHead) -> str:
    return Act(head.network_id).network.name


def _far(head: BatchHead) -> str:
    end = head.start if head.kind == "return" else head.end
    return end.name or place_words(end.kind)


def _listed() -> bool:
    return request.args.get("list") != "no"


def _note(head: BatchHead) -> Note:
    """The note of a batch that somebody hands to somebody else. Raises NotFound for one that nobody hands over."""
    if head.kind not in rules.HANDED_OVER:
        raise NotFound(number=head.number)
    contents = Contents(
        read_papers.paper_lines(head.network_id, head.id),
        read_papers.boxes_of(head.network_id, head.id),
        read_papers.goods_along(head.network_id, head.id),
    )
    far = head.start if head.kind == "return" else head.end
    day = head.dispatched_on or Act(head.network_id).today()
    agreement = agreement_at(head.network_id, far.place_id, day)
    copies = rules.copies_asked(request.args.get("copies", type=int), head.kind)
    return notes.handover_note(head, _library(head), _kind(head), contents, agreement, copies, _listed())


def _kind(head: BatchHead) -> str:
    return f"{kind_words(head.kind)} · {notes.terms_on_paper(head.terms)}"


def _letter(head: BatchHead) -> Letter:
    """The letter about a delivery, from the clerk who prints it; a manager above leaves that open."""
    who = staff()
    contact = (who.name, read_papers.phone_of(who.network_id, who.person_id)) if writes(head.network_id) else ("", None)
    sent = read_papers.copies_of(head.network_id, head.id)
    there = sum(standing_at(head.network_id, head.end.place_id).of(head.id).values())
    # As long as it was not taken in, all of it is to come back.
    copies = (sent, sent if head.state == "dispatched" else there)
    return notes.overdue_letter(head, _library(head), copies, Act(head.network_id).today(), contact)
