"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import api, manager, status
from branchnet.extensions import api as described


def register(app: Flask) -> None:
    """Add every blueprint."""
    for module in (status, manager):
        app.register_blueprint(module.blueprint)
    described.register_blueprint(api.blueprint)
