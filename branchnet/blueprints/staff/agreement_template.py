"""The library's own agreement template: which one is in use, what may stand in it, and a new one."""

from hashlib import sha256

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.rules import may
from branchnet.batches.papers import built_in, template, word
from branchnet.batches.papers.commands import keep_template, template_in_use
from branchnet.batches.papers.placeholders import placeholders
from branchnet.batches.papers.seen import blocks
from branchnet.blueprints import downloads
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Invalid


@blueprint.get("/agreements/template")
@require("point.see")
def agreement_template() -> str:
    """Which template is in use, how it reads, and what may stand in it."""
    return _page(Refusal())


@blueprint.post("/agreements/template")
@require("agreement.write")
def keep_agreement_template() -> Answer | tuple[str, int]:
    """Use this file from now on."""
    who = staff()
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise Invalid(fields={"file": "required"})
        name, content = sent.filename, sent.stream.read(template.LARGEST + 1)

        def effect() -> Outcome:
            return {"placeholders": len(keep_template(who.act, name, content))}

        # The body of an operation may be kept: a file is told by its hash.
        body = {"file": name, "sha256": sha256(content).hexdigest()}
        done = perform(who.act, op_id(), "keep_template", body, effect)
    except BranchNetError as error:
        refusal = refused(error, "template")
        return _page(refusal), refusal.status
    found = done["placeholders"]
    flash(ngettext("模板换好了，认出 %(num)d 个占位符。", "模板换好了，认出 %(num)d 个占位符。", found), "done")
    return redirect(url_for("staff.agreement_template"), 303)


@blueprint.get("/agreements/template/in-use.docx")
@require("point.see")
def template_file() -> Response:
    """The template in use, to be changed."""
    name, content, _own = template_in_use(staff().network_id)
    return downloads.as_file(content, name, word.MIMETYPE)


@blueprint.get("/agreements/template/built-in.docx")
@require("point.see")
def built_in_template() -> Response:
    """The template that comes with us, to begin from."""
    return downloads.as_file(built_in.built_in(), built_in.FILE_NAME, word.MIMETYPE)


def _page(refusal: Refusal) -> str:
    who = staff()
    name, content, own = template_in_use(who.network_id)
    return render_template(
        "staff/agreements/template.html",
        file_name=name,
        own=own,
        blocks=blocks(content),
        placeholders=placeholders(),
        refusal=refusal,
        writes=may(who.roles, "agreement.write"),
    )
