"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import (
    account,
    admin,
    api,
    manager,
    manager_map,
    staff,
    status,
    teacher_asking,
    teacher_changes,
    teacher_handover,
    teacher_lessons,
    teacher_links,
    teacher_sending,
)
from branchnet.extensions import api as described


def register(app: Flask) -> None:
    """Add every blueprint; the teacher's, the manager's and the programs' have theirs in several modules."""
    teachers = (teacher_asking, teacher_changes, teacher_handover, teacher_lessons, teacher_links, teacher_sending)
    modules = (status, account, *teachers, staff, manager, manager_map, admin)
    for blueprint in dict.fromkeys(module.blueprint for module in modules):
        app.register_blueprint(blueprint)
    described.register_blueprint(api.blueprint)
