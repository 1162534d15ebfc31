"""The administrator's people: who may open the page, who is entered, whose sessions end."""

import pytest
from flask import Flask

from branchnet.access.commands import check_password
from tests.pages.desk import Desk, clerk_of, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NEW = {"display_name": "许老师", "login": "Xu", "password": "long-enough", "roles": ["clerk", "manager"]}


@pytest.fixture
def admin(app: Flask, world: World) -> Desk:
    """The administrator of `world`, at the desk."""
    return sit_down(app, world.admin_login, world.password)


def test_only_an_administrator_opens_it(clerk: Desk, manager: Desk, admin: Desk) -> None:
    assert clerk.get("/admin/people").status_code == 403
    assert manager.get("/admin/people").status_code == 403
    said = admin.text("/admin/people")
    assert "林管理员 shiyan-clerk 外借人员" in said
    assert "送书放多久 30 天" in said


def test_a_colleague_is_entered_and_can_sign_in(app: Flask, admin: Desk) -> None:
    assert admin.post("/admin/people", **NEW).status_code == 303
    said = admin.text("/admin/people")
    assert "许老师 可以用 Xu 登录了" in said
    assert "许老师 xu 外借人员，馆长 — 还没登录过 0" in said
    with app.app_context():
        assert check_password("xu", "long-enough") is not None


def test_pressed_twice_a_colleague_is_entered_once(admin: Desk) -> None:
    answers = [admin.post("/admin/people", op_id="pressed-twice", **NEW) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert admin.text("/admin/people").count("许老师 xu") == 1


def test_what_is_wrong_stands_beside_its_field_and_no_password_comes_back(admin: Desk) -> None:
    answer = admin.post("/admin/people", **{**NEW, "display_name": "", "password": "short", "roles": ["owner"]})
    assert answer.status_code == 422
    for name in ("display_name", "password", "roles"):
        assert f'id="f-{name}-error"' in answer.text
    assert 'value="Xu"' in answer.text
    assert "short" not in words(answer)
    assert 'value="short"' not in answer.text


def test_a_login_is_one_over_all_networks(app: Flask, world: World, admin: Desk) -> None:
    other = build_world(app, "bieguan")
    answer = admin.post("/admin/people", **{**NEW, "login": other.clerk_login})
    assert answer.status_code == 409
    assert f"用户名 {other.clerk_login} 已经有人用了" in words(answer)
    assert "许老师 x" not in words(answer)


def test_ended_sessions_open_nothing(app: Flask, world: World, admin: Desk, clerk: Desk) -> None:
    assert clerk.get("/work/").status_code == 200
    answer = admin.post(f"/admin/people/{world.act.person_id}/end-sessions")
    assert answer.status_code == 303
    assert "已让 1 处登录退出" in admin.text("/admin/people")
    assert clerk.get("/work/").status_code in (302, 303)


def test_foreign_people_are_nobodys_business(app: Flask, admin: Desk) -> None:
    other = build_world(app, "bieguan")
    foreign = clerk_of(app, other)
    assert other.clerk_login not in admin.text("/admin/people")
    assert admin.post(f"/admin/people/{other.act.person_id}/end-sessions").status_code == 404
    assert foreign.get("/work/").status_code == 200


def test_more_people_cost_no_more_questions(admin: Desk, query_counter: QueryCounter) -> None:
    def asked() -> int:
        query_counter.reset()
        admin.text("/admin/people")
        return query_counter.count

    admin.text("/admin/people")
    before = asked()
    for number in range(3):
        assert admin.post("/admin/people", **{**NEW, "login": f"xu-{number}"}).status_code == 303
    admin.text("/admin/people")
    assert asked() == before
