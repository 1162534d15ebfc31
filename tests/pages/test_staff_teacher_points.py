"""A teacher who is there already takes on one more point, on the same link, or lets one go."""

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.access.answering import let_go, take_on
from branchnet.errors import Conflict
from branchnet.extensions import db, transaction
from branchnet.models import AnswersFor, AuditRecord
from tests.pages.desk import Desk, sit_down
from tests.support.world import World, build_world


@pytest.fixture
def today(app: Flask, world: World) -> str:
    with app.app_context():
        return world.act.today().isoformat()


def test_one_more_point_is_on_the_link_at_once_and_one_less_is_not(
    app: Flask, world: World, clerk: Desk, today: str
) -> None:
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    first, second = world.point_codes
    here = f"/work/teachers/{world.teacher_id}"
    assert phone.get(f"/my/{second}").status_code == 404
    for _tap in range(2):
        done = clerk.post(f"{here}/points", op_id="one-more", point=second, valid_from=today)
        assert done.status_code == 303
    assert f"/my/{second}" in phone.get("/my").text
    assert "不再管" in clerk.text(here)
    assert clerk.post(f"{here}/points/{first}/end").status_code == 303
    assert phone.get(f"/my/{first}").status_code == 404
    assert phone.get("/my").headers["Location"] == f"/my/{second}"
    with app.app_context():
        rows = db.session.scalars(select(AnswersFor).where(AnswersFor.person_id == world.teacher_id)).all()
        assert sorted(row.ended_on is None for row in rows) == [False, True]
        said = select(AuditRecord.action).where(AuditRecord.action.startswith("answers_for."))
        assert db.session.scalars(said.order_by(AuditRecord.id)).all()[-2:] == [
            "answers_for.added",
            "answers_for.ended",
        ]


def test_what_cannot_be_is_said_beside_the_field(app: Flask, world: World, clerk: Desk, today: str) -> None:
    here = f"/work/teachers/{world.teacher_id}"
    empty = clerk.post(f"{here}/points", point="", valid_from=today)
    assert (empty.status_code, 'id="f-point-error"' in empty.text) == (422, True)
    assert clerk.post(f"{here}/points", point="XX-99", valid_from=today).status_code == 422
    known = clerk.post(f"{here}/points", point=world.point_codes[0], valid_from=today)
    assert known.status_code == 409
    assert "已经归这位老师管了" in known.text
    assert clerk.post(f"{here}/points/{world.point_codes[1]}/end").status_code == 409
    assert clerk.post(f"{here}/points/XX-99/end").status_code == 404
    assert clerk.post("/work/teachers/999999/points", point=world.point_codes[1], valid_from=today).status_code == 404
    manager = sit_down(app, world.manager_login, world.password)
    assert manager.post(f"{here}/points", point=world.point_codes[1], valid_from=today).status_code == 403


def test_a_slip_of_the_same_day_is_taken_back(app: Flask, world: World) -> None:
    with app.app_context():
        act, person, point, today = world.act, world.teacher_id, world.point_ids[1], world.act.today()
        with transaction():
            take_on(act, person, point, today)
        with transaction():
            let_go(act, person, point)
        with pytest.raises(Conflict), transaction():
            let_go(act, person, point)
        with transaction():
            take_on(act, person, point, today)
        row = db.session.scalars(select(AnswersFor).where(AnswersFor.point_id == point)).one()
        assert row.ended_on is None


def test_a_teacher_of_another_network_is_not_found(app: Flask, world: World, clerk: Desk, today: str) -> None:
    there = f"/work/teachers/{build_world(app, 'other').teacher_id}/points"
    assert clerk.post(there, point=world.point_codes[1], valid_from=today).status_code == 404
    assert clerk.post(f"{there}/{world.point_codes[0]}/end").status_code == 404
