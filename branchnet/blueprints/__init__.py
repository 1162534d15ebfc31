"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import account, admin, api, manager, staff, status, teacher_asking
from branchnet.extensions import api as described


def register(app: Flask) -> None:
    """Add every blueprint; what a teacher asks for is a part of the teacher's."""
    for module in (status, account, teacher_asking, staff, manager, admin):
        app.register_blueprint(module.blueprint)
    described.register_blueprint(api.blueprint)
