"""What anybody may read: what a library says of its coverage. Counts, and nothing that is internal."""

from flask import Blueprint, render_template

from branchnet.access.guards import public
from branchnet.blueprints.coverage_words import definition_words, outcome_words, what_words, whole_words
from branchnet.blueprints.staff.root import local_time
from branchnet.coverage.statements import public_statements
from branchnet.extensions import limiter

blueprint = Blueprint("public", __name__)


@blueprint.get("/coverage/<slug>")
@limiter.limit("60 per minute")
@public
def coverage(slug: str) -> str:
    """The statements that hold, each with its day and its figures."""
    network, statements = public_statements(slug)
    return render_template(
        "public/coverage.html",
        network=network,
        statements=statements,
        definitions=definition_words(),
        whats=what_words(),
        whole_words=whole_words,
        outcome_words=outcome_words,
        local=lambda moment: local_time(moment, network.time_zone),
        network_name=network.name,
    )
