"""The programs' way in, described at ``/api/openapi.json``: the same queries as the pages, behind the same guards."""

from typing import Any

from flask_smorest import Blueprint

from branchnet.access.guards import require, staff
from branchnet.blueprints.manager import href
from branchnet.coverage.queries import asked_map
from branchnet.coverage.schemas import MapData, MapQuery
from branchnet.coverage.view import as_columns

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="What the pages show, as JSON.")


@blueprint.route("/map")  # type: ignore[untyped-decorator]  # flask-smorest has no types
@require("map.see")
@blueprint.arguments(MapQuery, location="query", as_kwargs=True)  # type: ignore[untyped-decorator]  # as above
@blueprint.response(200, MapData)  # type: ignore[untyped-decorator]  # as above
def map_data(**asked: Any) -> dict[str, Any]:
    """Points and communities at the end of a month, and who has books within reach."""
    found = asked_map(staff(), **asked)
    return {
        "network": found.network.slug,
        **as_columns(found.view, lambda one: href(found, one)),
    }
