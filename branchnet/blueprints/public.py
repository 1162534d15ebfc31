"""What anybody may read: what a library says of its coverage. Counts, and nothing that is internal."""

from flask import Blueprint, render_template

from branchnet.access.acts import Act
from branchnet.access.guards import public
from branchnet.access.scope import below
from branchnet.blueprints import coverage_words as words
from branchnet.blueprints.staff.root import local_time
from branchnet.coverage.statements import delivery_schools, kinds_reached, public_statements
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
        words=words,
        whats=words.what_words(kinds_reached(below(network.id, Act(network.id).today()))),
        by_stay=delivery_schools(network, statements),
        local=lambda moment: local_time(moment, network.time_zone),
        network_name=network.name,
    )
