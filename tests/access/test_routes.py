"""Every route has its guard, and no role and no network gets further than its guard lets it."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from branchnet.access.guards import GUARD
from branchnet.access.rules import POLICY, may
from branchnet.access.sessions import DEVICE_COOKIE
from branchnet.batches.papers import word
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.extensions import db, transaction
from branchnet.models.people import ROLES
from branchnet.sheets import MIMETYPE
from tests.support.world import World, build_world

PUBLIC = frozenset(
    {
        "account.home",
        "account.sign_in",
        "account.begin",
        "account.language",
        "public.coverage",
        "status.live",
        "status.ready",
        "status.gallery",
        "teacher.open_link",
        "teacher.open_with_pin",
        "teacher.lost_link",
        "teacher.ask_for_link",
        "teacher.link_asked",
        "teacher.worker",
    }
)
"""What anybody may ask for, written down a second time: a new public route is a decision."""
UNGUARDED = frozenset({"static", "bootstrap.static", "api-docs.openapi_json"})


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route and its guard."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in UNGUARDED:
            view = app.view_functions[rule.endpoint]
            yield rule, getattr(view, GUARD, getattr(getattr(view, "__wrapped__", None), GUARD, "none"))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_route_has_a_guard(app: Flask) -> None:
    guards = {rule.endpoint: guard for rule, guard in rules(app)}
    assert {endpoint for endpoint, guard in guards.items() if guard == "public"} == PUBLIC
    known = {"public", "teacher", "phone", *POLICY}
    assert {endpoint: guard for endpoint, guard in guards.items() if guard not in known} == {}


def address(app: Flask, rule: Rule, world: World) -> str:
    """A route's address with the things of one network in it."""
    values = {
        "code": world.point_codes[0],
        "number": "26-001",
        "month": "2026-01",
        "receipt": "260101-0001",
        "person_id": world.teacher_id,
        "token": "not-a-token",
        "line_id": 1,
        "lot_id": world.counted_lot_id,
        "list_id": 1,
        "agreement_id": 1,
        "found_id": 1,
        "case_id": 1,
        "repair_id": 1,
        "entry_id": 1,
        "verb": "accept",
        "what": "visits",
        "slug": world.slug,
        "statement_id": 1,
    }
    if ".stocktake_" in rule.endpoint or rule.endpoint.endswith(".stocktake"):
        values["number"] = f"PD{world.begun_on:%y}-001"
    given = {name: values.get(name, 1) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **given)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_route_with_every_role(app: Flask) -> None:
    world = build_world(app)
    app.config["WTF_CSRF_ENABLED"] = False
    people = {role: signed_in(app, world, role) for role in ROLES}
    nobody = app.test_client()
    for rule, guard in rules(app):
        if guard == "public" or rule.endpoint == "account.sign_out":
            continue
        path = address(app, rule, world)
        method = "POST" if "POST" in (rule.methods or ()) and "GET" not in (rule.methods or ()) else "GET"
        assert nobody.open(path, method=method).status_code in (303, 302, 401, 404), path
        for role, client in people.items():
            status = client.open(path, method=method).status_code
            if guard in ("teacher", "phone"):
                assert status == 404, (role, path, status)
            elif may({role}, guard):
                assert status not in (401, 403, 500), (role, path, status)
            else:
                assert status == 403, (role, path, status)


def signed_in(app: Flask, world: World, role: str) -> FlaskClient:
    client = app.test_client()
    login = {"clerk": world.clerk_login, "manager": world.manager_login, "admin": world.admin_login}[role]
    assert client.post("/sign-in", data={"login": login, "password": world.password}).status_code == 303
    return client


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_page_shows_another_networks_rows(app: Flask) -> None:
    """A stranger of each role asks for every address of a network: nothing of it is in any answer."""
    world, stranger = build_world(app, "ours"), build_world(app, "theirs")
    rename_points(app, world)
    with app.app_context(), transaction():
        stocktaking.begin(world.act, world.place_ids[0], "scan", world.begun_on)
    app.config["WTF_CSRF_ENABLED"] = False
    for role in ROLES:
        client = signed_in(app, stranger, role)
        for rule, guard in rules(app):
            if guard in ("public", "teacher") or "GET" not in (rule.methods or ()):
                continue
            path = address(app, rule, world)
            answers = [client.get(path), client.get(path, query_string={"network": world.slug})]
            for answer in answers:
                assert "只属于我们" not in told(answer), (role, path)
                assert answer.status_code != 500, (role, path)


def told(answer: TestResponse) -> str:
    """What an answer says, in a workbook and in a Word file too."""
    if answer.mimetype == word.MIMETYPE:
        return ZipFile(BytesIO(answer.data)).read("word/document.xml").decode()
    if answer.mimetype == "image/png":
        # Drawn from the rows of the page beside it, and no text to be read.
        return ""
    if answer.mimetype != MIMETYPE:
        return answer.get_data(as_text=True)
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def rename_points(app: Flask, world: World) -> None:
    """Names and a code that nobody else has, so that they can be looked for."""
    from branchnet.points.life.commands import rename  # noqa: PLC0415

    with app.app_context():
        with transaction():
            for number, point_id in enumerate(world.point_ids):
                rename(world.act, point_id, f"只属于我们{number}", world.act.today())
        db.session.remove()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_teacher_sees_their_own_points_only(app: Flask) -> None:
    world = build_world(app)
    client = app.test_client()
    client.get(f"/t/{world.token}")
    assert client.get_cookie(DEVICE_COOKIE) is not None
    assert client.get(f"/my/{world.point_codes[0]}").status_code == 200
    assert client.get(f"/my/{world.point_codes[1]}").status_code == 404
    for path in ("/work/", "/admin/people", "/manage/map"):
        assert client.get(path).status_code in (302, 303)
