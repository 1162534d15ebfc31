"""Taking something back, with a reason: a step of a batch, the count of one box, or what is no step of any batch."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.queries import BatchHead, Later, Reversal
from branchnet.batches.schemas import ReverseForm
from branchnet.batches.undoing import kept_with, undo_entry
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import batch_href, blueprint
from branchnet.blueprints.staff.steps import Answer
from branchnet.blueprints.staff.words import box_of_batch_words, kind_words, step_words, verb_words
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.words import say


@dataclass(frozen=True, slots=True)
class _Page:
    """What is taken back, in words, and the page that one came from."""

    what: str
    about: str
    back: str
    back_to: str


@blueprint.get("/batches/<number>/events/<int:event_id>/reverse")
@require("batch.write")
def reversal(number: str, event_id: int) -> str:
    """What would happen if this step were taken back, and what stands in the way."""
    head = _head(number)
    return _show(_of_batch(head), queries.reversal_of(staff().act, head.id, event_id), Refusal(), head)


@blueprint.post("/batches/<number>/events/<int:event_id>/reverse")
@require("batch.write")
def reverse(number: str, event_id: int) -> Answer:
    """Take a step back, with a reason."""
    head = _head(number)
    body: Outcome = {"batch": number, "event": event_id}
    answer = _taken_back(
        "reverse_step", body, lambda reason: commands.reverse_step(staff().act, head.id, event_id, reason)
    )
    if isinstance(answer, Refusal):
        found = queries.reversal_of(staff().act, head.id, event_id)
        return _show(_of_batch(head), found, answer, head), answer.status
    flash(_("这一步撤回了，书记回原处；原因记在经过里。"), "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


@blueprint.get("/batches/<number>/boxes/<int:box>/uncount")
@require("batch.write")
def uncounting(number: str, box: int) -> str:
    """What would happen if the count of this box were taken back: that was another one."""
    head = _head(number)
    return _show(_of_box(head, box), queries.uncounting_of(staff().act, head.id, box), Refusal(), head)


@blueprint.post("/batches/<number>/boxes/<int:box>/uncount")
@require("batch.write")
def uncount(number: str, box: int) -> Answer:
    """Take back the count of one box."""
    head = _head(number)
    body: Outcome = {"batch": number, "box": box}
    answer = _taken_back("uncount", body, lambda reason: commands.uncount_box(staff().act, head.id, box, reason))
    if isinstance(answer, Refusal):
        found = queries.uncounting_of(staff().act, head.id, box)
        return _show(_of_box(head, box), found, answer, head), answer.status
    flash(_("这一箱的清点撤回了，请重新清点；别的箱照旧。"), "done")
    return redirect(url_for("staff.batch_page", number=number), 303)


@blueprint.get("/entries/<int:entry_id>/undo")
@require("batch.write")
def undoing(entry_id: int) -> Response | str:
    """What would happen if this were taken back; what has a page of its own is taken back there."""
    if event := queries.event_of(staff().network_id, entry_id):
        return redirect(url_for("staff.reversal", number=event[0], event_id=event[1]), 302)
    if kept := kept_with(staff().network_id, entry_id):
        return redirect(_page_of(*kept), 302)
    found = queries.undoing_of(staff().act, entry_id)
    return _show(_of_entry(found), found, Refusal())


def _page_of(name: str, key: int | str) -> str:
    """Where it is taken back what more was recorded with than moves."""
    if name == "disposal":
        return url_for("staff.disposal", number=key)
    if name == "repair":
        return url_for("staff.repair", repair_id=key)
    return url_for("staff.case", case_id=key)


@blueprint.post("/entries/<int:entry_id>/undo")
@require("batch.write")
def undo(entry_id: int) -> Answer:
    """Take back what is no step of a batch."""
    answer = _taken_back("undo", {"entry": entry_id}, lambda reason: undo_entry(staff().act, entry_id, reason))
    if isinstance(answer, Refusal):
        found = queries.undoing_of(staff().act, entry_id)
        return _show(_of_entry(found), found, answer), answer.status
    flash(_("撤回了，书记回原处。"), "done")
    return redirect(url_for("staff.today"), 303)


def _taken_back(verb: str, body: Outcome, take_back: Callable[[str], int]) -> Refusal | None:
    """Take something back once, with the reason that the form holds. Returns why not, if so."""
    try:
        sent = read(ReverseForm(), request.form)
        perform(staff().act, op_id(), verb, {**body, **sent}, lambda: {"entry": take_back(sent["reason"])})
    except BranchNetError as error:
        return refused(error, "reverse")
    return None


def _head(number: str) -> BatchHead:
    who = staff()
    return queries.batch_head([who.network_id], number, who.act.network.slug, who.act.today())


def _of_batch(head: BatchHead) -> _Page:
    return _Page("", f"{head.number} · {kind_words(head.kind)}", batch_href(head), _back(head))


def _of_box(head: BatchHead, box: int) -> _Page:
    return _Page(box_of_batch_words(box), f"{head.number} · {kind_words(head.kind)}", batch_href(head), _back(head))


def _of_entry(found: Reversal) -> _Page:
    return _Page(verb_words(found.step), "", url_for("staff.today"), _("回到今天"))


def _back(head: BatchHead) -> str:
    return _("回到批次 %(number)s", number=head.number)


def _show(page: _Page, found: Reversal, refusal: Refusal, head: BatchHead | None = None) -> str:
    return render_template(
        "staff/reverse.html",
        page=page,
        what=page.what or step_words(found.step, head.kind if head else ""),
        reversal=found,
        why_not=" ".join(say(found.refusal)) if found.refusal and not found.later else None,
        later=[(row, _later_words(row), _later_href(row)) for row in found.later],
        refusal=refusal,
    )


def _later_words(row: Later) -> str:
    return step_words(row.step) if row.step else verb_words(row.verb)


def _later_href(row: Later) -> str:
    if row.number and row.event_id:
        return url_for("staff.reversal", number=row.number, event_id=row.event_id)
    return url_for("staff.undoing", entry_id=row.entry_id)
