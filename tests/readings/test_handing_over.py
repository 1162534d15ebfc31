"""A teacher proposes a successor; staff accept, and the old link ends; or decline. No name stays behind."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from branchnet.access.acts import Act
from branchnet.access.commands import add_person, answers_for, make_link
from branchnet.access.queries import live_token, one_teacher
from branchnet.access.sessions import points_of
from branchnet.access.succession import commands, queries
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import AnswersFor, OperationConflict, Person, Succession
from tests.pages.desk import clerk_of, words
from tests.support.pages import form_with, send
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


@pytest.fixture
def teacher(world: World) -> Act:
    return Act(world.network_id, world.teacher_id)


def test_one_teacher_four_teaching_points_a_teacher_leaves(app: Flask, world: World) -> None:
    """One link for all of their points; handed over, all of them are the colleague's, and the old link ends."""
    phone, clerk = app.test_client(), clerk_of(app, world)
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
    phone.get(f"/t/{world.token}")
    listed = phone.get("/my")
    assert all(f"/my/{code}" in listed.text for code in world.point_codes)
    assert "/my-handover" in listed.text
    assert send(phone, "/my-handover", "name", name="<i>王老师</i>", phone="0759-1234567").status_code == 303
    assert "等馆里办" in phone.get("/my-handover").text
    assert send(phone, "/my-handover", "name", name="王老师", phone="0759-1234567").status_code == 303

    assert "陈老师 王老师" in clerk.text("/work/teachers")
    page = clerk.text(f"/work/teachers/{world.teacher_id}")
    assert "陈老师要把名下的服务点都交给王老师。 电话 0759-1234567。" in page.replace("。电话", "。 电话")
    done = clerk.post(f"/work/teachers/{world.teacher_id}/succession", op_id="pressed-over", accepted="1")
    again = clerk.post(f"/work/teachers/{world.teacher_id}/succession", op_id="pressed-over", accepted="1")
    assert done.location == again.location
    assert "交接好了" in clerk.text(done.location)

    with app.app_context():
        row = db.session.scalars(select(Succession)).one()
        assert (row.successor_name, row.successor_phone, row.accepted) == (None, None, True)
        assert row.successor_id is not None
        fresh = live_token(world.network_id, row.successor_id)
        found = one_teacher(world.network_id, row.successor_id, world.act.today())
        assert (found.name, found.phone) == ("王老师", "0759-1234567")
        assert sorted(found.point_ids) == sorted(world.point_ids)
        assert points_of(world.network_id, world.teacher_id) == []
        assert db.session.get_one(Person, world.teacher_id).left_on == world.act.today()
    old = phone.get(f"/my/{world.point_codes[0]}")
    assert old.status_code == 404
    assert "谢谢您" in old.text
    assert app.test_client().get(f"/t/{world.token}").status_code == 404
    colleague = app.test_client()
    assert colleague.get(f"/t/{fresh}").status_code == 303
    assert all(f"/my/{code}" in colleague.get("/my").text for code in world.point_codes)


def test_declined_the_teacher_sees_it(app: Flask, world: World) -> None:
    phone, clerk = app.test_client(), clerk_of(app, world)
    phone.get(f"/t/{world.token}")
    assert 'id="f-name-error"' in send(phone, "/my-handover", "name", name=" ").text
    send(phone, "/my-handover", "name", name="王老师")
    assert clerk.post(f"/work/teachers/{world.teacher_id}/succession", accepted="0").status_code == 303
    assert "馆里没有同意" in phone.get("/my-handover").text
    late = clerk.post(f"/work/teachers/{world.teacher_id}/succession", accepted="1")
    assert "已经定了" in clerk.text(late.location)
    assert phone.get(f"/my/{world.point_codes[0]}").status_code == 200


def test_taken_back_it_is_no_refusal(app: Flask, world: World) -> None:
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    send(phone, "/my-handover", "name", name="王老师")
    withdraw = form_with(phone.get("/my-handover"), "op_id")
    assert phone.post("/my-handover/withdraw", data=withdraw).status_code == 303
    page = phone.get("/my-handover").text
    assert "等馆里办" not in page
    assert "馆里没有同意" not in page
    assert phone.post("/my-handover/withdraw", data={**withdraw, "op_id": "pressed-again"}).status_code == 303


def test_the_same_form_with_another_name_is_told_and_keeps_no_name(app: Flask, world: World) -> None:
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    form = form_with(phone.get("/my-handover"), "name")
    assert phone.post("/my-handover", data={**form, "name": "王老师"}).status_code == 303
    other = phone.post("/my-handover", data={**form, "name": "李老师"})
    assert other.status_code == 409
    assert "前后不一样" in words(other)
    with app.app_context():
        assert "李" not in str(db.session.scalars(select(OperationConflict.body)).one())


