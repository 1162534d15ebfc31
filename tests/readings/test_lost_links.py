"""A phone that has lost its link asks for it: a code to read out, matched by staff, granting nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.access.requests import commands, queries
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import Device, LinkRequest
from tests.pages.desk import clerk_of
from tests.support.limits import limited
from tests.support.pages import form_with, words
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


def asked(page: FlaskClient, address: str, **typed: str) -> str:
    """Fill in the form of a page that does not know the phone; returns the code's page."""
    answer = page.post("/my-link", data={**form_with(page.get(address), "said"), **typed})
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def test_wechat_lost_its_data(app: Flask, world: World) -> None:
    """The kept address says where the link is and asks for it; staff find the teacher by what they wrote."""
    phone, clerk = app.test_client(), clerk_of(app, world)
    opened = phone.get(f"/t/{world.token}")
    assert opened.location == f"/my?in={world.slug}"
    there = phone.get(opened.location).location
    assert there == f"/my/{world.point_codes[0]}?in={world.slug}"

    forgetful = app.test_client()
    page = forgetful.get(there)
    assert page.status_code == 404
    assert "链接在馆里发给您的微信消息里" in page.text
    assert f'<option value="{world.slug}" selected>' in page.text
    code_page = asked(forgetful, there, network=world.slug, said="长岭小学的图书角")
    code = code_page.partition("?")[0].rpartition("/")[2]
    assert len(code) == 4
    assert code in forgetful.get(code_page).text
    assert forgetful.get("/my").status_code == 404

    listed = clerk.text("/work/teachers")
    assert f"{code} 长岭小学的图书角" in listed
    assert "陈老师 · 长岭小学流动服务点" in listed
    with app.app_context():
        (request,) = queries.open_requests(world.network_id)
    teacher = f"/work/teachers/{world.teacher_id}?request={request.id}"
    assert f"代码 {code}" in clerk.text(teacher)
    answer = clerk.post(f"/work/teachers/requests/{request.id}", person_id=str(world.teacher_id))
    assert world.token in clerk.get(answer.location).text
    assert "长岭小学的图书角" not in clerk.text("/work/teachers")
    assert "馆里已经办了" in forgetful.get(code_page).text
    again = clerk.post(f"/work/teachers/requests/{request.id}", person_id=str(world.teacher_id))
    assert "已经有人办了" in clerk.text(again.location)


def test_a_request_grants_nothing_and_can_be_set_aside(app: Flask, world: World) -> None:
    phone, clerk = app.test_client(), clerk_of(app, world)
    asked(phone, "/my-link", network=world.slug, said="<b>不认得的学校</b>")
    assert "&lt;b&gt;不认得的学校" in clerk.get("/work/teachers").text
    with app.app_context():
        (request,) = queries.open_requests(world.network_id)
        assert db.session.scalars(select(Device)).all() == []
    assert clerk.post(f"/work/teachers/requests/{request.id}").status_code == 303
    with app.app_context():
        assert queries.open_requests(world.network_id) == []
        row = db.session.scalars(select(LinkRequest)).one()
        assert (row.person_id, row.handled_by) == (None, world.act.person_id)


def test_what_is_wrong_stands_beside_its_field(app: Flask, world: World) -> None:
    phone = app.test_client()
    form = form_with(phone.get("/my-link"), "said")
    for typed, wrong in (
        ({"said": ""}, "f-said-error"),
        ({"said": "长岭小学 13800138000"}, "f-said-error"),
        ({"said": "长岭小学", "network": "nowhere"}, "f-network-error"),
    ):
        answer = phone.post("/my-link", data={**form, "network": world.slug, **typed})
        assert answer.status_code == 422
        assert f'id="{wrong}"' in answer.text
    assert phone.get("/my-link/0000").location == "/my-link"


def test_sent_twice_it_is_one_request(app: Flask, world: World) -> None:
    phone = app.test_client()
    form = {**form_with(phone.get("/my-link"), "said"), "network": world.slug, "said": "长岭小学"}
    assert phone.post("/my-link", data=form).location == phone.post("/my-link", data=form).location
    with app.app_context():
        assert len(queries.open_requests(world.network_id)) == 1


def test_the_same_phone_asks_once_until_it_is_answered(app: Flask, world: World) -> None:
    """The page is closed, and asked for again: the same four digits, and one line at the desk, in the newer words."""
    phone, clerk = app.test_client(), clerk_of(app, world)
    first = asked(phone, "/my-link", network=world.slug, said="长岭小学")
    code = first.partition("?")[0].rpartition("/")[2]
    for address in ("/my-link", "/my"):
        assert f"报这四个数字：{code}" in words(phone.get(address))
    assert asked(phone, "/my-link", network=world.slug, said="长岭小学图书角") == first
    with app.app_context():
        assert [(one.code, one.said) for one in queries.open_requests(world.network_id)] == [(code, "长岭小学图书角")]
        (request,) = queries.open_requests(world.network_id)
    # Another phone, or one that says what it was never given, knows nothing of it.
    stranger = app.test_client()
    stranger.set_cookie("branchnet_asked", "[1, 1]")
    assert code not in words(stranger.get("/my-link"))
    assert asked(stranger, "/my-link", network=world.slug, said="长岭小学") != first
    clerk.post(f"/work/teachers/requests/{request.id}", person_id=str(world.teacher_id))
    assert "报这四个数字" not in words(phone.get("/my-link"))
    assert asked(phone, "/my-link", network=world.slug, said="长岭小学") != first


def test_it_can_be_asked_so_often_only(database_url: str) -> None:
    with limited(database_url) as phone:
        form = form_with(phone.get("/my-link"), "said")
        assert [phone.post("/my-link", data=form).status_code for _time in range(6)] == [422] * 5 + [429]


def test_codes_are_apart_while_they_are_open(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    act = Act(world.network_id)
    monkeypatch.setattr(commands.secrets, "choice", lambda free: free[0])
    with app.app_context():
        given = [
            perform(act, f"request-{number}", "ask", {}, lambda: {"code": commands.ask_for_link(act, "长岭小学").code})[
                "code"
            ]
            for number in range(3)
        ]
        assert given == ["0000", "0001", "0002"]
        first = queries.open_requests(world.network_id)[0]
        with transaction():
            commands.answer_request(world.act, first.id, world.teacher_id)
        with transaction():
            assert commands.ask_for_link(act, "雷州分馆").code == "0000"
        assert queries.request_waits(world.network_id, "0000")


def test_what_cannot_be_answered(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = build_world(app, "other")
    monkeypatch.setattr(commands, "OPEN_AT_MOST", 1)
    with app.app_context():
        with transaction():
            commands.ask_for_link(Act(world.network_id), "长岭小学")
        (request,) = queries.open_requests(world.network_id)
        with pytest.raises(NotFound), transaction():
            commands.answer_request(other.act, request.id, other.teacher_id)
        with pytest.raises(NotFound), transaction():
            commands.answer_request(world.act, request.id, other.teacher_id)
        with pytest.raises(Conflict, match="too_many_requests"), transaction():
            commands.ask_for_link(Act(world.network_id), "长岭小学")
        with pytest.raises(NotFound):
            queries.request_waits(world.network_id, "none")
