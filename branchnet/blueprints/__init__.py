"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import account, admin, api, manager, staff, status, teacher
from branchnet.extensions import api as described


def register(app: Flask) -> None:
    """Add every blueprint."""
    for module in (status, account, teacher, staff, manager, admin):
        app.register_blueprint(module.blueprint)
    described.register_blueprint(api.blueprint)
