"""Is it alive, is it ready; and the page that shows every element of the interface."""

from flask import Blueprint, render_template
from sqlalchemy import text

from branchnet.access.guards import public
from branchnet.extensions import db

blueprint = Blueprint("status", __name__, url_prefix="/status")


@blueprint.get("/live")
@public
def live() -> str:
    """The process answers."""
    return "ok"


@blueprint.get("/ready")
@public
def ready() -> str:
    """The database answers too."""
    db.session.execute(text("SELECT 1"))
    return "ok"


@blueprint.get("/gallery")
@public
def gallery() -> str:
    """Every element of the interface on one page, for whoever builds the next page."""
    return render_template("gallery.html")