def test_the_colleague_may_be_somebody_who_is_known(app: Flask, world: World, teacher: Act) -> None:
    """Offered by the same name, taken only where staff say so; their own link stays, and one point is listed once."""
    with app.app_context(), transaction():
        known = add_person(world.act, "<b>王老师</b>", "0759-7654321")
        own = make_link(world.act, known)
        answers_for(world.act, known, world.point_ids[1], world.begun_on)
        answers_for(world.act, known, world.point_ids[0], world.act.today() + timedelta(days=9))
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
        add_person(world.act, "安老师")
        commands.propose_successor(teacher, "<b>王老师</b>")
    clerk, colleague = clerk_of(app, world), app.test_client()
    assert colleague.get(f"/t/{own}").status_code == 303
    page = clerk.get(f"/work/teachers/{world.teacher_id}").text
    options = re.findall(r'<option value="(\d*)"[^>]*>([^<]*)</option>', page)
    assert options[0][0] == ""
    assert options[1] == (str(known), "登记过的：&lt;b&gt;王老师&lt;/b&gt; · 雷州分馆 · 0759-7654321")
    assert "安老师" in [words for _id, words in options]
    assert str(world.teacher_id) not in dict(options)
    # Who signs in at the library is nobody's successor by a slip.
    assert "林管理员" not in [words for _id, words in options]
    assert "<b>" not in page

    done = clerk.post(f"/work/teachers/{world.teacher_id}/succession", accepted="1", successor=str(known))
    assert done.location.endswith(f"/work/teachers/{known}")
    assert "打开过的手机照旧能用" in clerk.text(done.location)
    assert colleague.get("/my").text.count("/report/") == len(world.point_codes)
    with app.app_context():
        found = one_teacher(world.network_id, known, world.act.today())
        assert sorted(found.point_ids) == sorted(world.point_ids)
        later = one_teacher(world.network_id, known, world.act.today() + timedelta(days=20))
        assert sorted(later.point_ids) == sorted(world.point_ids)
        assert live_token(world.network_id, known) == own
        assert live_token(world.network_id, world.teacher_id) is None
        assert db.session.scalars(select(Succession.successor_id)).one() == known


def test_handed_over_and_back_and_over_again_on_one_day(app: Flask, world: World, teacher: Act) -> None:
    """Who has left comes back with a new link; each time the points are with one of the two."""
    with app.app_context():
        with transaction():
            commands.propose_successor(teacher, "王老师")
        with transaction():
            other = commands.accept(world.act, world.teacher_id)
        for giver, taker in ((other, world.teacher_id), (world.teacher_id, other)):
            with transaction():
                commands.propose_successor(Act(world.network_id, giver), "又是")
            with transaction():
                assert commands.accept(world.act, giver, taker) == taker
            assert points_of(world.network_id, taker) == [world.point_ids[0]]
            assert points_of(world.network_id, giver) == []
            assert live_token(world.network_id, taker) is not None
            assert live_token(world.network_id, giver) is None
            left = select(Person.id, Person.left_on).where(Person.id.in_((giver, taker)))
            assert dict(db.session.execute(left).all()) == {giver: world.act.today(), taker: None}
    assert app.test_client().get(f"/t/{world.token}").status_code == 404


def test_what_ends_and_what_begins_later_are_joined(app: Flask, world: World, teacher: Act) -> None:
    with app.app_context():
        today = world.act.today()
        with transaction():
            known = add_person(world.act, "王老师")
            answers_for(world.act, known, world.point_ids[0], today + timedelta(days=5))
            answers_for(world.act, known, world.point_ids[0], today + timedelta(days=50))
            db.session.execute(
                update(AnswersFor)
                .where(AnswersFor.person_id == known, AnswersFor.valid_from == today + timedelta(days=5))
                .values(ended_on=today + timedelta(days=10))
            )
            commands.propose_successor(teacher, "王老师")
        with transaction():
            commands.accept(world.act, world.teacher_id, known)
        for days in (0, 7, 30, 60):
            assert one_teacher(world.network_id, known, today + timedelta(days=days)).point_ids == (world.point_ids[0],)


def test_who_cannot_take_over(app: Flask, world: World, teacher: Act) -> None:
    other = build_world(app, "other")
    with app.app_context():
        with transaction():
            commands.propose_successor(teacher, "王老师")
        for nobody in (other.teacher_id, world.teacher_id, 10**6):
            with pytest.raises(NotFound), transaction():
                commands.accept(world.act, world.teacher_id, nobody)
        assert points_of(world.network_id, world.teacher_id) == [world.point_ids[0]]


def test_what_is_still_to_come_goes_along_and_staff_stay(app: Flask, world: World, teacher: Act) -> None:
    with app.app_context():
        soon = world.act.today() + timedelta(days=30)
        staff = Act(world.network_id, world.act.person_id)
        with transaction():
            answers_for(world.act, world.act.person_id or 0, world.point_ids[1], soon)
            commands.propose_successor(staff, "王老师")
        with transaction():
            successor = commands.accept(world.act, world.act.person_id or 0)
        rows = db.session.execute(
            select(AnswersFor.person_id, AnswersFor.valid_from, AnswersFor.ended_on)
            .where(AnswersFor.point_id == world.point_ids[1])
            .order_by(AnswersFor.id)
        ).all()
        assert [tuple(row) for row in rows] == [(world.act.person_id, soon, soon), (successor, soon, None)]
        assert db.session.get_one(Person, world.act.person_id).left_on is None


def test_what_cannot_be_handed_over(app: Flask, world: World, teacher: Act) -> None:
    other = build_world(app, "other")
    with app.app_context():
        with pytest.raises(Conflict, match="nothing_to_hand_over"), transaction():
            commands.propose_successor(world.act, "王老师")
        with pytest.raises(Conflict, match="succession_decided"), transaction():
            commands.decline(world.act, world.teacher_id)
        with transaction():
            commands.propose_successor(teacher, "王老师")
        with pytest.raises(NotFound), transaction():
            commands.accept(other.act, world.teacher_id)
        assert list(queries.undecided(world.network_id)) == [world.teacher_id]
        assert queries.undecided(other.network_id) == {}
