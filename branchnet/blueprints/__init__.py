"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import status


def register(app: Flask) -> None:
    """Add every blueprint."""
    for module in (status,):
        app.register_blueprint(module.blueprint)
