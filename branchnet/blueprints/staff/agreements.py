"""The register of agreements: enter, correct until signed, file; each as a Word file made of the library's template."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as Answer

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.rules import may
from branchnet.access.sent import read
from branchnet.batches.papers import template, word
from branchnet.batches.papers.commands import template_in_use
from branchnet.batches.papers.placeholders import Parties, filled
from branchnet.batches.papers.seen import blocks
from branchnet.blueprints import downloads
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.matching import point_options
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.words import standing_words
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.points import agreements
from branchnet.points.agreements import PAGE, AgreementRow, Terms
from branchnet.points.agreements.rules import SOON_DAYS, STANDINGS, mark
from branchnet.points.agreements.schemas import AgreementForm, KeptForm
from branchnet.points.queries import Point, points_on

Answered = Answer | tuple[str, int]


@blueprint.get("/agreements")
@require("point.see")
def agreements_page() -> str:
    """The register, narrowed to where agreements stand or to one point; what runs out soon first."""
    who = staff()
    today, points = who.act.today(), _points()
    standing = request.args.get("standing", "")
    standing = standing if standing in STANDINGS else ""
    point = points.get(next((one.id for one in points.values() if one.code == request.args.get("point")), 0))
    page = max(request.args.get("page", 1, type=int), 1)
    rows, count = agreements.agreements_listed(who.network_id, today, standing, point.id if point else None, page)
    return render_template(
        "staff/agreements/list.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // PAGE), 1),
        standing=standing,
        standings=[(word, standing_words(word)) for word in STANDINGS],
        point=point,
        points=points,
        today=today,
        soon=agreements.running_out(who.network_id, today),
        soon_days=SOON_DAYS,
        standing_words=standing_words,
        writes=_writes(),
    )


@blueprint.get("/agreements/new")
@require("agreement.write")
def new_agreement() -> str:
    """The form for a new agreement, for the point that is named (``point``)."""
    return _new_page(Refusal())


@blueprint.post("/agreements/new")
@require("agreement.write")
def make_agreement() -> Answered:
    """Enter an agreement, and go on to its page."""
    who = staff()
    try:
        sent = read(AgreementForm(), request.form)
        point = next((point for point in _points().values() if point.code == sent["point"]), None)
        if point is None:
            raise Invalid(fields={"point": "kind"})

        def effect() -> Outcome:
            return {"agreement": agreements.agree(who.act, point.id, _terms(sent))}

        done = perform(who.act, op_id(), "agree", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "new")
        return _new_page(refusal), refusal.status
    return redirect(url_for("staff.agreement", agreement_id=done["agreement"]), 303)


@blueprint.get("/agreements/<int:agreement_id>")
@require("point.see")
def agreement(agreement_id: int) -> str:
    """One agreement: its terms, its Word file as it reads, and what can still be changed."""
    return _page(agreement_id, Refusal())


@blueprint.post("/agreements/<int:agreement_id>")
@require("agreement.write")
def change_agreement(agreement_id: int) -> Answered:
    """Correct or sign it; once it is signed, file it or end it earlier."""
    who = staff()
    row = agreements.one_agreement(who.network_id, agreement_id)
    form = "correct" if row.signed_on is None else "kept"
    try:
        if form == "correct":
            sent = read(AgreementForm(), {**request.form, "point": _point_of(row).code})
        else:
            sent = read(KeptForm(), request.form)

        def effect() -> Outcome:
            if form == "correct":
                agreements.correct(who.act, agreement_id, _terms(sent), sent["seen"])
            else:
                agreements.keep(who.act, agreement_id, sent["archive_number"], sent["valid_until"], sent["seen"])
            return {}

        perform(who.act, op_id(), f"agreement_{form}", {"agreement": agreement_id, **sent}, effect)
    except BranchNetError as error:
        refusal = refused(error, form)
        return _page(agreement_id, refusal), refusal.status
    flash(_("协议记下了。"), "done")
    return redirect(url_for("staff.agreement", agreement_id=agreement_id), 303)


@blueprint.get("/agreements/<int:agreement_id>/agreement.docx")
@require("point.see")
def agreement_word(agreement_id: int) -> Response:
    """The agreement, filled into the library's own template."""
    row = agreements.one_agreement(staff().network_id, agreement_id)
    return downloads.as_file(_filled(row), f"{_('协议书')} {row.number}.docx", word.MIMETYPE)


def _filled(row: AgreementRow) -> bytes:
    who = staff()
    network, point = who.act.network, _point_of(row)
    parties = Parties(network.name, point.name, point.code)
    # An agreement is signed in Chinese, whatever language its clerk reads.
    with force_locale("zh"):
        words = filled(row, parties, network.stay_days, who.act.today())
    _name, content, _own = template_in_use(who.network_id)
    return template.fill(content, words)


def _terms(sent: dict[str, Any]) -> Terms:
    return Terms(**{name: sent[name] for name in Terms.__dataclass_fields__})


def _points() -> dict[int, Point]:
    who = staff()
    return {point.id: point for point in points_on([who.network_id], who.act.today())}


def _point_of(row: AgreementRow) -> Point:
    who = staff()
    return points_on([who.network_id], who.act.today(), [row.point_id])[0]


def _writes() -> bool:
    return may(staff().roles, "agreement.write")


def _new_page(refusal: Refusal) -> str:
    return render_template(
        "staff/agreements/new.html",
        refusal=refusal,
        points=point_options([*_points().values()]),
        chosen=request.args.get("point", ""),
        day=staff().act.today(),
        stay_days=staff().act.network.stay_days,
    )


def _page(agreement_id: int, refusal: Refusal) -> str:
    who = staff()
    row = agreements.one_agreement(who.network_id, agreement_id)
    today = who.act.today()
    return render_template(
        "staff/agreements/one.html",
        row=row,
        point=_point_of(row),
        standing=row.standing(today),
        standing_words=standing_words,
        stay_days=who.act.network.stay_days,
        blocks=blocks(_filled(row)),
        refusal=refusal,
        seen=mark(row),
        writes=_writes(),
        # A refused form's own address is this page's.
        language_next=url_for("staff.agreement", agreement_id=agreement_id),
    )
