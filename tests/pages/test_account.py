"""Staff sign in and out; the session is a row; nobody learns more from a refusal than that it is one."""

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet import create_app
from branchnet.access.commands import end_sessions
from branchnet.access.sessions import STAFF_COOKIE, actor
from branchnet.config import Settings
from branchnet.extensions import db, transaction
from branchnet.models import Person, SignIn
from branchnet.web import LANGUAGE_COOKIE
from tests.support.pages import form_with, send, words
from tests.support.world import World, build_world


def _signed_in(client: FlaskClient, login: str, password: str) -> str:
    """Sign in; return the secret of the session's cookie."""
    answer = send(client, "/sign-in", "login", login=login, password=password)
    assert answer.status_code == 303
    cookie = client.get_cookie(STAFF_COOKIE)
    assert cookie is not None
    return cookie.value


def _who(app: Flask, secret: str) -> str | None:
    with app.test_request_context(headers={"Cookie": f"{STAFF_COOKIE}={secret}"}):
        found = actor()
        return found.name if found else None


def test_the_right_password_begins_a_session(app: Flask, client: FlaskClient, world: World) -> None:
    answer = send(client, "/sign-in", "login", login=f" {world.clerk_login.upper()} ", password=world.password)
    assert answer.headers["Location"] == "/"
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(STAFF_COOKIE)]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=1209600" in cookie
    secret = client.get_cookie(STAFF_COOKIE)
    assert secret is not None
    assert _who(app, secret.value) == "林管理员"
    with app.app_context():
        assert secret.value not in db.session.scalars(select(SignIn.secret_hash)).all()


@pytest.mark.parametrize("login", ["shiyan-clerk", "nobody-at-all"])
def test_wrong_and_unknown_are_told_alike(client: FlaskClient, world: World, login: str) -> None:
    answer = send(client, "/sign-in", "login", login=login, password="not-the-password")
    assert answer.status_code == 422
    assert "用户名或密码不对。" in answer.text
    assert f'value="{login}"' in answer.text
    assert "not-the-password" not in answer.text
    assert client.get_cookie(STAFF_COOKIE) is None


def test_what_is_left_out_is_told_beside_its_field(client: FlaskClient, world: World) -> None:
    answer = send(client, "/sign-in", "login", login=world.clerk_login, password="")
    assert answer.status_code == 422
    assert 'id="f-password-error"' in answer.text
    assert 'id="f-login-error"' not in answer.text


def test_who_has_left_signs_in_no_more(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        person = session.scalars(select(Person).where(Person.id == world.act.person_id)).one()
        person.left_on = world.begun_on
    assert send(client, "/sign-in", "login", login=world.clerk_login, password=world.password).status_code == 422


def test_signing_out_ends_the_row_and_not_only_the_cookie(app: Flask, client: FlaskClient, world: World) -> None:
    token = form_with(client.get("/sign-in"), "login")["csrf_token"]
    copied = _signed_in(client, world.clerk_login, world.password)
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert answer.headers["Location"] == "/sign-in"
    assert client.get_cookie(STAFF_COOKIE) is None
    assert _who(app, copied) is None


def test_signing_in_again_ends_the_session_before(app: Flask, client: FlaskClient, world: World) -> None:
    typed = {**form_with(client.get("/sign-in"), "login"), "login": world.clerk_login, "password": world.password}
    first = _signed_in(client, world.clerk_login, world.password)
    assert client.post("/sign-in", data=typed).status_code == 303
    assert _who(app, first) is None


def test_an_administrator_ends_all_sessions_of_a_person(app: Flask, client: FlaskClient, world: World) -> None:
    secret = _signed_in(client, world.clerk_login, world.password)
    with app.app_context(), transaction():
        assert end_sessions(world.act, world.act.person_id or 0) == 1
    assert _who(app, secret) is None


def test_a_form_from_elsewhere_is_refused(client: FlaskClient, world: World) -> None:
    answer = client.post("/sign-in", data={"login": world.clerk_login, "password": world.password})
    assert answer.status_code == 400
    assert client.get_cookie(STAFF_COOKIE) is None


def test_the_eleventh_try_in_a_minute_has_to_wait(database_url: str) -> None:
    app = create_app(Settings(env="development", database_url=database_url))
    world, client = build_world(app), app.test_client()
    typed = {**form_with(client.get("/sign-in"), "login"), "login": world.clerk_login, "password": "guess"}
    assert [client.post("/sign-in", data=typed).status_code for _try in range(11)] == [422] * 10 + [429]
    right = client.post("/sign-in", data={**typed, "password": world.password})
    assert right.status_code == 429
    assert "短时间内试得太多了。" in words(right)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_in_production_the_cookie_needs_https(database_url: str) -> None:
    keys = {"secret_key": "a" * 40, "link_key": "b" * 40}
    app = create_app(Settings(env="production", database_url=database_url, **keys))
    world, client = build_world(app), app.test_client()
    page = client.get("/sign-in", base_url="https://localhost")
    typed = {**form_with(page, "login"), "login": world.clerk_login, "password": world.password}
    headers = {"Referer": "https://localhost/sign-in"}
    answer = client.post("/sign-in", data=typed, base_url="https://localhost", headers=headers)
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(STAFF_COOKIE)]
    assert "Secure" in cookie
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("asked", "onwards"),
    [
        ("/batches?state=draft", "/batches?state=draft"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
    ],
)
def test_after_signing_in_one_is_where_one_wanted_to_be(
    client: FlaskClient, world: World, asked: str, onwards: str
) -> None:
    page = client.get("/sign-in", query_string={"next": asked})
    typed = {**form_with(page, "login"), "login": world.clerk_login, "password": world.password}
    assert client.post("/sign-in", data={"next": asked, **typed}).headers["Location"] == onwards


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client: FlaskClient, world: World) -> None:
    assert client.get("/").headers["Location"] == "/sign-in"
    token = form_with(client.get("/sign-in"), "login")["csrf_token"]
    assert client.post("/sign-out", data={"csrf_token": token}).headers["Location"] == "/sign-in?next=/"


@pytest.mark.parametrize(
    ("role", "endpoint"), [("clerk", "staff.today"), ("manager", "manager.overview_page"), ("admin", "admin.people")]
)
def test_everybody_begins_where_their_work_is(
    app: Flask, client: FlaskClient, world: World, role: str, endpoint: str
) -> None:
    _signed_in(client, getattr(world, f"{role}_login"), world.password)
    with app.test_request_context():
        assert client.get("/").headers["Location"] == url_for(endpoint)


def test_the_language_is_kept_on_the_device(client: FlaskClient, world: World) -> None:
    answer = client.get("/language/en?next=/sign-in")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    kept = client.get_cookie(LANGUAGE_COOKIE)
    assert kept is not None
    assert kept.value == "en"
    assert '<html lang="en">' in client.get("/sign-in").text
    assert client.get("/language/en?next=//elsewhere.example").headers["Location"] == "/"
    assert client.get("/language/fr").status_code == 404
