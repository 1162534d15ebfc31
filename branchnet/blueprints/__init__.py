"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import account, admin, staff, status, teacher


def register(app: Flask) -> None:
    """Add every blueprint."""
    for module in (status, account, teacher, staff, admin):
        app.register_blueprint(module.blueprint)
