"""Who comes in: each blueprint authorises, calls one command or query, and answers."""

from flask import Flask

from branchnet.blueprints import (
    account,
    admin,
    api,
    manager,
    manager_coverage,
    manager_map,
    manager_overview,
    manager_statements,
    manager_use,
    public,
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
    """Add every blueprint; the teacher's and the manager's have their pages in several modules."""
    teachers = (teacher_asking, teacher_changes, teacher_handover, teacher_lessons, teacher_links, teacher_sending)
    managers = (manager, manager_overview, manager_map, manager_coverage, manager_statements, manager_use)
    modules = (status, public, account, *teachers, staff, *managers, admin)
    for blueprint in dict.fromkeys(module.blueprint for module in modules):
        app.register_blueprint(blueprint)
    described.register_blueprint(api.blueprint)
