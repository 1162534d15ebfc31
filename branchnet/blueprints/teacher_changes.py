"""A teacher tells what has changed about their point itself."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import here, teachers_only
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.blueprints.forms import op_id
from branchnet.blueprints.proposal_words import proposal_options, proposal_words
from branchnet.blueprints.teacher import blueprint, own_point
from branchnet.blueprints.teacher_links import problems
from branchnet.errors import Conflict, Invalid
from branchnet.language import _
from branchnet.points.proposals import commands, queries
from branchnet.points.proposals.schemas import ProposalForm
from branchnet.points.queries import Point

Page = str | tuple[str, int] | Response


@blueprint.get("/my/<code>/change")
@teachers_only
def point_changes(code: str) -> str:
    """What has changed, and what became of what was told before."""
    return _page(own_point(code), {}, {})


@blueprint.post("/my/<code>/change")
@teachers_only
def propose_change(code: str) -> Page:
    """Tell the library."""
    act, mine = here().act, own_point(code)
    try:
        sent = read(ProposalForm(), request.form)

        def effect() -> Outcome:
            return {"proposal": commands.propose(act, mine.id, commands.Proposed(**sent))}

        perform(act, op_id(), "propose_change", {"point": code, **sent}, effect)
    except (Conflict, Invalid) as error:
        return _page(mine, request.form.to_dict(), problems(error)), error.status
    flash(_("告诉馆里了，办好了写在下面。"), "done")
    return redirect(url_for("teacher.point_changes", code=code), 303)


def _page(mine: Point, typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "teacher/change.html",
        point={"name": mine.name},
        back_href=url_for("teacher.point", code=mine.code),
        href=url_for("teacher.propose_change", code=mine.code),
        hand_over_href=url_for("teacher.hand_over"),
        kinds=proposal_options(),
        said=[(proposal_words(one.kind), one) for one in queries.of_point(mine.network_id, mine.id)],
        op_id=str(uuid4()),
        values=typed,
        errors=errors,
    )
