"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import account, admin, api, manager, staff, status, teacher_asking, teacher_lessons
from branchnet.extensions import api as described


def register(app: Flask) -> None:
    """Add every blueprint; what a teacher asks for and notes is a part of the teacher's."""
    modules = (status, account, teacher_asking, teacher_lessons, staff, manager, admin)
    for blueprint in dict.fromkeys(module.blueprint for module in modules):
        app.register_blueprint(blueprint)
    described.register_blueprint(api.blueprint)
